import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePortsFrom } from '../../support/free-ports.ts';
import { temporaryFolder } from '../../support/local-aws.ts';
import { findProcesses, untilFound } from '../../support/processes.ts';
import { runProduct } from '../../support/product.ts';

let folder: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterAll(() => remove());

const database = async () => (await findProcesses(folder)).find(({ command }) => command[0]?.endsWith('dynoxide'));

const START_MS = 180_000;

test(
  'a killed database is restarted, and one that keeps ending stops everything, with one sentence and exit code 1',
  async () => {
    const port = await freePortsFrom(5);
    const product = runProduct({ VERIFIED_DATA: folder, VERIFIED_PORT: String(port), NODE_NO_WARNINGS: '1' });
    try {
      await product.until('Ready in');
      const answers = async () => (await fetch(`http://127.0.0.1:${port + 1}/api/session`)).status;
      let last = 0;
      for (let kill = 0; kill < 4; kill += 1) {
        const next = await untilFound(async () => {
          const found = await database();
          return found !== undefined && found.pid !== last && found;
        });
        last = next.pid;
        process.kill(next.pid, 'SIGKILL');
      }
      await product.until('ends again and again');
      expect(await product.ended).toBe(1);
      const lines = product.said().split('\n');
      expect(lines.filter((line) => line.includes('is started again'))).toHaveLength(3);
      expect(lines.filter((line) => line.includes('ends again and again'))).toHaveLength(1);
      expect(await findProcesses(folder)).toEqual([]);
      await expect(answers()).rejects.toThrow();
    } finally {
      product.process.kill('SIGKILL');
    }
  },
  START_MS,
);
