import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { regionalClients } from '../../../bin/doctor/clients.ts';
import { ACTIONS, policyDocument } from '../../../bin/doctor/policy.ts';
import { allowing } from '../../../local/aws-wire/iam/policy.ts';
import { listen } from '../../../local/aws-wire/listen.ts';
import type { Model } from '../../../local/control-plane/model.ts';
import { MODEL_SECRET } from '../../../local/control-plane/resolve-template.ts';
import { clockEnvironment } from '../../clock/clock-environment.ts';
import {
  ACCOUNT,
  bad,
  healthy,
  look,
  OPERATOR,
  REGION,
  startWorld,
  synthesized,
  WHOLE,
  type World,
} from './doctor-world.ts';

/** Another stage, without reservations and web ACL, whose alarms go to a topic of its team; whom it names must not be seen. */
const OTHER = {
  stage: 'dev',
  region: REGION,
  account: ACCOUNT,
  domainName: WHOLE.domainName,
  certificateArn: WHOLE.certificateArn,
  alarmEmail: 'oncall.person@example.com',
  noticeSender: 'sender.person@example.com',
};
const ALARM_TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:on-call`;
const ARGS = ['--stage', 'dev', '--region', REGION];
const [SETTINGS, ROWS, DECRYPT] = policyDocument({ stage: 'prod', region: REGION }).Statement;
/** The actions of a principal that has the printed policy and nothing else; local tables are not encrypted. */
const GRANTED = [...(SETTINGS?.Action ?? []), ...(ROWS?.Action ?? [])];

let world: World;
let model: Model;
beforeAll(async () => {
  model = healthy(await synthesized(OTHER, { alarmTopic: ALARM_TOPIC }));
  world = await startWorld(model);
});
afterAll(() => world.close());
beforeEach(() => {
  for (const [name, value] of Object.entries(world.environment)) vi.stubEnv(name, value);
});

/** From now on the caller is a role whose session is named after a person, as with IAM Identity Center. */
const actAs = (roleActions: readonly string[], expiresAtMs = 4e12): void => {
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/Doctor`;
  world.credentials.access.putRole({ arn: roleArn, policies: [allowing(...roleActions)], trust: [] });
  const issued = world.credentials.issue({ roleArn, name: 'caller.person@example.com', expiresAtMs });
  vi.stubEnv('AWS_ACCESS_KEY_ID', issued.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', issued.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', issued.sessionToken);
};

describe('T71 the printed policy is all that the doctor needs, and allows no change', () => {
  test('with it alone, everything is read', async () => {
    actAs(GRANTED);
    world.calls.length = 0;
    const run = await look([...ARGS, '--json']);
    expect([bad(run), run.exitCode]).toEqual([[], 0]);
    // STS asks for no permission, and the pool is a server of its own.
    const elsewhere = (action: string): boolean => /^(sts|cognito-idp):/.test(action);
    expect([...new Set(world.calls)].sort()).toEqual(GRANTED.filter((action) => !elsewhere(action)).sort());
  });

  test.each(GRANTED.filter((action) => !action.startsWith('sts:')))('without %s a line says so', async (action) => {
    actAs(GRANTED.filter((each) => each !== action));
    const run = await look([...ARGS, '--json']);
    expect(run.exitCode).toBe(2);
    const unread = run.findings.filter(({ state }) => state !== 'ok' && state !== 'note');
    expect(unread.length).toBeGreaterThan(0);
    for (const { state, why } of unread) {
      expect(state).toBe('unknown');
      expect(why).toContain(`may not call ${action}`);
    }
  });

  test('it lists the calls of the code, and no others; all of them describe, get or list', async () => {
    const folder = fileURLToPath(new URL('../../../bin/doctor/', import.meta.url));
    const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts'));
    const sources = await Promise.all(files.map((file) => readFile(`${folder}${file}`, 'utf8')));
    const sent = sources.flatMap((text) => [...text.matchAll(/\bnew (\w+Command)\(/g)].map(([, name = '']) => name));
    expect([...new Set(sent)].sort()).toEqual(Object.keys(ACTIONS).sort());
    // Nothing sends commands by another way: the one call from elsewhere reads the rows in which housekeeping notes how far it came.
    const others = sources.flatMap(
      (text) => text.match(/paginate\w+|waitUntil\w+|from '[^']*\/adapters\/[^']*'/g) ?? [],
    );
    expect([...new Set(others)]).toEqual([
      "from '../../lambdas/adapters/dynamodb/jobs/drained-days.ts'",
      "from '../../../lambdas/adapters/dynamodb/jobs/drained-days.ts'",
    ]);
    expect(GRANTED.filter((action) => !/^[\w-]+:(Describe|Get|List|Head)\w+$/.test(action))).toEqual([]);
  });

  test('it opens no face and no row but those in which housekeeping notes how far it came', () => {
    const { Statement } = policyDocument({ stage: 'prod', region: REGION });
    expect(Statement).toHaveLength(3);
    expect(SETTINGS?.Effect).toBe('Allow');
    expect(
      SETTINGS?.Action.filter((action) =>
        /Object|FaceLiveness|GetItem|Secret|Parameter|FunctionConfiguration|GetFunction$/.test(action),
      ),
    ).toEqual([]);
    expect(ROWS).toMatchObject({
      Effect: 'Allow',
      Action: ['dynamodb:GetItem'],
      Resource: 'arn:aws:dynamodb:eu-west-1:*:table/verified-prod-data-TablesDueWorkTable*',
    });
    expect(ROWS?.Condition).toEqual({
      'ForAllValues:StringEquals': {
        'dynamodb:LeadingKeys': ['cursor', 'event#cursor', 'delivery#cursor', 'session#cursor', 'start#cursor'],
      },
    });
    expect(DECRYPT).toMatchObject({
      Effect: 'Allow',
      Action: ['kms:Decrypt'],
      Resource: 'arn:aws:kms:eu-west-1:*:key/*',
    });
    expect(DECRYPT?.Condition).toEqual({
      StringEquals: { 'kms:ViaService': 'dynamodb.eu-west-1.amazonaws.com' },
      StringLike: { 'kms:EncryptionContext:aws:dynamodb:tableName': 'verified-prod-data-TablesDueWorkTable*' },
    });
  });
});

test('alarms that go to a topic of the team need no operations stack; who receives them is not known', async () => {
  const { findings } = await look([...ARGS, '--json']);
  expect(findings.find(({ name }) => name === 'stacks')).toMatchObject({
    state: 'ok',
    value: 'data, web, service, global',
  });
  expect(findings.find(({ name }) => name === 'alarm-recipients')).toMatchObject({
    state: 'note',
    value: 'a topic of your own',
  });
});

describe('what cannot be read is said, with exit code 2', () => {
  test.each([
    ['ACM', ['certificate']],
    ['CLOUDFORMATION', ['stacks', 'tables-recovery', 'due-jobs']],
    [
      'CLOUDFRONT',
      ['distribution', 'calls-uncached', 'errors-uncached', 'response-headers', 'domain', 'price-class', 'web-acl'],
    ],
    ['CLOUDWATCH', ['alarms-wired', 'alarms-quiet']],
    ['CLOUDWATCH_LOGS', ['log-retention']],
    ['COGNITO_IDENTITY_PROVIDER', ['login-pages', 'operators', 'operator-mfa', 'sign-up']],
    ['DYNAMODB', ['tables-recovery', 'tables-expiry', 'tables-protection', 'tables-encryption', 'due-jobs']],
    ['KMS', ['tables-encryption', 'keys-usable', 'key-rotation', 'faces-encryption']],
    ['LAMBDA', ['unreserved-concurrency', 'reserved-concurrency']],
    ['REKOGNITION', ['rekognition']],
    ['S3', ['buckets-private', 'faces-encryption', 'faces-removal']],
    ['SERVICE_QUOTAS', ['liveness-quota']],
    ['SESV2', ['mail-sender', 'mail-sandbox']],
    ['SNS', ['alarm-recipients']],
    ['STS', ['credentials']],
  ])('%s does not answer', async (service, lines) => {
    vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, 'http://127.0.0.1:9');
    const run = await look([...ARGS, '--json']);
    expect(run.exitCode).toBe(2);
    const unread = run.findings.filter(({ state }) => state === 'unknown');
    expect(unread.map(({ name }) => name)).toEqual(expect.arrayContaining(lines));
    expect(unread.filter(({ why }) => !/^Nothing answers for [a-z0-9-]+ \(/.test(why ?? ''))).toEqual([]);
    expect(run.findings.filter(({ state }) => state === 'fault')).toEqual([]);
  });

  test('a service accepts the call and never answers', async () => {
    const silent = await listen(
      createServer(() => {}),
      0,
      'a service that never answers',
    );
    try {
      vi.stubEnv('AWS_ENDPOINT_URL_SESV2', silent.url);
      const [patient, impatient] = [regionalClients(), regionalClients(40)];
      const run = await look([...ARGS, '--json'], (region) => ({ ...patient(region), ses: impatient(region).ses }));
      const unread = run.findings.filter(({ state }) => state === 'unknown');
      expect([run.exitCode, unread.map(({ name }) => name)]).toEqual([2, ['mail-sender', 'mail-sandbox']]);
      expect(unread[0]?.why).toMatch(/^Nothing answers for eu-west-1 \(/);
    } finally {
      await silent.close();
    }
  });

  test('credentials that have ended', async () => {
    actAs(GRANTED, 1);
    const run = await look([...ARGS, '--json']);
    expect([run.exitCode, new Set(run.findings.map(({ state }) => state))]).toEqual([2, new Set(['unknown'])]);
    expect(run.findings[0]?.why).toMatch(/does not accept these credentials \(ExpiredToken/);
  });
});

test('a stage that is not there is one red line; the others say why they are empty', async () => {
  // Not a part of it: the stacks of another stage whose name begins alike.
  const run = await look(['--stage', 'de', '--region', REGION, '--json']);
  expect(run.exitCode).toBe(1);
  expect(run.findings.filter(({ state }) => state === 'fault').map(({ name }) => name)).toEqual(['stacks']);
  expect(run.findings.find(({ name }) => name === 'tables-recovery')?.why).toBe(
    'There is no stack of stage de in eu-west-1.',
  );
});

test.each([
  ['verified-dev-global-eu-west-1', 'one of its own for what CloudFront keeps elsewhere', ['fault stacks']],
  ['verified-dev-firewall', 'the firewall of the first release', ['fault stacks']],
  ['verified-dev-global-us-west-2', 'that of the same stage in another region', []],
  ['verified-dev-data', 'the same stage, deployed there', []],
  ['verified-dev-b-data', 'another stage', []],
])('%s in us-east-1 is %s', async (name, _what, red) => {
  const broken = { name, region: 'us-east-1', status: 'UPDATE_ROLLBACK_COMPLETE', isProtected: true, outputs: {} };
  model.stacks.push({ ...broken, template: { Resources: {} }, resources: [] });
  try {
    expect(bad(await look([...ARGS, '--json']))).toEqual(red);
  } finally {
    model.stacks.pop();
  }
});

describe('T71 T72 no output holds a secret or the name of a person', () => {
  const HIDDEN = [MODEL_SECRET, OPERATOR, 'oncall.person', 'sender.person', 'caller.person'];
  const texts = async (): Promise<string> => {
    const runs = [await look(ARGS), await look([...ARGS, '--json'])];
    return runs.map(({ out, problem }) => out + problem).join('\n');
  };

  test('of a healthy stage', async () => {
    actAs(GRANTED);
    const text = await texts();
    expect(text).toContain('role Doctor of account 000000000000');
    for (const hidden of HIDDEN) expect(text).not.toContain(hidden);
  });

  test('of one where much is wrong', async () => {
    model.mail.identities = {};
    for (const stack of model.stacks) for (const one of stack.resources) one.state['isPending'] = true;
    const text = await texts();
    expect(text).toContain('not verified: example.com');
    for (const hidden of HIDDEN) expect(text).not.toContain(hidden);
  });

  test('of calls that are denied, whose error names the session', async () => {
    actAs([]);
    const text = await texts();
    expect(text).toContain('may not call cloudformation:DescribeStacks');
    for (const hidden of HIDDEN) expect(text).not.toContain(hidden);
  });
});

describe('`verified doctor`, as from a shell', () => {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const run = (...args: readonly string[]) =>
    new Promise<{ readonly code: number; readonly out: string; readonly problem: string }>((resolve) => {
      const { PATH = '' } = process.env;
      const quiet = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
      const env = { PATH, HOME: '/nonexistent', ...clockEnvironment(), ...world.environment, ...quiet };
      execFile(process.execPath, ['bin/verified.mjs', 'doctor', ...args], { cwd: root, env }, (error, out, problem) => {
        resolve({ code: Number(error?.code ?? 0), out, problem });
      });
    });

  test('prints the policy', async () => {
    const { code, out } = await run('--policy', '--stage', 'prod', '--region', REGION);
    expect([code, JSON.parse(out)]).toEqual([0, policyDocument({ stage: 'prod', region: REGION })]);
  });

  test('looks at the stage that it is given', async () => {
    const { code, out, problem } = await run('--stage', 'nowhere', '--region', REGION, '--json');
    expect([code, problem, JSON.parse(out)]).toEqual([
      1,
      '',
      expect.objectContaining({ stage: 'nowhere', exitCode: 1 }),
    ]);
  });

  test('says what is wrong with its options', async () => {
    const { code, out, problem } = await run('--stage', 'Prod!');
    expect([code, out]).toEqual([2, '']);
    expect(problem).toMatch(/^--stage: must be 1 to 16 characters[\s\S]*Exit code {2}0/);
  });
});
