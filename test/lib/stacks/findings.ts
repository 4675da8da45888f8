import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks } from 'cdk-nag';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { CHOICES } from '../../oracles/choices.ts';
import { ACCEPTED_FINDINGS } from '../accepted-findings.ts';
import { type Finding, judgeFindings } from '../judge-findings.ts';
import { of } from './made-stages.ts';

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

describe('cdk-nag', () => {
  let findings: readonly (Finding & { readonly pack: string })[];
  beforeAll(async () => {
    const { app } = of('prod');
    const packs = [new AwsSolutionsChecks(app), new NIST80053R5Checks(app), new HIPAASecurityChecks(app)];
    Validations.of(app).addPlugins(...packs);
    vi.spyOn(console, 'error').mockReturnValue();
    expect(() => app.synth({ force: true })).toThrow(/Validation failed|validation-report/);
    const report = Report.parse(JSON.parse(await readFile(join(app.outdir, 'validation-report.json'), 'utf8')));
    findings = report.pluginReports.flatMap(({ pluginName, violations }) =>
      violations.flatMap(({ ruleName, violatingConstructs }) =>
        violatingConstructs.map(({ constructPath }) => ({
          pack: pluginName,
          rule: ruleName,
          // Without the construct and its stack.
          place: constructPath.split('/').slice(2).join('/'),
        })),
      ),
    );
  });

  test('finds only what is accepted with a reason, and every acceptance is needed', () => {
    const those = findings.filter(({ pack }) => pack === 'AwsSolutions');
    expect(those.length).toBeGreaterThan(10);
    const judged = judgeFindings(
      those,
      ACCEPTED_FINDINGS,
      (finding, { rule, place }) => finding.rule.startsWith(rule) && place.test(finding.place),
    );
    expect(judged).toEqual({ unexplained: [], needless: [] });
  });

  test('its packs for NIST 800-53 and HIPAA contradict only what was chosen with a reason', () => {
    // The packs give the same rules names of their own: `NIST.800.53.R5-LambdaDLQ`, `HIPAA.Security-LambdaDLQ`.
    const those = findings
      .filter(({ pack }) => pack !== 'AwsSolutions')
      .map((finding) => ({ ...finding, rule: finding.rule.replace(/^[\w.]+-/, '') }));
    expect(new Set(those.map(({ pack }) => pack)).size).toBe(2);
    const judged = judgeFindings(
      those,
      CHOICES.flatMap(({ rules, place }) => (rules.compliance ?? []).map((rule) => ({ rule, place }))),
      (finding, { rule, place }) => finding.rule === rule && place.test(finding.place),
    );
    expect(judged).toEqual({ unexplained: [], needless: [] });
  });
});
