import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { type RunningPart, StartError } from '../aws-wire/listen.ts';
import { EndedAtStart, type TroubleListener } from '../aws-wire/restart-budget.ts';
import { startDatabaseProcess } from './database-process.ts';
import { keepRunning } from './keep-running.ts';
import { startStrictFront } from './strict-front.ts';

export interface DynamoDbOptions extends TroubleListener {
  /** 0 for any free port. */
  readonly port: number;
  /** Chooses one, for 0. */
  readonly freePort?: () => Promise<number>;
  readonly folder: string;
}

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

const anyFreePort = (): Promise<number> =>
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

/** One platform per folder: a lock file holds the process id; a stale one of a killed process is taken over. */
const lockFolder = async (folder: string): Promise<() => Promise<void>> => {
  const path = join(folder, 'in-use.pid');
  const holder = Number(await readFile(path, 'utf8').catch(() => '0'));
  if (holder > 0 && holder !== process.pid && isRunning(holder)) {
    throw new StartError(`The data folder is in use by process ${holder}: stop it first.`);
  }
  const file = await open(path, 'w', 0o600);
  await file.writeFile(String(process.pid));
  await file.close();
  return () => rm(path, { force: true });
};

const checkDatabaseFile = async (path: string): Promise<void> => {
  const head = await readFile(path).then(
    (bytes) => bytes.subarray(0, 16).toString('latin1'),
    () => '',
  );
  if (head !== '' && head !== 'SQLite format 3\u0000') {
    throw new StartError(
      'The database file in the data folder is damaged; "npm start -- --reset" starts from scratch.',
    );
  }
};

const MAX_PORTS = 5;
const isPortTaken = (error: unknown): boolean => error instanceof EndedAtStart && error.how.includes('already in use');

/** Starts at a free port, and at another one where somebody else took it between the choice and the start. */
const startAtFreePort = async <Database>(
  choose: () => Promise<number>,
  start: (url: string, port: number) => Promise<Database>,
) => {
  for (let ports = 1; ; ports += 1) {
    const port = await choose();
    const url = `http://127.0.0.1:${port}`;
    try {
      return { url, database: await start(url, port) };
    } catch (error) {
      if (ports === MAX_PORTS || !isPortTaken(error)) throw error;
    }
  }
};

/**
 * DynamoDB on this machine: dynoxide, with its data in one SQLite file, as a child that never outlives this process and is restarted
 * at the same address when it ends by itself; behind a server that is as strict as DynamoDB where dynoxide is not.
 * @throws StartError in one sentence: port taken, no binary for the platform, folder in use or damaged, no answer
 */
export const startDynamoDb = async ({
  port,
  folder,
  freePort: choose = anyFreePort,
  ...listener
}: DynamoDbOptions): Promise<RunningPart> => {
  const binary = findBinary();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(folder);
  const path = join(folder, 'dynamodb.sqlite');
  try {
    await checkDatabaseFile(path);
    const { url, database } = await startAtFreePort(choose, (url, chosen) =>
      keepRunning(
        () =>
          startDatabaseProcess(url, binary, [
            'serve',
            ...['--host', '127.0.0.1', '--port', String(chosen)],
            ...['--db-path', path],
          ]),
        listener,
      ),
    );
    const front = await startStrictFront(url, port).catch(async (error: unknown) => {
      await database.close();
      throw error;
    });
    return {
      url: front.url,
      close: async () => {
        await front.close();
        await database.close();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
};
