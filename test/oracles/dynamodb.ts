import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { DYNAMODB_UNDER_TEST } from '../support/test-tables.ts';
import { startCloud } from './deployment/cloud.ts';
import type { Oracle, Verdict } from './oracle.ts';
import { runProgram } from './tools/run-program.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Fewer would mean that not everything ran. */
const MIN_TESTS = 300;

const Report = z.object({
  numTotalTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

const failuresOf = ({ testResults }: z.infer<typeof Report>): readonly Verdict[] =>
  testResults.flatMap(({ name, status, message, assertionResults }) => {
    const where = [name.slice(ROOT.length)];
    const failed = assertionResults.filter((test) => test.status === 'failed');
    const ofFile = { rule: 'fails', place: where.join(), where, message };
    if (status === 'failed' && failed.length === 0) return [ofFile];
    return failed.map(({ fullName, failureMessages }) => ({
      ...ofFile,
      place: fullName,
      message: failureMessages.join(),
    }));
  });

/** The project's own tests of the functions, on a DynamoDB that was written by others. */
export const DYNAMODB: Oracle = {
  name: 'dynamodb',
  needs: ['python'],
  judge: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'verified-dynamodb-'));
    try {
      const cloud = await startCloud({ folder, enforcesIam: false });
      try {
        const report = join(folder, 'report.json');
        const what = ['--project', 'unit', 'test/lambdas', '--exclude', 'test/lambdas/core/**'];
        const args = ['vitest', 'run', ...what, '--reporter', 'json', '--outputFile', report];
        const { stderr } = await runProgram('npx', args, { cwd: ROOT, env: { [DYNAMODB_UNDER_TEST]: cloud.url } });
        const text = await readFile(report, 'utf8').catch(() => null);
        if (text === null) throw new Error(`vitest reported nothing: ${stderr.slice(-2000)}`);
        const read = Report.parse(JSON.parse(text));
        if (read.numTotalTests < MIN_TESTS) throw new Error(`only ${read.numTotalTests} tests ran`);
        return failuresOf(read);
      } finally {
        await cloud.close();
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
