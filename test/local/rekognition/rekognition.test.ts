import {
  CompareFacesCommand,
  CreateFaceLivenessSessionCommand,
  DetectFacesCommand,
  GetFaceLivenessSessionResultsCommand,
  RekognitionClient,
} from '@aws-sdk/client-rekognition';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CredentialStore } from '../../../local/aws-wire/credentials.ts';
import type { RunningPart } from '../../../local/aws-wire/listen.ts';
import { startRekognition } from '../../../local/rekognition/start-rekognition.ts';
import { groupPhoto, portrait } from '../../support/face-photos.ts';
import { approaching, recordClip } from '../../support/liveness-clip.ts';
import { type StreamOptions, streamLiveness } from '../../support/liveness-streamer.ts';
import { clientOf, issueFor, newCredentials, ROOT } from '../../support/local-aws.ts';

const STREAM = 'rekognition:StartFaceLivenessSession';

let part: RunningPart;
let credentials: CredentialStore;
let rekognition: RekognitionClient;
let nowMs = Date.now();
beforeAll(async () => {
  credentials = newCredentials();
  part = await startRekognition({
    port: 0,
    credentials,
    region: 'us-east-1',
    random: () => 0.5,
    clockMs: () => nowMs,
    // Tests play one clip many times.
    rememberedStreams: 0,
  });
  rekognition = new RekognitionClient(clientOf(part.url));
});
afterAll(() => part.close());

const compare = async (source: Buffer, target: Buffer, SimilarityThreshold = 0) =>
  rekognition.send(
    new CompareFacesCommand({ SourceImage: { Bytes: source }, TargetImage: { Bytes: target }, SimilarityThreshold }),
  );

describe('CompareFaces', () => {
  test('recognizes one person in two photos and distinguishes two people at the default threshold', async () => {
    const [a, again, b] = await Promise.all([portrait('A'), portrait('A again'), portrait('B')]);
    expect((await compare(a, again)).FaceMatches?.[0]?.Similarity).toBeGreaterThan(99);
    expect((await compare(a, b)).FaceMatches?.[0]?.Similarity).toBeLessThan(95);
    const apart = await compare(a, b, 99);
    expect(apart.FaceMatches).toEqual([]);
    expect(apart.UnmatchedFaces).toHaveLength(1);
  });

  test('reports every face of a group, best match first', async () => {
    const { FaceMatches } = await compare(await portrait('B'), await groupPhoto());
    expect(FaceMatches).toHaveLength(4);
    const similarities = (FaceMatches ?? []).map(({ Similarity }) => Similarity ?? 0);
    expect(similarities).toEqual([...similarities].sort((x, y) => y - x));
  });

  test('a picture without a face is an invalid parameter, as at AWS', async () => {
    const gray = await sharp({ create: { width: 200, height: 200, channels: 3, background: '#777' } })
      .jpeg()
      .toBuffer();
    await expect(compare(await portrait('A'), gray)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test.each([
    ['garbage', Buffer.from('not an image'), 'InvalidImageFormatException'],
    ['a truncated JPEG', null, 'InvalidImageFormatException'],
    ['more than 5 MB', Buffer.alloc(5 * 1024 * 1024 + 1, 0xff), 'ImageTooLargeException'],
  ])('T61 refuses %s', async (_, bytes, name) => {
    const image = bytes ?? (await portrait('A')).subarray(0, 4000);
    await expect(compare(await portrait('A'), image)).rejects.toMatchObject({ name });
  });
});

test('DetectFaces counts faces', async () => {
  const { FaceDetails } = await rekognition.send(new DetectFacesCommand({ Image: { Bytes: await groupPhoto() } }));
  expect(FaceDetails).toHaveLength(4);
  expect(FaceDetails?.[0]?.BoundingBox?.Width).toBeGreaterThan(0.05);
});

const newSession = async (
  Type: 'FaceMovementChallenge' | 'FaceMovementAndLightChallenge' = 'FaceMovementChallenge',
) => {
  const command = new CreateFaceLivenessSessionCommand({ Settings: { ChallengePreferences: [{ Type }] } });
  return (await rekognition.send(command)).SessionId ?? '';
};
const resultsOf = (SessionId: string) => rekognition.send(new GetFaceLivenessSessionResultsCommand({ SessionId }));

let recorded: Promise<Buffer> | undefined;
const honest = (): Promise<Buffer> => {
  recorded ??= recordClip(approaching('A again'));
  return recorded;
};

const play = async (video: Buffer, options: Partial<StreamOptions> = {}) => {
  const sessionId = options.sessionId ?? (await newSession());
  await streamLiveness({ endpoint: part.url, credentials: ROOT, video, ...options, sessionId });
  return resultsOf(sessionId);
};

describe('liveness', () => {
  test('a face that comes nearer is live, and its picture matches the person', async () => {
    const result = await play(await honest());
    expect(result).toMatchObject({ Status: 'SUCCEEDED', Challenge: { Type: 'FaceMovementChallenge' } });
    expect(result.Confidence).toBeGreaterThan(95);
    const picture = Buffer.from(result.ReferenceImage?.Bytes ?? []);
    expect((await compare(await portrait('A'), picture)).FaceMatches?.[0]?.Similarity).toBeGreaterThan(99);
  });

  test('a session serves one stream', async () => {
    const sessionId = await newSession();
    await play(await honest(), { sessionId });
    await expect(play(await honest(), { sessionId })).rejects.toThrow();
  });

  test('T52 a session is gone after three minutes: no id, no score and no picture', async () => {
    const sessionId = await newSession();
    await play(Buffer.alloc(1000, 7), { sessionId });
    nowMs += 3 * 60 * 1000 - 1;
    const late = new RekognitionClient({ ...clientOf(part.url), systemClockOffset: nowMs - Date.now() });
    const results = () => late.send(new GetFaceLivenessSessionResultsCommand({ SessionId: sessionId }));
    expect((await results()).Status).toBe('SUCCEEDED');
    nowMs += 1;
    await expect(results()).rejects.toMatchObject({ name: 'SessionNotFoundException' });
    nowMs = Date.now();
  });

  test('the same client token gives the same session', async () => {
    const create = () => rekognition.send(new CreateFaceLivenessSessionCommand({ ClientRequestToken: 'same-token' }));
    expect((await create()).SessionId).toBe((await create()).SessionId);
  });
});

describe('T37 credentials of the browser', () => {
  const issue = () => issueFor(credentials, [STREAM], { expiresAtMs: nowMs + 60_000 });

  test('open only the stream', async () => {
    const browser = issue();
    const video = await honest();
    expect((await play(video, { credentials: browser })).Confidence).toBeGreaterThan(95);
    const client = new RekognitionClient({ ...clientOf(part.url), credentials: browser });
    const call = client.send(new DetectFacesCommand({ Image: { Bytes: await portrait('A') } }));
    await expect(call).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('a wrong secret opens no stream', async () => {
    const browser = { ...issue(), secretAccessKey: 'wrong' };
    await expect(play(await honest(), { credentials: browser })).rejects.toThrow();
  });
});
