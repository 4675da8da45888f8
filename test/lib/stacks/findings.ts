import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { ACCEPTED_FINDINGS } from '../accepted-findings.ts';
import { of } from './made-stages.ts';

test('cdk-nag finds only what is accepted with a reason, and every acceptance is needed', async () => {
  const { app } = of('prod');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  vi.spyOn(console, 'error').mockReturnValue();
  expect(() => app.synth({ force: true })).toThrow(/Validation failed|validation-report/);
  const Report = z.object({
    pluginReports: z.array(
      z.object({
        pluginName: z.string(),
        violations: z.array(
          z.object({ ruleName: z.string(), violatingConstructs: z.array(z.object({ constructPath: z.string() })) }),
        ),
      }),
    ),
  });
  const report = Report.parse(JSON.parse(await readFile(join(app.outdir, 'validation-report.json'), 'utf8')));
  const findings = report.pluginReports
    .filter(({ pluginName }) => pluginName === 'AwsSolutions')
    .flatMap(({ violations }) =>
      violations.flatMap(({ ruleName, violatingConstructs }) =>
        violatingConstructs.map(({ constructPath }) => ({
          rule: ruleName,
          // Without the construct and its stack.
          place: constructPath.split('/').slice(2).join('/'),
        })),
      ),
    );
  const isCovered = (finding: (typeof findings)[number], { rule, place }: (typeof ACCEPTED_FINDINGS)[number]) =>
    finding.rule.startsWith(rule) && place.test(finding.place);
  expect(findings.length).toBeGreaterThan(10);
  expect(findings.filter((finding) => !ACCEPTED_FINDINGS.some((accepted) => isCovered(finding, accepted)))).toEqual([]);
  expect(ACCEPTED_FINDINGS.filter((accepted) => !findings.some((finding) => isCovered(finding, accepted)))).toEqual([]);
});
