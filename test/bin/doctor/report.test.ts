import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { CHECKS } from '../../../bin/doctor/checks/all-checks.ts';
import type { Finding } from '../../../bin/doctor/checks/check.ts';
import type { Edge, SentHeaders } from '../../../bin/doctor/edge-facts.ts';
import type { Deployed, DeployedStack, Facts, Reading } from '../../../bin/doctor/facts.ts';
import { exitCodeOf, jsonReport, textReport } from '../../../bin/doctor/report.ts';

const UNREAD = { isRead: false, isGone: false, reason: 'Nobody asked.' } as const;
const is = <Fact>(value: Fact): Reading<Fact> => ({ isRead: true, value });
const NAMES = [
  ...['caller', 'stacks', 'deployed', 'rekognition', 'quotas', 'concurrency', 'edge', 'certificate', 'tables', 'keys'],
  ...['buckets', 'mail', 'pool', 'alarms', 'subscriptions', 'drained', 'retentions', 'today'],
];
/** What the check says of these facts alone. */
const judged = (name: string, facts: Partial<Facts>): Finding => {
  const all = { ...Object.fromEntries(NAMES.map((each) => [each, UNREAD])), ...facts } as unknown as Facts;
  const check = CHECKS.find((each) => each.name === name);
  if (check === undefined) throw new Error(`there is no check ${name}`);
  return check.judge(all);
};
const stackOf = (part: string, more: Partial<DeployedStack> = {}): DeployedStack => ({
  part,
  name: `verified-prod-${part}`,
  region: 'eu-west-1',
  status: 'UPDATE_COMPLETE',
  isProtected: false,
  outputs: {},
  resources: [],
  ...more,
});
const PARTS = ['data', 'web', 'service', 'operations'];
const deployed = (region: string, stacks: readonly DeployedStack[] = []): Reading<Deployed> => is({ region, stacks });

test('docs/doctor.md lists the checks', async () => {
  const text = await readFile(new URL('../../../docs/doctor.md', import.meta.url), 'utf8');
  const section = text.slice(text.indexOf('## What it checks'), text.indexOf('## In a pipeline'));
  const rows = [...section.matchAll(/^\| `([a-z-]+)` \| (.+) \|$/gm)].map(([, name, what]) => ({ name, what }));
  expect(rows).toEqual(CHECKS.map(({ name, what }) => ({ name, what })));
});

const FINDINGS: readonly Finding[] = [
  { name: 'credentials', what: 'Credentials that AWS accepts', state: 'ok', value: 'role A', why: null, fix: null },
  { name: 'distribution', what: 'It is deployed', state: 'note', value: 'InProgress', why: 'On its way.', fix: null },
  { name: 'stacks', what: 'All exist', state: 'fault', value: 'missing: web', why: 'No service.', fix: 'Deploy.' },
  { name: 'domain', what: 'It has a name', state: 'unknown', value: 'not read', why: 'No answer.', fix: null },
  { name: 'web-acl', what: 'It is in front', state: 'unknown', value: 'not read', why: 'No answer.', fix: null },
];

test('the report for people', () => {
  expect(textReport({ stage: 'prod', region: 'eu-west-1' }, FINDINGS)).toBe(`Stage prod in eu-west-1

✓ credentials  Credentials that AWS accepts: role A
· distribution  It is deployed: InProgress
    why  On its way.
✗ stacks  All exist: missing: web
    why  No service.
    fix  Deploy.
? not read: domain, web-acl
    why  No answer.

5 checks: 2 well, 1 wrong, 2 not read`);
});

test('the report for programs', () => {
  expect(JSON.parse(jsonReport({ stage: 'prod', region: 'eu-west-1' }, FINDINGS))).toEqual({
    stage: 'prod',
    region: 'eu-west-1',
    exitCode: 1,
    findings: FINDINGS,
  });
});

test.each([
  [['ok', 'note'], 0],
  [['ok', 'unknown'], 2],
  [['unknown', 'fault'], 1],
  [[], 0],
] as const)('%j ends with exit code %d', (states, code) => {
  const [first] = FINDINGS;
  if (first === undefined) throw new Error('no finding');
  expect(exitCodeOf(states.map((state) => ({ ...first, state })))).toBe(code);
});

test.each(CHECKS.map(({ name }) => name))('%s without its facts is unknown, and says why', (name) => {
  expect(judged(name, {})).toMatchObject({ state: 'unknown', why: 'Nobody asked.' });
});

describe('stacks', () => {
  const broken = (status: string) =>
    judged('stacks', {
      stacks: deployed(
        'eu-west-1',
        PARTS.map((part) => stackOf(part, part === 'data' ? { status } : {})),
      ),
    });

  test.each([
    [
      'REVIEW_IN_PROGRESS',
      'update-termination-protection --no-enable-termination-protection --stack-name verified-prod-data',
    ],
    ['ROLLBACK_COMPLETE', 'describe-stack-events --stack-name verified-prod-data'],
    ['UPDATE_ROLLBACK_FAILED', 'describe-stack-events'],
    ['UPDATE_IN_PROGRESS', 'Wait until the deployment has ended'],
  ])('%s: what to do', (status, fix) => {
    expect(broken(status)).toMatchObject({ state: 'fault', fix: expect.stringContaining(fix) });
  });

  test.each(PARTS)('a stage without %s', (part) => {
    const rest = PARTS.filter((each) => each !== part).map((each) => stackOf(each));
    const finding = judged('stacks', { stacks: deployed('eu-west-1', rest) });
    expect(finding).toMatchObject({ state: 'fault', value: `missing: ${part}` });
  });
});

test('a stage with an issuer of its own, and without a sender, has neither pool nor mail to look at', () => {
  const facts = { pool: is(null), mail: is(null), deployed: deployed('eu-west-1') };
  for (const name of ['login-pages', 'operators', 'operator-mfa', 'sign-up', 'mail-sender', 'mail-sandbox']) {
    expect(judged(name, facts), name).toMatchObject({ state: 'ok' });
  }
});

test('alarms that nobody was ever to receive are a note, not a fault', () => {
  const facts = { subscriptions: is({ confirmed: 0, pending: 0 }), deployed: deployed('eu-west-1') };
  expect(judged('alarm-recipients', facts)).toMatchObject({ state: 'note', value: 'nobody' });
});

const EDGE: Edge = {
  domainName: 'd1.cloudfront.net',
  status: 'Deployed',
  isEnabled: true,
  aliases: [],
  certificateArn: null,
  minimumProtocol: 'TLSv1',
  priceClass: 'PriceClass_100',
  hasWebAcl: false,
  behaviors: [],
  errorSeconds: {},
};

test.each([
  ['PriceClass_100', 'eu-west-1', 'ok'],
  ['PriceClass_100', 'us-east-2', 'ok'],
  ['PriceClass_100', 'ap-northeast-1', 'fault'],
  ['PriceClass_200', 'ap-northeast-1', 'ok'],
  ['PriceClass_200', 'ap-southeast-2', 'fault'],
  ['PriceClass_All', 'sa-east-1', 'ok'],
] as const)('price class %s in %s: %s', (priceClass, region, state) => {
  expect(judged('price-class', { edge: is({ ...EDGE, priceClass }), deployed: deployed(region) })).toMatchObject({
    state,
  });
});

test("a stage without a host of its own uses CloudFront's name and certificate", () => {
  const web = stackOf('web', { outputs: { Origin: 'https://d1.cloudfront.net' } });
  expect(judged('domain', { edge: is(EDGE), deployed: deployed('eu-west-1', [web]) })).toMatchObject({ state: 'ok' });
});

const SENT: SentHeaders = {
  contentSecurityPolicy: true,
  contentTypeOptions: true,
  frameOptions: true,
  referrerPolicy: true,
  strictTransportSecurity: 31_536_000,
};

test.each([
  ['all', {}, 'ok'],
  ['no Content-Security-Policy', { contentSecurityPolicy: false }, 'fault'],
  ['no X-Content-Type-Options', { contentTypeOptions: false }, 'fault'],
  ['no X-Frame-Options', { frameOptions: false }, 'fault'],
  ['no Referrer-Policy', { referrerPolicy: false }, 'fault'],
  ['no Strict-Transport-Security', { strictTransportSecurity: null }, 'fault'],
  ['Strict-Transport-Security for less than a year', { strictTransportSecurity: 31_535_999 }, 'fault'],
] as const)('security headers, %s', (_which, changed, state) => {
  const behavior = { pattern: '*', viewerProtocol: 'redirect-to-https', cacheSeconds: [0, 0, 0] };
  const behaviors = [{ ...behavior, headers: { ...SENT, ...changed } }];
  expect(judged('response-headers', { edge: is({ ...EDGE, behaviors }) })).toMatchObject({ state });
});

test.each([
  ['2026-11-27', 'ok'],
  // Shortly after midnight.
  ['2026-11-26', 'ok'],
  ['2026-11-25', 'fault'],
] as const)('on 28 November, jobs that are done through %s: %s', (through, state) => {
  const drained = is({ people: '2026-11-27', events: through });
  expect(judged('due-jobs', { drained, today: is('2026-11-28') })).toMatchObject({ state });
});
