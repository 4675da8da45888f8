import { type ChildProcess, fork } from 'node:child_process';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { type RunningPart, StartError } from '../aws-wire/listen.ts';

export interface DynamoDbOptions {
  /** 0 for any free port. */
  readonly port: number;
  readonly folder: string;
}

const SUPERVISOR = fileURLToPath(new URL('./supervisor.mjs', import.meta.url));
const START_TRIES = 100;
const START_PAUSE_MS = 50;

const findBinary = (): string => {
  const require = createRequire(import.meta.url);
  try {
    return join(dirname(require.resolve(`@dynoxide/${process.platform}-${process.arch}/package.json`)), 'dynoxide');
  } catch (cause) {
    throw new StartError(
      `There is no built-in database for ${process.platform}-${process.arch}: start AWS's DynamoDB Local and set AWS_ENDPOINT_URL_DYNAMODB to its address.`,
      { cause },
    );
  }
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** One platform a folder: a lock file with the process id; a stale one of a killed process is taken over. */
const lockFolder = async (folder: string): Promise<() => Promise<void>> => {
  const path = join(folder, 'in-use.pid');
  const holder = Number(await readFile(path, 'utf8').catch(() => '0'));
  if (holder > 0 && holder !== process.pid && isRunning(holder)) {
    throw new StartError(`The data folder is in use by process ${holder}: stop that one first.`);
  }
  const file = await open(path, 'w', 0o600);
  await file.writeFile(String(process.pid));
  await file.close();
  return () => rm(path, { force: true });
};

const untilAnswering = async (url: string, failure: () => string | null): Promise<void> => {
  const client = new DynamoDBClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  try {
    for (let tries = 0; tries < START_TRIES; tries += 1) {
      const failed = failure();
      if (failed !== null)
        throw new StartError(`The local database did not start: ${failed.trim().split('\n').at(-1)}`);
      const isUp = await client.send(new ListTablesCommand({ Limit: 1 })).then(
        () => true,
        () => false,
      );
      if (isUp) return;
      await pause(START_PAUSE_MS);
    }
  } finally {
    client.destroy();
  }
  throw new StartError('The local database did not answer within five seconds.');
};

const checkDatabaseFile = async (path: string): Promise<void> => {
  const head = await readFile(path).then(
    (bytes) => bytes.subarray(0, 16).toString('latin1'),
    () => '',
  );
  if (head !== '' && head !== 'SQLite format 3\u0000') {
    throw new StartError('The database file in the data folder is damaged; "npm start -- --reset" begins anew.');
  }
};

const stop = (supervisor: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (supervisor.exitCode !== null || !supervisor.connected) return resolve();
    supervisor.once('exit', () => resolve());
    supervisor.disconnect();
  });

/**
 * DynamoDB on this machine: dynoxide, with its data in one SQLite file, as a child that never outlives this process.
 * @throws StartError in one sentence: no binary for the platform, folder in use or damaged, no answer
 */
export const startDynamoDb = async ({ port, folder }: DynamoDbOptions): Promise<RunningPart> => {
  const binary = findBinary();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(folder);
  const path = join(folder, 'dynamodb.sqlite');
  await checkDatabaseFile(path);
  const chosen = port === 0 ? await freePort() : port;
  const args = ['serve', '--host', '127.0.0.1', '--port', String(chosen), '--db-path', path];
  const supervisor = fork(SUPERVISOR, [binary, ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  let failed: string | null = null;
  supervisor.on('message', (message: { failed?: string }) => {
    failed = message.failed ?? null;
  });
  const url = `http://127.0.0.1:${chosen}`;
  try {
    await untilAnswering(url, () => failed);
  } catch (error) {
    await stop(supervisor);
    await unlock();
    throw error;
  }
  return {
    url,
    close: async () => {
      await stop(supervisor);
      await unlock();
    },
  };
};
