import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { expect, test } from 'vitest';
import { PROBLEM_CODES } from '../../contract/api/problems.ts';
import type { Watched } from '../../lib/alarm-rule.ts';
import { alarmRules } from '../../lib/alarms.ts';
import { frontDoorAlarmRules } from '../../lib/front-door-alarms.ts';
import { readSettings } from '../../lib/settings.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const RUNBOOK = readFileSync(`${ROOT}docs/runbook.md`, 'utf8');

/** Text below each second-level heading, by anchor. */
const SECTIONS = new Map(
  RUNBOOK.split(/^## /m)
    .slice(1)
    .map((section) => {
      const title = section.slice(0, section.indexOf('\n'));
      return [
        title
          .toLowerCase()
          .replaceAll(/[^\w\s-]/g, '')
          .trim()
          .replaceAll(/\s+/g, '-'),
        section,
      ] as const;
    }),
);
const metric = () => new Metric({ namespace: 'AWS/Lambda', metricName: 'Any' });
const lambda = { metricErrors: metric, metricThrottles: metric, metricInvocations: metric };
const watched = {
  settings: readSettings(() => undefined),
  functions: new Map(['session', 'housekeeping'].map((name) => [name, { lambda }])),
  apiId: 'api',
} as unknown as Watched;
/** Headings that alarms link to. */
const LINKED = [...new Set([...alarmRules(watched), ...frontDoorAlarmRules('id')].map(({ runbook }) => runbook))];

/** Commands of a text, as they would be pasted. */
const commandsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands = '']) => commands);
/** Queries for CloudWatch Logs Insights. */
const questionsOf = (text: string): readonly string[] =>
  commandsOf(text).flatMap((commands) =>
    [...commands.matchAll(/^ask '([^']*)'$/gm)].map(([, question = '']) => question),
  );

const sources = readdirSync(`${ROOT}lambdas`, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(`${ROOT}lambdas/${path}`, 'utf8'));
const logged = sources.flatMap((source) => [...source.matchAll(/\blog\(\s*(?:'([a-z-]+)'|\w+), \{([^}]*)\}/g)]);
/** Values of `message`. */
const CODES = new Set<string>([...logged.flatMap(([, code]) => code ?? []), ...PROBLEM_CODES]);
/** The other members that the functions write; Powertools writes `service`, and API Gateway's access log has its own. */
const accessLog = readFileSync(`${ROOT}lib/constructs/access-log.ts`, 'utf8').matchAll(/^ {2}(\w+): '\$context/gm);
const FIELDS = new Set([
  ...logged.flatMap(([, , members = '']) => [...members.matchAll(/(\w+)(?=\s*[:,}]|\s*$)/g)].map(([name]) => name)),
  ...[...accessLog].map(([, name = '']) => name),
  'message',
  'service',
]);

test.each(LINKED)(
  'an alarm links to “%s”, which says what it means, what to check, what to do, and what follows',
  (anchor) => {
    const section = SECTIONS.get(anchor) ?? '';
    const parts = ['**For users:**', '**Check**', '**Fix:**', '**If that does not help:**'].map((part) =>
      section.indexOf(part),
    );
    expect(
      parts.every((at) => at > 0),
      `${anchor}: ${parts}`,
    ).toBe(true);
    expect(parts).toEqual([...parts].sort((a, b) => a - b));
    const [, check = 0, fix = 0, escalate = 0] = parts;
    expect(commandsOf(section.slice(check, fix)), anchor).toHaveLength(1);
    expect(section.slice(fix, escalate)).toMatch(/^1\. .{10,}/m);
    expect(section.slice(escalate).length).toBeGreaterThan(40);
  },
);

test('commands of the runbook are valid: a shell parses them, and each names a service of the AWS command line', () => {
  const commands = commandsOf(RUNBOOK);
  expect(commands.length).toBeGreaterThan(LINKED.length);
  const { status, stderr } = spawnSync('bash', ['-n'], {
    input: commands.join('\n'),
    encoding: 'utf8',
    // A shell warns about a missing locale.
    env: { ...process.env, LC_ALL: 'C' },
  });
  expect([status, stderr]).toEqual([0, '']);
  const services = new Set(
    commands.flatMap((text) => [...text.matchAll(/\baws ([a-z0-9-]+) ([a-z-]+)/g)].map(([, s]) => s)),
  );
  expect([...services].sort()).toEqual([
    'backup',
    'cloudformation',
    'cloudwatch',
    'lambda',
    'logs',
    'scheduler',
    'service-quotas',
    'sesv2',
  ]);
});

test('log queries use codes and members that log lines have', () => {
  const questions = questionsOf(RUNBOOK);
  expect(questions.length).toBeGreaterThan(15);
  expect(CODES.size).toBeGreaterThan(30);
  for (const question of questions) {
    const plain = question.replaceAll(/"[^"]*"|\/[^/]*\//g, ' ');
    const words = [...plain.matchAll(/@?\b[a-zA-Z]\w*\b/g)].map(([word]) => word);
    const own = words.filter(
      (word) =>
        !/^(@?(timestamp|message|log)|fields|filter|stats|sort|limit|count|avg|max|bin|by|in|and|or|like|desc|asc|\d?[hm]|table)$/.test(
          word,
        ),
    );
    expect(
      own.filter((word) => !FIELDS.has(word)),
      question,
    ).toEqual([]);
    const codes = [...question.matchAll(/message (?:= |in \[)((?:"[a-z-]+"(?:, )?)+)/g)].flatMap(
      ([, list = '']) => list.match(/[a-z-]+/g) ?? [],
    );
    expect(
      codes.filter((code) => !CODES.has(code)),
      question,
    ).toEqual([]);
  }
});
