import { setTimeout as pause } from 'node:timers/promises';

/**
 * Replaces the schedule that calls a Lambda in AWS: once at the start, then `everyMs` after the last call ended, so that
 * calls never overlap. A call that fails is reported and does not end the schedule.
 */
export const startSchedule = async ({
  run,
  everyMs,
}: {
  readonly run: () => Promise<unknown>;
  readonly everyMs: number;
}): Promise<{ close(): Promise<void> }> => {
  const stopped = new AbortController();
  const loop = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await run().catch((error: unknown) => console.error('scheduled run failed:', error));
      await pause(everyMs, undefined, { signal: stopped.signal, ref: false }).catch(() => {});
    }
  };
  const running = loop();
  return {
    close: async () => {
      stopped.abort();
      await running;
    },
  };
};
