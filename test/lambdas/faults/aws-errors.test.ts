import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IntegrationStore } from '../../../lambdas/adapters/dynamodb/integrations/integration-store.ts';
import { JobStore } from '../../../lambdas/adapters/dynamodb/jobs/job-store.ts';
import { SessionStore } from '../../../lambdas/adapters/dynamodb/sessions/session-store.ts';
import { transact } from '../../../lambdas/adapters/dynamodb/table/transact.ts';
import { UserStore } from '../../../lambdas/adapters/dynamodb/users/user-store.ts';
import { KmsKeyVault } from '../../../lambdas/adapters/kms/key-vault.ts';
import { RekognitionEngine } from '../../../lambdas/adapters/rekognition/rekognition-engine.ts';
import { SealedReferenceStore } from '../../../lambdas/adapters/s3/sealed-reference-store.ts';
import { StsStreamCredentials } from '../../../lambdas/adapters/sts/stream-credentials.ts';
import { problemOf, userRow } from '../../support/inspect.ts';
import { clientOf } from '../../support/local-aws.ts';
import { Browser, enroll, openLogin, readReturnPage } from '../../support/login.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
let server: Server;
let url: string;
/** What the broken AWS currently answers. */
let respond: (request: IncomingMessage, response: ServerResponse) => void;
beforeAll(async () => {
  world = await createWorld();
  server = createServer((request, response) => respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await world.close();
});

const error = (status: number, type: string) => (_: IncomingMessage, response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify({ __type: type, message: 'no', Message: 'no' }));
};
const text = (status: number, body: string) => (_: IncomingMessage, response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(body);
};

/** Ways in which a service fails; none of them may ever become a success. */
const FAILURES: Readonly<Record<string, typeof respond>> = {
  'throttled (400)': error(400, 'ThrottlingException'),
  'over its quota (400)': error(400, 'ProvisionedThroughputExceededException'),
  'not allowed (400)': error(400, 'AccessDeniedException'),
  'throttled (429)': error(429, 'TooManyRequestsException'),
  'broken (500)': error(500, 'InternalServerError'),
  'unavailable (503)': error(503, 'ServiceUnavailable'),
  'a proxy’s page (502)': text(502, '<html>Bad gateway</html>'),
  'a page instead of an answer (200)': text(200, '<html>hello</html>'),
  'half an answer': text(200, '{"Status":"SUCCEEDED","Confidence":99.9,'),
  'an empty answer': text(200, ''),
  'an empty object': text(200, '{}'),
  'a connection that breaks': (request) => void request.socket.destroy(),
};
const client = () => ({ ...clientOf(url), maxAttempts: 1 });

const engine = () => {
  const rekognition = new RekognitionClient(client());
  return new RekognitionEngine(rekognition);
};

describe.each(Object.keys(FAILURES))('T50 Rekognition: %s', (name) => {
  const isAnswer = name === 'an empty object' || name === 'an empty answer';
  test('no call becomes a success', async () => {
    respond = FAILURES[name] ?? respond;
    const faces = engine();
    const image = Buffer.from('x');
    const calls = [
      faces.createLiveness('t'.repeat(43), 'FaceMovementAndLightChallenge'),
      faces.readLiveness('id'),
      faces.countFaces(image),
      faces.compare(image, image),
    ];
    const results = await Promise.allSettled(calls);
    for (const [index, result] of results.entries()) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ name: 'Problem', code: 'unavailable' });
      else expect([isAnswer, index > 0]).toEqual([true, true]);
    }
    if (!isAnswer) return;
    expect(results.slice(1).map((result) => (result.status === 'fulfilled' ? result.value : null))).toMatchObject([
      { livenessId: '', status: 'FAILED', confidence: null, image: null },
      0,
      { similarity: 0, facesInProbe: 0 },
    ]);
  });

  test('a login ends with a signed "unavailable", and nothing counts against the user', async () => {
    const integration = await world.newIntegration();
    const sub = world.newExternalId();
    await enroll(world, integration, sub);
    const browser = await openLogin(world, integration, sub);
    const { livenessSessionId } = JSON.parse((await browser.start('verify')).body ?? '');
    world.faces.play(livenessSessionId, {});
    respond = FAILURES[name] ?? respond;
    const broken = new Browser(world.handlersWith({ faces: engine() }));
    broken.cookies.push(...browser.cookies);
    broken.handle = browser.handle;
    const completed = await broken.complete('verify', 1);
    if (completed.statusCode === 200) {
      expect(JSON.parse(completed.body ?? '')).toMatchObject({ state: 'again', outcome: 'unavailable' });
    } else expect(problemOf(completed)).toMatchObject({ status: 503, code: 'unavailable' });
    await browser.send('endSession', { reason: 'unavailable' });
    const { payload } = await readReturnPage(world, integration, await browser.giveBack());
    expect(payload).toMatchObject({ res: 'unavailable', event: null, vat: null });
    const row = await userRow(world, integration.integrationId, sub);
    expect([row?.['failures'] ?? 0, row?.['guesses'] ?? 0]).toEqual([0, 0]);
  });
});

test('T50 "no face in the picture" is an answer; an unknown liveness session is expired', async () => {
  respond = error(400, 'InvalidParameterException');
  expect(await engine().compare(Buffer.from('x'), Buffer.from('x'))).toEqual({ similarity: 0, facesInProbe: 0 });
  respond = error(400, 'SessionNotFoundException');
  expect(await engine().readLiveness('id')).toBeNull();
});

/** The ports to AWS, each on the broken service. */
const brokenParts = (): Readonly<Record<string, Partial<World['ports']>>> => {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(client()));
  const kms = new KMSClient(client());
  const s3 = new S3Client({ ...client(), forcePathStyle: true });
  const names = { bucket: 'faces', keyId: 'alias/faces' };
  const { tables } = world;
  return {
    'DynamoDB (sessions)': {
      sessions: new SessionStore(documents, {
        sessions: tables.SESSION_TABLE,
        users: tables.USER_TABLE,
        transactions: tables.TRANSACTION_TABLE,
        statistics: tables.STATISTICS_TABLE,
        jobs: tables.DUE_WORK_TABLE,
      }),
    },
    'DynamoDB (jobs)': { jobs: new JobStore(documents, tables.DUE_WORK_TABLE) },
    'DynamoDB (users)': { users: new UserStore(documents, tables.USER_TABLE) },
    'DynamoDB (integrations)': { integrations: new IntegrationStore(documents, tables.INTEGRATION_TABLE) },
    'S3 and KMS (faces)': { references: new SealedReferenceStore(s3, kms, names) },
    'KMS (keys)': { keyVault: new KmsKeyVault(kms, 'alias/integrations') },
    STS: {
      streamCredentials: new StsStreamCredentials(new STSClient(client()), {
        roleArn: 'arn:aws:iam::000000000000:role/stream',
        region: 'eu-west-1',
      }),
    },
  };
};

const PARTS = [
  'DynamoDB (sessions)',
  'DynamoDB (users)',
  'DynamoDB (integrations)',
  'S3 and KMS (faces)',
  'KMS (keys)',
  'STS',
];
const OUTAGES = Object.keys(FAILURES).filter((name) => !name.startsWith('an empty'));

describe.each(PARTS)('T49 T50 %s', (part) => {
  test.each(OUTAGES)(
    '%s: every step answers 503 or continues without it, and none succeeds because of it',
    async (name) => {
      const integration = await world.newIntegration();
      const sub = world.newExternalId();
      const healthy = await openLogin(world, integration, sub);
      const { livenessSessionId } = JSON.parse((await healthy.start('enroll', '2026-11')).body ?? '');
      world.faces.play(livenessSessionId, {});
      respond = FAILURES[name] ?? respond;
      const broken = new Browser(world.handlersWith(brokenParts()[part] ?? {}));
      broken.cookies.push(...healthy.cookies);
      broken.handle = healthy.handle;
      const answers = [await broken.complete('enroll', 1), await broken.giveBack(), await broken.send('readSession')];
      const isNeeded = { complete: !['KMS (keys)', 'STS'].includes(part), read: /sessions|integrations/.test(part) };
      if (isNeeded.complete) expect(problemOf(answers[0] ?? {})).toMatchObject({ status: 503, code: 'unavailable' });
      if (isNeeded.read) expect(problemOf(answers[2] ?? {})).toMatchObject({ status: 503, code: 'unavailable' });
      if (isNeeded.complete) expect(answers[1]?.body ?? '').not.toContain('result_token');
      const row = await userRow(world, integration.integrationId, sub);
      if (isNeeded.complete) expect(row).not.toHaveProperty('reference');
      // The same attempt, once AWS is available again.
      expect(JSON.parse((await healthy.complete('enroll', 1)).body ?? '')).toMatchObject({ outcome: 'enrolled' });
    },
  );
});

test.each(['ValidationException', 'SerializationException'])(
  'T49 %s is a fault of ours and not an outage: 500 with a support id, and the log says which',
  async (name) => {
    const browser = await openLogin(world, await world.newIntegration(), world.newExternalId());
    respond = error(400, name);
    const broken = new Browser(world.handlersWith(brokenParts()['DynamoDB (sessions)'] ?? {}));
    broken.cookies.push(...browser.cookies);
    broken.handle = browser.handle;
    for (const answer of [await broken.send('readSession'), await broken.start('enroll', '2026-11')]) {
      const { status, code, supportId } = problemOf(answer);
      expect([status, code]).toEqual([500, 'internal-error']);
      expect(world.log).toContainEqual({
        code: 'internal-error',
        fields: expect.objectContaining({ supportId, errorName: name }),
      });
    }
    // Nothing was counted: the same attempt, once the fault is fixed.
    expect(JSON.parse((await browser.start('enroll', '2026-11')).body ?? '')).toMatchObject({ attempt: 1 });
  },
);

test('T49 a liveness session that Rekognition refuses for its form is a fault of ours, and does not count against the user', async () => {
  const [integration, sub] = [await world.newIntegration(), world.newExternalId()];
  const browser = await openLogin(world, integration, sub);
  respond = error(400, 'InvalidParameterException');
  const broken = new Browser(world.handlersWith({ faces: engine() }));
  broken.cookies.push(...browser.cookies);
  broken.handle = browser.handle;
  expect(problemOf(await broken.start('enroll', '2026-11'))).toMatchObject({ status: 500, code: 'internal-error' });
  const row = await userRow(world, integration.integrationId, sub);
  expect([row?.['failures'] ?? 0, row?.['guesses'] ?? 0]).toEqual([0, 0]);
});

describe('T49 transactions', () => {
  const cancelled = (...codes: string[]) =>
    text(
      400,
      JSON.stringify({
        __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
        message: 'Transaction cancelled',
        CancellationReasons: codes.map((Code) => ({ Code })),
      }),
    );
  const put = { Put: { TableName: 't', Item: { id: '1' } } };
  const run = () =>
    transact(
      DynamoDBDocumentClient.from(new DynamoDBClient(client())),
      { first: put, none: null, second: put, third: put },
      () => 0,
    );

  test('a failed condition is a result: it names its item and is not tried again', async () => {
    let requests = 0;
    respond = (request, response) => {
      requests += 1;
      cancelled('None', 'ConditionalCheckFailed', 'None')(request, response);
    };
    expect(await run()).toEqual({ item: 'second', row: null });
    expect(requests).toBe(1);
  });
  test('a failed condition together with a conflict is still a result', async () => {
    respond = cancelled('TransactionConflict', 'None', 'ConditionalCheckFailed');
    expect(await run()).toMatchObject({ item: 'third' });
  });
  test('a conflict is tried again until it passes', async () => {
    let requests = 0;
    respond = (request, response) => {
      requests += 1;
      (requests < 4 ? cancelled('TransactionConflict', 'None', 'None') : text(200, '{}'))(request, response);
    };
    expect(await run()).toBeNull();
    expect(requests).toBe(4);
  });
  test('conflicts and throttling that continue end as unavailable, after six attempts', async () => {
    for (const code of ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']) {
      let requests = 0;
      respond = (request, response) => {
        requests += 1;
        cancelled(code, 'None', 'None')(request, response);
      };
      await expect(run()).rejects.toMatchObject({ code: 'unavailable' });
      expect(requests).toBe(6);
    }
  });
  test.each([
    ['ValidationError', 'internal-error'],
    ['ItemCollectionSizeLimitExceeded', 'unavailable'],
  ])('%s is not tried again, and keeps its name for the log', async (reason, code) => {
    respond = cancelled(reason, 'None', 'None');
    await expect(run()).rejects.toMatchObject({ code, cause: { name: 'TransactionCanceledException' } });
  });
});
