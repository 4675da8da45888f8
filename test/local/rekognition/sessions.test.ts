import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-rekognition';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CredentialStore } from '../../../local/aws-wire/credentials.ts';
import type { RunningPart } from '../../../local/aws-wire/listen.ts';
import { chooseChallenge } from '../../../local/rekognition/liveness/choose-challenge.ts';
import { startRekognition } from '../../../local/rekognition/start-rekognition.ts';
import { startS3 } from '../../../local/s3/start-s3.ts';
import { loadBrowserBuild } from '../../support/browser-build.ts';
import { groupPhoto, portrait } from '../../support/face-photos.ts';
import { approaching, recordClip } from '../../support/liveness-clip.ts';
import { type StreamOptions, streamLiveness } from '../../support/liveness-streamer.ts';
import { clientOf, issueFor, newCredentials, ROOT, temporaryFolder } from '../../support/local-aws.ts';
import { memberPaths, type SdkSchema, throughSchema, valuePaths } from '../../support/sdk-schemas.ts';
import { postRaw, signedHeaders } from '../../support/signed-request.ts';

const MAX_STREAMS = 2;

let part: RunningPart;
let s3: RunningPart;
let credentials: CredentialStore;
let rekognition: sdk.RekognitionClient;
let video: Buffer;
let closeAll: () => Promise<void>;
beforeAll(async () => {
  const { folder, remove } = await temporaryFolder();
  credentials = newCredentials();
  s3 = await startS3({ port: 0, folder, credentials, buckets: ['pictures'] });
  const options = { port: 0, credentials, region: 'us-east-1', s3Endpoint: s3.url, random: () => 0.5 };
  part = await startRekognition({ ...options, threads: 1, maxStreams: MAX_STREAMS, rememberedStreams: 0 });
  rekognition = new sdk.RekognitionClient(clientOf(part.url));
  video = await recordClip(approaching('A again'));
  closeAll = async () => {
    await part.close();
    await s3.close();
    await remove();
  };
});
afterAll(() => closeAll());

const create = async (Settings: object = {}, client = rekognition) =>
  (await client.send(new sdk.CreateFaceLivenessSessionCommand({ Settings }))).SessionId ?? '';
const resultsOf = (SessionId: string) => rekognition.send(new sdk.GetFaceLivenessSessionResultsCommand({ SessionId }));
const stream = (sessionId: string, options: Partial<StreamOptions> = {}) =>
  streamLiveness({ endpoint: part.url, credentials: ROOT, sessionId, video, ...options });
const raw = async (operation: string, input: object) => {
  const body = JSON.stringify(input);
  const answer = await postRaw(
    part.url,
    body,
    signedHeaders(body, { url: part.url, target: `RekognitionService.${operation}` }),
  );
  expect(answer.status).toBe(200);
  return answer.body;
};

describe('pictures of a session', () => {
  test('are under the prefix of its bucket, stored with its creator’s permissions', async () => {
    const id = await create({ AuditImagesLimit: 3, OutputConfig: { S3Bucket: 'pictures', S3KeyPrefix: 'live/' } });
    await stream(id);
    const { Status, ReferenceImage, AuditImages = [] } = await resultsOf(id);
    expect([Status, AuditImages.length]).toEqual(['SUCCEEDED', 3]);
    const names = [ReferenceImage, ...AuditImages].map((image) => image?.S3Object?.Name);
    expect(names).toEqual(['reference', 'audit-1', 'audit-2', 'audit-3'].map((name) => `live/${id}/${name}.jpg`));
    expect(ReferenceImage).not.toHaveProperty('Bytes');
    const client = new S3Client({ ...clientOf(s3.url), forcePathStyle: true });
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'pictures', Key: names[0] }));
    const picture = await sharp(await Body?.transformToByteArray()).metadata();
    expect(picture).toMatchObject({ format: 'jpeg', width: 640, height: 480 });
  });

  test('that its creator may not store fail the session', async () => {
    const creator = issueFor(credentials, ['rekognition:CreateFaceLivenessSession']);
    const client = new sdk.RekognitionClient(clientOf(part.url, creator));
    const id = await create({ OutputConfig: { S3Bucket: 'pictures' } }, client);
    await expect(stream(id)).rejects.toMatchObject({ name: 'InternalServerException' });
    expect(await resultsOf(id)).toMatchObject({ Status: 'FAILED' });
  });
});

describe('the challenge', () => {
  const both = 'FaceMovementAndLightChallenge_2.0.0,FaceMovementChallenge_1.0.0';
  const light = (minimum: string | null, maximum: string | null) =>
    ({ type: 'FaceMovementAndLightChallenge', minimum, maximum }) as const;
  const movement = { type: 'FaceMovementChallenge', minimum: null, maximum: null } as const;

  test.each([
    ['the light challenge if nothing is preferred', [], both, 'FaceMovementAndLightChallenge', '2.0.0'],
    ['the first preference', [movement, light(null, null)], both, 'FaceMovementChallenge', '1.0.0'],
    [
      'an older version if the bounds require it',
      [light('1.0.0', '1.9.9')],
      'FaceMovementAndLightChallenge_1.0.0',
      'FaceMovementAndLightChallenge',
      '1.0.0',
    ],
    [
      'the newest version that the client supports',
      [light('1.0.0', null)],
      'FaceMovementAndLightChallenge_1.0.0',
      'FaceMovementAndLightChallenge',
      '1.0.0',
    ],
    [
      'the next preference if the client lacks the first',
      [light('2.0.0', null), movement],
      'FaceMovementChallenge_1.0.0',
      'FaceMovementChallenge',
      '1.0.0',
    ],
  ] as const)('is %s', (_, preferences, client, type, version) => {
    expect(chooseChallenge(preferences, client)).toEqual({ type, version });
  });

  test.each([
    ['the client supports none of them', [light('2.0.0', null)], 'FaceMovementChallenge_1.0.0'],
    ['the client’s list is malformed', [], 'FaceMovementChallenge'],
    ['the client’s list is too long', [], Array.from({ length: 6 }, () => 'FaceMovementChallenge_1.0.0').join(',')],
  ])('is refused if %s', (_, preferences, client) => {
    expect(() => chooseChallenge(preferences, client)).toThrow(
      expect.objectContaining({ code: 'ValidationException' }),
    );
  });
});

describe('beyond capacity', () => {
  test('a stream is throttled immediately, and its session can still be used', async () => {
    let release = (): void => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    const open = async () => {
      const id = await create();
      let over: Promise<void> = Promise.resolve();
      await new Promise<void>((opened) => {
        over = stream(id, { until, video: Buffer.alloc(10), onOval: () => opened() });
      });
      return { id, over };
    };
    const running = [await open(), await open()];
    expect(running).toHaveLength(MAX_STREAMS);
    const id = await create();
    await expect(stream(id)).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect((await resultsOf(id)).Status).toBe('CREATED');
    release();
    await Promise.all(running.map(({ over }) => over));
    expect((await resultsOf(running[0]?.id ?? '')).Status).toBe('SUCCEEDED');
  });

  test('images are throttled immediately, and the accepted ones are answered', async () => {
    const Bytes = await sharp({ create: { width: 80, height: 80, channels: 3, background: '#777' } })
      .png()
      .toBuffer();
    const calls = Array.from({ length: 60 }, () =>
      rekognition.send(new sdk.DetectFacesCommand({ Image: { Bytes } })).then(
        () => 'answered',
        ({ name, $metadata }) => `${name} ${$metadata.httpStatusCode}`,
      ),
    );
    const outcomes = await Promise.all(calls);
    const counts = (outcome: string) => outcomes.filter((each) => each === outcome).length;
    expect(counts('answered')).toBeGreaterThanOrEqual(16);
    expect(counts('ThrottlingException 500')).toBe(60 - counts('answered'));
    expect(counts('ThrottlingException 500')).toBeGreaterThan(0);
  });
});

/** Members that are never in an answer, each for a reason; by operation, everything below a name that ends in a dot or bracket. */
const NEVER: Readonly<Record<string, readonly [reason: string, paths: RegExp]>> = {
  CompareFaces: ['orientation is always null; no emotions and smiles', /OrientationCorrection$|\.(Emotions|Smile)\b/],
  DetectFaces: [
    'orientation is always null; no attribute beyond the default ones is computed',
    /OrientationCorrection$|^FaceDetails\[\]\.(AgeRange|Smile|Eyeglasses|Sunglasses|Gender|Beard|Mustache|EyesOpen|MouthOpen|Emotions|FaceOccluded|EyeDirection)\b/,
  ],
  CreateFaceLivenessSession: ['', /^$/],
  GetFaceLivenessSessionResults: ['buckets have no versions here', /S3Object\.Version$/],
  StartFaceLivenessSession: [
    'the header is made up by the SDK; exceptions have their own tests',
    /^SessionId$|Exception\./,
  ],
};

describe('answers and the SDK’s schemas', () => {
  test('every answer passes through the schemas unchanged, and has every member except the reviewed ones', async () => {
    const Bytes = (await groupPhoto()).toString('base64');
    const image = { Bytes: (await portrait('B')).toString('base64') };
    const compared = { SourceImage: image, TargetImage: { Bytes }, SimilarityThreshold: 50 };
    const settings = { AuditImagesLimit: 1 };
    const [kept, stored] = [
      await create(settings),
      await create({ ...settings, OutputConfig: { S3Bucket: 'pictures' } }),
    ];
    await stream(kept, {
      startBox: { Left: 0, Top: 0, Width: 0.1, Height: 0.1 },
      endBox: { Left: 0, Top: 0, Width: 0.1, Height: 0.1 },
    });
    await stream(stored);
    const nobody = await create();
    await stream(nobody, { video: Buffer.alloc(100, 7) });
    const answers: Readonly<Record<string, readonly [schema: SdkSchema, answers: readonly unknown[]]>> = {
      CompareFaces: [sdk.CompareFacesResponse$, [await raw('CompareFaces', compared)]],
      DetectFaces: [sdk.DetectFacesResponse$, [await raw('DetectFaces', { Image: { Bytes }, Attributes: ['ALL'] })]],
      CreateFaceLivenessSession: [sdk.CreateFaceLivenessSessionResponse$, [await raw('CreateFaceLivenessSession', {})]],
      GetFaceLivenessSessionResults: [
        sdk.GetFaceLivenessSessionResultsResponse$,
        await Promise.all(
          [kept, stored, nobody].map((SessionId) => raw('GetFaceLivenessSessionResults', { SessionId })),
        ),
      ],
    };
    for (const [operation, [schema, given]] of Object.entries(answers)) {
      for (const answer of given) expect(await throughSchema(rekognition, schema, answer)).toEqual(answer);
      const produced = new Set(given.flatMap((answer) => valuePaths(answer)));
      const missing = memberPaths(schema).filter((path) => !produced.has(path));
      const reviewed = memberPaths(schema).filter((path) => NEVER[operation]?.[1].test(path));
      expect({ operation, missing }).toEqual({ operation, missing: reviewed });
    }
  });

  test('so does every event of both challenges’ streams', async () => {
    const streaming = createRequire(createRequire(import.meta.url).resolve('@aws-amplify/ui-react-liveness'))(
      '@aws-sdk/client-rekognitionstreaming',
    );
    const client = new streaming.RekognitionStreamingClient({ region: 'us-east-1', credentials: ROOT });
    const events: { readonly type: string; readonly body: unknown }[] = [];
    const nothing = {
      video: Buffer.alloc(10),
      onEvent: (type: string, body: unknown) => void events.push({ type, body }),
    };
    await stream(await create(), nothing);
    await stream(await create({ ChallengePreferences: [{ Type: 'FaceMovementChallenge' }] }), nothing);
    const produced = new Set(
      events.flatMap(({ type, body }) => valuePaths({ LivenessResponseStream: { [type]: body } })),
    );
    for (const { type, body } of events) expect(await throughSchema(client, streaming[`${type}$`], body)).toEqual(body);
    const paths = memberPaths(streaming.StartFaceLivenessSessionResponse$);
    const reviewed = paths.filter((path) => NEVER['StartFaceLivenessSession']?.[1].test(path));
    expect(paths.filter((path) => !produced.has(path))).toEqual(reviewed);
  });
});

describe('the SDK’s browser build', () => {
  test('detects faces and creates sessions, from a page of any origin', async () => {
    const browser = await loadBrowserBuild<typeof sdk>(
      "export * from '@aws-sdk/client-rekognition';",
      join(import.meta.dirname, '..'),
    );
    const client = new browser.RekognitionClient(clientOf(part.url));
    const Image = { Bytes: new Uint8Array(await portrait('A')) };
    expect((await client.send(new browser.DetectFacesCommand({ Image }))).FaceDetails).toHaveLength(1);
    const { SessionId } = await client.send(new browser.CreateFaceLivenessSessionCommand({}));
    expect((await resultsOf(SessionId ?? '')).Status).toBe('CREATED');
    const wanted = 'authorization,content-type,x-amz-date,x-amz-security-token,x-amz-target';
    const preflight = await fetch(part.url, {
      method: 'OPTIONS',
      headers: { origin: 'http://app.example', 'access-control-request-headers': wanted },
    });
    expect(preflight.status).toBe(200);
    expect(preflight.headers.get('access-control-allow-headers')).toBe(wanted);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
  });
});
