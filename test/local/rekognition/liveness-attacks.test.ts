import {
  CreateFaceLivenessSessionCommand,
  GetFaceLivenessSessionResultsCommand,
  RekognitionClient,
} from '@aws-sdk/client-rekognition';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningPart } from '../../../local/aws-wire/listen.ts';
import { EnginePool } from '../../../local/rekognition/engine/engine-pool.ts';
import { startRekognition } from '../../../local/rekognition/start-rekognition.ts';
import { ATTACKS, following, LIGHT_CLIP, lit, type Presentation } from '../../support/liveness-attacks.ts';
import { recordClip } from '../../support/liveness-clip.ts';
import { type IssuedChallenge, type StreamOptions, streamLiveness } from '../../support/liveness-streamer.ts';
import { clientOf, newCredentials, ROOT } from '../../support/local-aws.ts';

/** The lowest threshold that an integration may set, and the one that it has by default. */
const FLOOR = 80;
const DEFAULT = 90;

let part: RunningPart;
let rekognition: RekognitionClient;
const start = (rememberedStreams?: number) =>
  startRekognition({
    port: 0,
    credentials: newCredentials(),
    region: 'us-east-1',
    random: () => 0.5,
    threads: 1,
    ...(rememberedStreams === undefined ? {} : { rememberedStreams }),
  });
beforeAll(async () => {
  // One clip serves several tests; the replay has a separate server.
  part = await start(0);
  rekognition = new RekognitionClient(clientOf(part.url));
});
afterAll(() => part.close());

const newSession = async (Type: Presentation['challenge'], client = rekognition): Promise<string> => {
  const command = new CreateFaceLivenessSessionCommand({ Settings: { ChallengePreferences: [{ Type }] } });
  return (await client.send(command)).SessionId ?? '';
};
const resultsOf = (SessionId: string, client = rekognition) =>
  client.send(new GetFaceLivenessSessionResultsCommand({ SessionId }));

const clips = new Map<string, Promise<Buffer>>();
const clipOnce = (name: string, make: () => Promise<Buffer>): Promise<Buffer> => {
  const known = clips.get(name) ?? make();
  clips.set(name, known);
  return known;
};
const honestClip = (issued: IssuedChallenge) => clipOnce('honest', () => recordClip(following(issued, 0)));
const litClip = (issued: IssuedChallenge) =>
  clipOnce('lit', () => recordClip(lit(following(issued, 0), issued), LIGHT_CLIP));

const play = async (
  options: Partial<StreamOptions>,
  challenge: Presentation['challenge'] = 'FaceMovementChallenge',
  sessionId?: string,
) => {
  const id = sessionId ?? (await newSession(challenge));
  await streamLiveness({ endpoint: part.url, credentials: ROOT, video: honestClip, ...options, sessionId: id });
  return resultsOf(id);
};
const present = ({ challenge, shotAt, clip, stream }: Presentation, seed: number) =>
  play({ video: (issued) => recordClip(shotAt(issued, seed), clip), ...stream }, challenge);

describe('a person', () => {
  test('who follows is live', async () => {
    expect((await play({})).Confidence).toBeGreaterThan(DEFAULT);
  });

  test('who follows with the light of the screen on the face is live', async () => {
    expect((await play({ video: litClip }, 'FaceMovementAndLightChallenge')).Confidence).toBeGreaterThan(DEFAULT);
  });

  test.each([
    ['an MP4 with H.264', 'avc'],
    ['a WebM with VP9', 'vp9'],
  ] as const)('is live in %s too', async (_, codec) => {
    const video = (issued: IssuedChallenge) => recordClip(following(issued, 1), { codec });
    expect((await play({ video })).Confidence).toBeGreaterThan(DEFAULT);
  });
});

describe('T38 T39 T40 the attack is refused:', () => {
  test.each(ATTACKS.map((attack) => [attack.name, attack] as const))('%s', async (_, attack) => {
    const { Status, Confidence } = await present(attack, 3);
    expect(Status).toBe('SUCCEEDED');
    expect(Confidence).toBeLessThan(FLOOR);
  });
});

test('T38 a clip that was played before is refused in every later session, even recorded again or cut', async () => {
  const remembering = await start();
  try {
    const client = new RekognitionClient(clientOf(remembering.url));
    const confidenceOf = async (video: StreamOptions['video']) => {
      const sessionId = await newSession('FaceMovementChallenge', client);
      await streamLiveness({ endpoint: remembering.url, credentials: ROOT, video, sessionId });
      return (await resultsOf(sessionId, client)).Confidence;
    };
    expect(await confidenceOf(honestClip)).toBeGreaterThan(DEFAULT);
    expect(await confidenceOf(honestClip)).toBeLessThan(FLOOR);
    const recordedAgain = (issued: IssuedChallenge) =>
      recordClip((ms) => following(issued, 0)(ms + 200), { ms: 2200, bitrate: 400_000 });
    expect(await confidenceOf(recordedAgain)).toBeLessThan(FLOOR);
    // The same person moves differently another time.
    expect(await confidenceOf((issued) => recordClip(following(issued, 6)))).toBeGreaterThan(DEFAULT);
  } finally {
    await remembering.close();
  }
});

describe('T38 on the wire', () => {
  test('a video that cannot be decoded gets no confidence and no picture', async () => {
    const result = await play({ video: Buffer.alloc(50_000, 7) });
    expect(result).toMatchObject({ Status: 'SUCCEEDED', Confidence: 0 });
    expect(result.ReferenceImage).toBeUndefined();
  });

  test('more than 10 MB ends the stream with a ValidationException, and the session', async () => {
    const sessionId = await newSession('FaceMovementChallenge');
    const video = Buffer.alloc(10 * 1024 * 1024 + 1, 1);
    await expect(play({ video }, 'FaceMovementChallenge', sessionId)).rejects.toThrow('10 MB');
    expect((await resultsOf(sessionId)).Status).toBe('FAILED');
  });

  test.each<[string, NonNullable<StreamOptions['tamper']>]>([
    ['changed', (frame, index) => (index === 1 ? frame.map((byte, at) => (at === 120 ? byte ^ 1 : byte)) : frame)],
    ['without a signature', (frame, index) => (index === 1 ? frame.subarray(0, 40) : frame)],
  ])('a frame that is %s ends the stream, and the session', async (_, tamper) => {
    const sessionId = await newSession('FaceMovementChallenge');
    await expect(play({ tamper }, 'FaceMovementChallenge', sessionId)).rejects.toThrow();
    expect((await resultsOf(sessionId)).Status).toBe('FAILED');
  });

  test('a frame that is sent twice breaks the chain of signatures', async () => {
    let first: Uint8Array | undefined;
    const tamper = (frame: Uint8Array, index: number): Uint8Array => {
      first ??= Uint8Array.from(frame);
      return index === 1 ? first : frame;
    };
    await expect(play({ tamper })).rejects.toThrow('signature');
  });

  test('reports after the end of the video do not count', async () => {
    const reorder = (events: object[]): object[] => {
      const [last, report] = [events.at(-1), events.at(-2)];
      return [...events.slice(0, -2), last ?? {}, report ?? {}];
    };
    expect((await play({ reorder })).Confidence).toBe(0);
  });

  test('colors reported in another order do not count', async () => {
    const reorder = (events: object[]): object[] => {
      const at = events.findIndex((event) => JSON.stringify(event).includes('ColorDisplayed'));
      return events.map((event, index) =>
        index === at + 2 ? (events[at + 3] ?? event) : index === at + 3 ? (events[at + 2] ?? event) : event,
      );
    };
    expect((await play({ video: litClip, reorder }, 'FaceMovementAndLightChallenge')).Confidence).toBe(0);
  });

  test('of two streams in one session, one is judged', async () => {
    const sessionId = await newSession('FaceMovementChallenge');
    const both = await Promise.allSettled([
      play({}, 'FaceMovementChallenge', sessionId),
      play({}, 'FaceMovementChallenge', sessionId),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(play({}, 'FaceMovementChallenge', sessionId)).rejects.toThrow();
  });

  test('a client that leaves before the end of its video fails its session', async () => {
    const sessionId = await newSession('FaceMovementChallenge');
    const reorder = (events: object[]): object[] => events.slice(0, -1);
    await expect(play({ reorder, leavesEarly: true }, 'FaceMovementChallenge', sessionId)).rejects.toThrow();
    expect((await resultsOf(sessionId)).Status).toBe('FAILED');
  });
});

test('T61 a video that keeps the decoder busy forever is abandoned, and the next ones are judged', async () => {
  const pool = await EnginePool.start({ processes: 1, maxImages: 1, maxVideos: 2, maxJobMs: 400, videosPerProcess: 1 });
  try {
    const clip = await recordClip(() => ({ person: 'nobody', faceWidth: 0 }), { ms: 200 });
    // After the header, elements of unknown types without an end.
    const broken = Buffer.from(clip).fill(0x5a, 100);
    await expect(pool.analyseVideo(broken, 0)).rejects.toMatchObject({ code: 'InternalServerError' });
    // The second of them by another process, since each takes only one video here.
    const two = [pool.analyseVideo(Buffer.alloc(10), 0), pool.analyseVideo(Buffer.alloc(10), 0)];
    for (const facts of await Promise.all(two)) expect(facts).toMatchObject({ frames: [], reference: null });
  } finally {
    await pool.close();
  }
});
