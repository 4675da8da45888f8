import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FRONT_DOOR_SECRET_HEADER } from '../../contract/api/front-door.ts';
import { bundleLambdas, lambdaNames } from '../../lib/bundle-lambdas.ts';
import { ROOT } from '../support/local-aws.ts';
import { eventOf } from '../support/login.ts';
import { createWorld, PUBLIC_ORIGIN, type World } from '../support/world.ts';

const SECRET = 's'.repeat(48);
const RUNNER = `
const { handler } = await import(process.env.BUNDLE);
let input = '';
for await (const chunk of process.stdin) input += chunk;
const answers = [];
for (const event of JSON.parse(input)) answers.push(await handler(event, { awsRequestId: 'r' }));
process.stdout.write('\\nANSWERS ' + JSON.stringify(answers), () => process.exit(0));
`;

let world: World;
let folder: string;
beforeAll(async () => {
  world = await createWorld();
  folder = await mkdtemp(join(tmpdir(), 'verified-bundle-'));
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

/** Declared variables of the functions, and where AWS is: nothing else of this process. */
const environment = (): Record<string, string> => ({
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: ROOT.accessKeyId,
  AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
  AWS_ENDPOINT_URL_DYNAMODB: world.endpoints.dynamodb,
  AWS_ENDPOINT_URL_S3: world.endpoints.s3,
  AWS_ENDPOINT_URL_KMS: world.endpoints.kms,
  AWS_ENDPOINT_URL_STS: world.endpoints.sts,
  ...world.tables,
  PUBLIC_ORIGIN,
  FRONT_DOOR_SECRET: SECRET,
  INTEGRATION_KEY_ID: 'alias/integrations',
  FACE_KEY_ID: 'alias/faces',
  FACE_BUCKET: 'faces',
  LIVENESS_REGION: 'eu-west-1',
  STREAM_ROLE_ARN: 'arn:aws:iam::000000000000:role/stream',
});

/** Starts the very file that is uploaded, in a plain Node process in an empty folder. */
const run = async (name: string, events: readonly object[], variables = environment()) => {
  const file = bundleLambdas().get(name)?.file ?? '';
  const child = spawn(process.execPath, ['--input-type=module', '-e', RUNNER], {
    cwd: folder,
    env: { ...variables, BUNDLE: `file://${file}` },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(JSON.stringify(events));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  const answers = output.split('\nANSWERS ')[1];
  return { answers: answers === undefined ? null : JSON.parse(answers), output, errors };
};

const throughFrontDoor = (name: Parameters<typeof eventOf>[0], request: Parameters<typeof eventOf>[1] = {}) => {
  const { event } = eventOf(name, request);
  return { ...event, headers: { ...event.headers, [FRONT_DOOR_SECRET_HEADER]: SECRET } };
};

describe.each(lambdaNames())('T79 the bundle of %s', (name) => {
  test('holds no test, no local part, no page, no Action and no map', () => {
    const modules = bundleLambdas().get(name)?.modules ?? [];
    expect(modules).toContain(`lambdas/${name}/index.ts`);
    const foreign = modules.filter((path) => !/^(lambdas|contract|node_modules)\//.test(path) && path !== '<stdin>');
    expect(foreign).toEqual([]);
    expect(modules.filter((path) => /fast-check|vitest|dynoxide|playwright|oidc-provider|\.test\./.test(path))).toEqual(
      [],
    );
  });

  test('refuses to start without its environment, and names what is missing but no value', async () => {
    const { answers, errors } = await run(name, [], { AWS_REGION: 'us-east-1', SOME_SECRET: 'hunter2' });
    expect(answers).toBeNull();
    expect(errors).toMatch(/environment variables missing or malformed: .*_TABLE/);
    expect(errors).not.toContain('hunter2');
  });
});

describe('started as AWS starts it, a bundle', () => {
  test('of session answers events of the HTTP API, those through the front door alone', async () => {
    const { event } = eventOf('readSession');
    const bad = throughFrontDoor('openSession', {
      pathParameters: { integrationId: 'int_x' },
      query: { session_token: 'x', state: 's' },
    });
    const { answers, output } = await run('session', [event, throughFrontDoor('readSession'), bad]);
    expect(answers.map(({ statusCode }: { statusCode: number }) => statusCode)).toEqual([403, 404, 400]);
    // Metrics leave in the log stream.
    expect(output).toContain('"Namespace":"Verified"');
    expect(output).toContain('not-through-front-door');
  });

  test.each([
    ['enroll', 'startEnrolLiveness'],
    ['verify', 'completeVerify'],
  ] as const)('of %s asks DynamoDB for the session and says that there is none', async (name, route) => {
    const cookie = `__Host-verified-${'A'.repeat(16)}=int_${'a'.repeat(20)}.${'b'.repeat(8)}.${'c'.repeat(43)}`;
    const event = throughFrontDoor(route, {
      cookies: [cookie],
      headers: { origin: PUBLIC_ORIGIN, 'content-type': 'application/json', 'x-verified-session': 'A'.repeat(16) },
      body: '{"attempt":1}',
    });
    const { answers } = await run(name, [event]);
    expect(answers[0]).toMatchObject({ statusCode: 404, headers: { 'content-type': 'application/problem+json' } });
  });

  test('of housekeeping does its round', async () => {
    expect((await run('housekeeping', [{}])).answers).toEqual([{ lookedAt: 0 }]);
  });
});
