import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { StartError } from '../aws-wire/listen.ts';
import { describeEnd, EndedAtStart } from '../aws-wire/restart-budget.ts';

/** A database that answers. */
export interface DatabaseProcess {
  /** How it ended: its last output, or a signal. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** What the supervisor reports over IPC. */
interface SupervisorMessage {
  readonly pid?: number;
  readonly ended?: string;
}

const SUPERVISOR = fileURLToPath(new URL('./supervisor.mjs', import.meta.url));
const START_TRIES = 100;
const START_PAUSE_MS = 50;

/** Ends the process that an ended supervisor left behind. */
const killOrphan = (pid: number | undefined): void => {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended, as it should have.
  }
};

const superviseDatabase = (binary: string, args: readonly string[]) => {
  const supervisor = fork(SUPERVISOR, [binary, ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  let last: SupervisorMessage = {};
  supervisor.on('message', (message: SupervisorMessage) => {
    last = { ...last, ...message };
  });
  const ended = once(supervisor, 'exit').then(([code, signal]) => {
    // It reported nothing: it was killed itself, and its child is still running.
    if (last.ended === undefined) killOrphan(last.pid);
    return last.ended ?? describeEnd(code, signal);
  });
  const stop = async (): Promise<void> => {
    if (supervisor.connected) supervisor.disconnect();
    await ended;
  };
  return { ended, stop };
};

const isAnswering = async (client: DynamoDBClient): Promise<boolean> => {
  try {
    await client.send(new ListTablesCommand({ Limit: 1 }));
    return true;
  } catch {
    return false;
  }
};

const untilAnswering = async (url: string, ended: Promise<string>): Promise<void> => {
  const client = new DynamoDBClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  const failed = ended.then((how) => {
    throw new EndedAtStart(`The local database did not start: ${how}`, how);
  });
  failed.catch(() => {});
  try {
    for (let tries = 0; tries < START_TRIES; tries += 1) {
      if (await Promise.race([isAnswering(client), failed])) return;
      await Promise.race([pause(START_PAUSE_MS), failed]);
    }
  } finally {
    client.destroy();
  }
  throw new StartError('The local database did not answer within five seconds.');
};

/**
 * Starts the database as a child that never outlives this process, and waits until it answers.
 * @param url where it will answer
 * @throws StartError in one sentence: it ended, or does not answer
 */
export const startDatabaseProcess = async (
  url: string,
  binary: string,
  args: readonly string[],
): Promise<DatabaseProcess> => {
  const database = superviseDatabase(binary, args);
  try {
    await untilAnswering(url, database.ended);
    return database;
  } catch (error) {
    await database.stop();
    throw error;
  }
};
