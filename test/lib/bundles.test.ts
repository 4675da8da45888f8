import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FRONT_DOOR_SECRET_HEADER } from '../../contract/api/front-door.ts';
import { newApiKey } from '../../lambdas/core/model/api-key.ts';
import { bundleLambdas, lambdaNames } from '../../lib/bundle-lambdas.ts';
import { SERVICE_FUNCTIONS } from '../../lib/service-functions.ts';
import { clockEnvironment } from '../clock/clock-environment.ts';
import { OPTIONS } from '../lambdas/portal/portal-world.ts';
import { FRONT_DOOR_SECRET, functionEnvironment } from '../support/function-environment.ts';
import { eventOf } from '../support/login.ts';
import { createWorld, PUBLIC_ORIGIN, type World } from '../support/world.ts';
import { FUNCTION_ENVIRONMENTS, variablesOf } from './function-environments.ts';

const RUNNER = `
const { handler } = await import(process.env.BUNDLE);
let input = '';
for await (const chunk of process.stdin) input += chunk;
const answers = [];
for (const event of JSON.parse(input)) answers.push(await handler(event, { awsRequestId: 'r' }));
process.stdout.write('\\nANSWERS ' + JSON.stringify(answers), () => process.exit(0));
`;
/** Loads every bundle without an environment, and reports how each refused. */
const REFUSALS = `
const refusals = {};
for (const [name, file] of Object.entries(JSON.parse(process.env.BUNDLES))) {
  await import(file).then(() => { refusals[name] = null; }, (error) => { refusals[name] = String(error.stack); });
}
process.stdout.write('\\nANSWERS ' + JSON.stringify(refusals), () => process.exit(0));
`;

let world: World;
let folder: string;
beforeAll(async () => {
  world = await createWorld();
  // Sign-up is closed: the first operator may still sign up.
  await world.removeAccount();
  folder = await mkdtemp(join(tmpdir(), 'verified-bundle-'));
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const start = async (script: string, env: Record<string, string>, input = '') => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    env: { ...clockEnvironment(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  const answers = output.split('\nANSWERS ')[1];
  if (answers === undefined) throw new Error(`no answer: ${errors}`);
  return { answers: JSON.parse(answers), output };
};

/** Starts the file that is uploaded, in a plain Node process in an empty folder. */
const run = (name: string, events: readonly object[]) =>
  start(
    RUNNER,
    { ...functionEnvironment(world, variablesOf(name)), BUNDLE: `file://${bundleLambdas().get(name)?.file ?? ''}` },
    JSON.stringify(events),
  );

type Request = Parameters<typeof eventOf>[1];
const throughFrontDoor = (name: Parameters<typeof eventOf>[0], request: Request = {}) => {
  const { event } = eventOf(name, request);
  return { ...event, headers: { ...event.headers, [FRONT_DOOR_SECRET_HEADER]: FRONT_DOOR_SECRET } };
};

/** A call that the gateway's authorizer accepted; all operators here are the same one. */
const byOperator = (name: Parameters<typeof eventOf>[0], request: Request = {}) => {
  const event = throughFrontDoor(name, { headers: { 'content-type': 'application/json' }, ...request });
  const claims = {
    iss: 'https://login.example.com/',
    sub: 'operator',
    aud: 'verified-portal',
    email: 'owner@example.com',
    email_verified: 'true',
    auth_time: String(Math.floor(Date.now() / 1000)),
  };
  return { ...event, requestContext: { ...event.requestContext, authorizer: { jwt: { claims, scopes: [] } } } };
};

const faceCheck = (name: Parameters<typeof eventOf>[0]) =>
  throughFrontDoor(name, {
    cookies: [`__Host-verified-${'A'.repeat(16)}=int_${'a'.repeat(20)}.${'b'.repeat(8)}.${'c'.repeat(43)}`],
    headers: { origin: PUBLIC_ORIGIN, 'content-type': 'application/json', 'x-verified-session': 'A'.repeat(16) },
    body: '{"attempt":1}',
  });

/**
 * An event for each function that makes it call AWS, and its answer: status, or for a scheduled function its
 * whole answer.
 */
const SMOKE: Readonly<Record<string, readonly (readonly [event: () => object, expected: unknown])[]>> = {
  session: [
    [() => eventOf('readSession').event, 403],
    [() => throughFrontDoor('readSession'), 404],
    [
      () =>
        throughFrontDoor('openSession', {
          pathParameters: { integrationId: 'int_x' },
          query: { session_token: 'x', state: 's' },
        }),
      400,
    ],
  ],
  enroll: [[() => faceCheck('startEnrollLiveness'), 404]],
  verify: [[() => faceCheck('completeVerify'), 404]],
  accounts: [
    [() => eventOf('portalMe').event, 403],
    [() => throughFrontDoor('portalMe'), 401],
    [() => byOperator('portalMe'), 403],
    [() => byOperator('portalFoundAccount'), 200],
    [() => byOperator('portalMe'), 200],
  ],
  integrations: [[() => byOperator('portalAddIntegration', { body: JSON.stringify({ options: OPTIONS }) }), 200]],
  users: [[() => byOperator('portalUsers', { pathParameters: { integrationId: `int_${'a'.repeat(20)}` } }), 404]],
  transactions: [
    [() => byOperator('portalTransactions', { pathParameters: { integrationId: `int_${'a'.repeat(20)}` } }), 404],
  ],
  automation: [[() => byOperator('portalApiKeys'), 200]],
  backend: [
    [() => eventOf('userStatus').event, 403],
    [() => throughFrontDoor('userStatus', { headers: { authorization: `Bearer ${newApiKey().apiKey}` } }), 401],
  ],
  housekeeping: [[() => ({}), { lookedAt: 0 }]],
};

test('every Lambda is deployed, and every deployed one is started here', () => {
  const deployed = SERVICE_FUNCTIONS.map(({ name }) => name).sort();
  expect(deployed).toEqual(lambdaNames());
  expect(Object.keys(SMOKE).sort()).toEqual(deployed);
  expect(Object.keys(FUNCTION_ENVIRONMENTS).sort()).toEqual(deployed);
});

describe.each(lambdaNames())('T79 the bundle of %s', (name) => {
  test('contains no test, no local part, no page, no Action, no map, and no language but English', () => {
    const modules = bundleLambdas().get(name)?.modules ?? [];
    expect(modules).toContain(`lambdas/functions/${name}/index.ts`);
    const foreign = modules.filter((path) => !/^(lambdas|contract|node_modules)\//.test(path) && path !== '<stdin>');
    expect(foreign).toEqual([]);
    expect(modules.filter((path) => /fast-check|vitest|dynoxide|playwright|oidc-provider|\.test\./.test(path))).toEqual(
      [],
    );
    // `import { z } from 'zod'` brings all of zod with fifty languages; `import * as z` brings what is used.
    const languages = modules.filter((path) => path.includes('zod/v4/locales/'));
    expect(languages.map((path) => path.split('/').at(-1))).toEqual(['en.js']);
  });
});

test('T79 every bundle refuses to start without its environment, and names what is missing but no value', async () => {
  const files = Object.fromEntries([...bundleLambdas()].map(([name, { file }]) => [name, `file://${file}`]));
  const { answers } = await start(REFUSALS, {
    BUNDLES: JSON.stringify(files),
    AWS_REGION: 'us-east-1',
    SOME_SECRET: 'hunter2',
  });
  expect(Object.keys(answers).sort()).toEqual(lambdaNames());
  for (const name of lambdaNames()) {
    expect(answers[name], name).toMatch(/environment variables missing or malformed: .*_TABLE/);
    expect(answers[name]).not.toContain('hunter2');
  }
});

test.each(Object.keys(SMOKE))('the bundle of %s, started as AWS starts it, answers its events', async (name) => {
  const smoke = SMOKE[name] ?? [];
  const { answers, output } = await run(
    name,
    smoke.map(([event]) => event()),
  );
  const seen = answers.map((answer: { statusCode?: number }) => answer.statusCode ?? answer);
  expect(seen).toEqual(smoke.map(([, expected]) => expected));
  for (const { statusCode, headers } of answers) {
    if (statusCode === 404) expect(headers['content-type']).toBe('application/problem+json');
  }
  // Metrics are in the log stream.
  if (name !== 'housekeeping') expect(output).toContain('"Namespace":"Verified/smoke"');
});
