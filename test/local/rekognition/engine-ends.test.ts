import { afterEach, expect, test } from 'vitest';
import { RestartBudget } from '../../../local/aws-wire/restart-budget.ts';
import { EnginePool } from '../../../local/rekognition/engine/engine-pool.ts';
import { portrait } from '../../support/face-photos.ts';
import { findProcesses, untilFound } from '../../support/processes.ts';

/** Engines that this process started. */
const engines = async () => (await findProcesses('engine/worker.mjs')).filter(({ parent }) => parent === process.pid);

let pool: EnginePool | undefined;
afterEach(async () => {
  await pool?.close();
  expect(await engines()).toEqual([]);
});

const startPool = async (restarts: number) => {
  const [trouble, broken]: [string[], string[]] = [[], []];
  const started = await EnginePool.start({
    ...{ processes: 1, maxImages: 4, maxVideos: 1 },
    restarts: new RestartBudget(restarts, 60_000),
    onTrouble: (line) => void trouble.push(line),
    onBroken: (sentence) => void broken.push(sentence),
  });
  pool = started;
  return { pool: started, trouble, broken };
};

const killEngine = async (): Promise<number> => {
  const [engine] = await engines();
  process.kill(engine?.pid ?? 0, 'SIGKILL');
  return engine?.pid ?? 0;
};

test('a face engine that ends while it waits is replaced, one line reports it, and faces are found as before', async () => {
  const { pool: engine, trouble, broken } = await startPool(1);
  const killed = await killEngine();
  await untilFound(async () => (await engines()).find(({ pid }) => pid !== killed));
  expect(await engine.analyseImage(await portrait('A'), false)).toHaveLength(1);
  expect(trouble).toEqual([
    'A process of the face engine ended (signal SIGKILL), without a job; another one takes its place.',
  ]);
  expect(broken).toEqual([]);
});

test('one that ends during a job fails only that job, and does not count as one that ends by itself', async () => {
  const { pool: engine, trouble, broken } = await startPool(0);
  const photo = await portrait('A');
  const [first, second] = [engine.analyseImage(photo, true), engine.analyseImage(photo, false)];
  await killEngine();
  await expect(first).rejects.toMatchObject({ code: 'InternalServerError' });
  expect(await second).toHaveLength(1);
  expect(trouble.join()).toContain('at work on one image, which fails');
  expect(broken).toEqual([]);
});

test('one that keeps ending is abandoned with one sentence, and nobody waits for an answer that never comes', async () => {
  const { pool: engine, broken } = await startPool(0);
  await killEngine();
  await untilFound(async () => broken.length > 0);
  expect(broken).toEqual(['The face engine ends again and again (signal SIGKILL): no face can be checked without it.']);
  await expect(engine.analyseImage(await portrait('A'), false)).rejects.toMatchObject({ code: 'InternalServerError' });
});
