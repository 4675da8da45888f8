import { describeFailedStart, RestartBudget, type TroubleListener } from '../aws-wire/restart-budget.ts';
import type { DatabaseProcess } from './database-process.ts';

/** Restarts allowed within a minute. */
const MAX_RESTARTS = 3;
const WITHIN_MS = 60_000;

const toTerminal = (line: string): void => console.error(`  ${line}`);

/**
 * Restarts a database whenever it ends by itself: what was written is in its file. One that keeps ending is abandoned.
 * @throws what the first start throws
 */
export const keepRunning = async (
  start: () => Promise<DatabaseProcess>,
  { onTrouble = toTerminal, onBroken = toTerminal }: TroubleListener,
  budget = new RestartBudget(MAX_RESTARTS, WITHIN_MS),
): Promise<{ close(): Promise<void> }> => {
  let running: DatabaseProcess | null = await start();
  let isClosing = false;
  const startAgain = async (ended: string): Promise<void> => {
    running = null;
    for (let how = ended; !isClosing; ) {
      if (!budget.take())
        return onBroken(`The local database ends again and again (${how}): nothing works without it.`);
      onTrouble(`The local database ended (${how}) and is started again; what was written is kept.`);
      try {
        running = await start();
        // Nobody else would: whoever closed it found nothing to stop.
        if (isClosing) await running.stop();
        return;
      } catch (error) {
        how = describeFailedStart(error);
      }
    }
  };
  const watch = async (): Promise<void> => {
    while (running !== null) {
      const how = await running.ended;
      if (isClosing) return;
      await startAgain(how);
    }
  };
  const watching = watch();
  return {
    close: async () => {
      isClosing = true;
      await running?.stop();
      await watching;
    },
  };
};
