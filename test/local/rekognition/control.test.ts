import {
  CompareFacesCommand,
  CreateFaceLivenessSessionCommand,
  DetectFacesCommand,
  GetFaceLivenessSessionResultsCommand,
  RekognitionClient,
} from '@aws-sdk/client-rekognition';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RunningRekognition, startRekognition } from '../../../local/rekognition/start-rekognition.ts';
import { portrait } from '../../support/face-photos.ts';
import { streamLiveness } from '../../support/liveness-streamer.ts';
import { clientOf, newCredentials, ROOT } from '../../support/local-aws.ts';

let part: RunningRekognition;
let rekognition: RekognitionClient;
let face: Buffer;
beforeAll(async () => {
  part = await startRekognition({
    port: 0,
    credentials: newCredentials(),
    region: 'us-east-1',
    threads: 1,
    control: { port: 0 },
  });
  rekognition = new RekognitionClient(clientOf(part.url));
  face = await portrait('A');
});
afterAll(() => part.close());

const rules = (method: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(`${part.controlUrl}/rules`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
const force = async (rule: object): Promise<void> => expect((await rules('POST', rule)).status).toBe(201);
beforeEach(async () => {
  await rules('DELETE');
});

const detect = () => rekognition.send(new DetectFacesCommand({ Image: { Bytes: face } }));
const create = async () => (await rekognition.send(new CreateFaceLivenessSessionCommand({}))).SessionId ?? '';
const resultsOf = (SessionId: string) => rekognition.send(new GetFaceLivenessSessionResultsCommand({ SessionId }));

test.each([
  'AccessDeniedException',
  'ImageTooLargeException',
  'InternalServerError',
  'InvalidImageFormatException',
  'InvalidParameterException',
  'InvalidS3ObjectException',
  'ProvisionedThroughputExceededException',
  'SessionNotFoundException',
  'ThrottlingException',
])('forces %s for as many calls as asked, then no more', async (code) => {
  await force({ operation: 'CreateFaceLivenessSession', times: 2, error: { code, message: 'because' } });
  await expect(create()).rejects.toMatchObject({ name: code, message: 'because' });
  await expect(create()).rejects.toMatchObject({ name: code });
  expect(await create()).toHaveLength(36);
});

test('an SDK recovers from throttling by itself', async () => {
  await force({ operation: 'DetectFaces', times: 2, error: { code: 'ThrottlingException' } });
  const patient = new RekognitionClient({ ...clientOf(part.url), maxAttempts: 3 });
  const { $metadata } = await patient.send(new DetectFacesCommand({ Image: { Bytes: face } }));
  expect($metadata.attempts).toBe(3);
});

test('rules of one operation do not affect the others, and apply one after the other', async () => {
  await force({ operation: 'CreateFaceLivenessSession', error: { code: 'ThrottlingException' } });
  await force({ operation: 'CreateFaceLivenessSession', error: { code: 'InternalServerError' } });
  expect((await detect()).FaceDetails).toHaveLength(1);
  await expect(create()).rejects.toMatchObject({ name: 'ThrottlingException' });
  const left = (await (await rules('GET')).json()) as { rules: { times: number; error: { code: string } }[] };
  expect(left.rules).toMatchObject([{ times: 1, error: { code: 'InternalServerError' } }]);
  await expect(create()).rejects.toMatchObject({ name: 'InternalServerError' });
});

test('forces the similarity of a comparison', async () => {
  const compare = (SimilarityThreshold: number) =>
    rekognition.send(
      new CompareFacesCommand({ SourceImage: { Bytes: face }, TargetImage: { Bytes: face }, SimilarityThreshold }),
    );
  await force({ operation: 'CompareFaces', times: 2, similarity: 98.5 });
  expect((await compare(98)).FaceMatches?.[0]?.Similarity).toBeCloseTo(98.5, 4);
  const apart = await compare(99);
  expect([apart.FaceMatches, apart.UnmatchedFaces?.length]).toEqual([[], 1]);
  expect((await compare(99)).FaceMatches).toHaveLength(1);
});

describe('results of a session', () => {
  const operation = 'GetFaceLivenessSessionResults';

  test('are forced even if nobody was in front of the camera', async () => {
    const id = await create();
    const referenceImage = face.toString('base64');
    await force({
      operation,
      status: 'SUCCEEDED',
      confidence: 71.5,
      feedback: ['LOW_LIGHTING_DETECTED'],
      referenceImage,
    });
    const results = await resultsOf(id);
    expect(results).toMatchObject({
      SessionId: id,
      Status: 'SUCCEEDED',
      Confidence: 71.5,
      Challenge: { Type: 'FaceMovementAndLightChallenge', Version: '2.0.0' },
      Feedback: [{ Code: 'LOW_LIGHTING_DETECTED', Message: 'The face was too dark.' }],
    });
    expect(Buffer.from(results.ReferenceImage?.Bytes ?? [])).toEqual(face);
    expect((await resultsOf(id)).Status).toBe('CREATED');
  });

  test('can lack the reference image, or have any status', async () => {
    const id = await create();
    await force({ operation, status: 'SUCCEEDED', referenceImage: null });
    expect(await resultsOf(id)).not.toHaveProperty('ReferenceImage');
    for (const status of ['FAILED', 'EXPIRED', 'IN_PROGRESS']) {
      await force({ operation, status });
      const { $metadata: _, ...results } = await resultsOf(id);
      expect(results).toEqual({ SessionId: id, Status: status });
    }
  });
});

describe('streams', () => {
  const operation = 'StartFaceLivenessSession';
  const stream = async (onOval?: (oval: Record<string, number>) => void) =>
    streamLiveness({
      endpoint: part.url,
      credentials: ROOT,
      sessionId: await create(),
      video: Buffer.alloc(100, 7),
      ...(onOval === undefined ? {} : { onOval }),
    });

  test.each([
    'ValidationException',
    'InternalServerException',
    'ThrottlingException',
    'ServiceQuotaExceededException',
    'ServiceUnavailableException',
  ])('end with %s', async (code) => {
    await force({ operation, error: { code } });
    await expect(stream()).rejects.toMatchObject({ name: code });
  });

  test('have the oval in the requested place', async () => {
    await force({ operation, oval: { centerX: 0.5, centerY: 0.25 } });
    let oval: Record<string, number> = {};
    await stream((given) => {
      oval = given;
    });
    expect(oval).toMatchObject({ CenterX: 320, CenterY: 120 });
  });
});

test('an answer is delayed as requested', async () => {
  await force({ operation: 'DetectFaces', latencyMs: 120 });
  const startedAt = performance.now();
  await detect();
  expect(performance.now() - startedAt).toBeGreaterThan(115);
});

describe('the endpoint itself', () => {
  test.each<[string, unknown]>([
    ['no JSON', '{'],
    ['another operation', { operation: 'DetectLabels' }],
    ['no call', { operation: 'DetectFaces', times: 0 }],
    [
      'an error of another operation',
      { operation: 'StartFaceLivenessSession', error: { code: 'AccessDeniedException' } },
    ],
    ['a confidence above 100', { operation: 'GetFaceLivenessSessionResults', confidence: 101 }],
    ['an unknown member', { operation: 'DetectFaces', confidence: 1 }],
  ])('refuses a rule with %s and keeps none', async (_, rule) => {
    expect((await rules('POST', rule)).status).toBe(400);
    expect(await (await rules('GET')).json()).toEqual({ rules: [] });
  });

  test('T79 accepts no rules from pages in a browser', async () => {
    const rule = { operation: 'DetectFaces' };
    expect((await rules('POST', rule, { origin: 'http://bank.localhost:4000' })).status).toBe(403);
    expect((await rules('POST', rule, { 'content-type': 'text/plain' })).status).toBe(415);
    expect(await (await rules('GET')).json()).toEqual({ rules: [] });
  });

  test('T79 is never on the port of the service', async () => {
    const onService = await fetch(`${part.url}/rules`, { method: 'POST', body: '{"operation":"DetectFaces"}' });
    expect(await onService.json()).toMatchObject({ __type: 'UnknownOperationException' });
  });
});
