import { judgeFindings } from '../lib/judge-findings.ts';
import { CFN_LINT } from './cfn-lint.ts';
import { CHECKOV } from './checkov.ts';
import { CHOICES } from './choices.ts';
import { CONTROL_TOWER } from './control-tower.ts';
import { DEPLOYMENT } from './deployment/deployment.ts';
import { DYNAMODB } from './dynamodb.ts';
import { ORACLE_NAMES, type Oracle, type OracleName, type Verdict } from './oracle.ts';
import { POLICIES } from './policies.ts';
import { missingTools } from './tools/missing-tools.ts';

/**
 * Asks foreign programs whether they agree with Verified: `npm run oracles`, or only some: `npm run oracles -- cfn-lint checkov`.
 * test/oracles/README.md says what each of them sees.
 */
const ORACLES: readonly Oracle[] = [CFN_LINT, CHECKOV, CONTROL_TOWER, POLICIES, DEPLOYMENT, DYNAMODB];

/** What one oracle may say. */
const acceptedFrom = (oracle: OracleName) =>
  CHOICES.flatMap((choice) => (choice.rules[oracle] ?? []).map((rule) => ({ rule, choice })));

/** True if it says nothing that was not decided. */
const agrees = (name: OracleName, verdicts: readonly Verdict[]): boolean => {
  const { unexplained, needless } = judgeFindings(
    verdicts,
    acceptedFrom(name),
    (verdict, { rule, choice }) => verdict.rule === rule && choice.place.test(verdict.place),
  );
  for (const { rule, place, where, message } of unexplained) {
    console.log(`  ✗ ${rule} ${place} (${where.join(', ')})\n      ${message}`);
  }
  for (const { rule, choice } of needless) console.log(`  ✗ choices.ts: ${rule} no longer objects to ${choice.place}`);
  return unexplained.length + needless.length === 0;
};

const count = { passed: 0, failed: 0, skipped: 0 };

const ask = async (oracle: Oracle): Promise<keyof typeof count> => {
  const missing = await missingTools(oracle.needs);
  if (missing.length > 0) {
    console.log(`- ${oracle.name}: skipped, this machine has no ${missing.join(' and no ')}`);
    return 'skipped';
  }
  console.log(`${oracle.name} …`);
  const startedAt = performance.now();
  const verdicts = await oracle.judge();
  const isGreen = agrees(oracle.name, verdicts);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const what = isGreen ? 'objections, each accepted for a reason in choices.ts' : 'objections';
  console.log(`${isGreen ? '✓' : '✗'} ${oracle.name}: ${verdicts.length} ${what} (${seconds} s)`);
  return isGreen ? 'passed' : 'failed';
};

// As vitest.config.ts: no warning about the Node versions of later SDK releases.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
// So that its folders go too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !ORACLE_NAMES.includes(name as OracleName));
if (unknown.length > 0) {
  console.error(`There is no oracle ${unknown.join(', ')}; there are ${ORACLE_NAMES.join(', ')}.`);
  process.exit(1);
}
for (const oracle of ORACLES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const outcome = await ask(oracle).catch((error: unknown) => {
    console.log(`✗ ${oracle.name}: ${error instanceof Error ? error.message : error}`);
    return 'failed' as const;
  });
  count[outcome] += 1;
}
console.log(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed === 0 ? 0 : 1;
