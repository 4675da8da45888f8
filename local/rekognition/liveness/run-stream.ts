import type { WebSocket } from 'ws';
import { z } from 'zod';
import { AwsError } from '../../aws-wire/aws-error.ts';
import type { Signer } from '../../aws-wire/signature.ts';
import type { EnginePool } from '../engine/engine-pool.ts';
import type { Box } from '../engine/pixels.ts';
import { CHALLENGE_CONFIG, CHALLENGE_VERSIONS, type Challenge, type ChallengeType } from './challenge.ts';
import type { LivenessSession } from './liveness-sessions.ts';
import { scoreLiveness } from './score-liveness.ts';
import { SignedFrames, serverFrame } from './stream-frames.ts';

/** The service's limit on one video. */
const MAX_VIDEO_BYTES = 10 * 1024 * 1024;

const BoundingBox = z
  .object({ Left: z.number(), Top: z.number(), Width: z.number(), Height: z.number() })
  .transform(({ Left, Top, Width, Height }): Box => ({ left: Left, top: Top, width: Width, height: Height }));
const Report = z.object({
  ChallengeId: z.string().optional(),
  VideoStartTimestamp: z.number().optional(),
  VideoEndTimestamp: z.number().optional(),
  InitialFace: z.object({ BoundingBox }).optional(),
  TargetFace: z.object({ BoundingBox }).optional(),
  ColorDisplayed: z
    .object({
      CurrentColor: z.object({ RGB: z.array(z.number()).length(3) }),
      SequenceNumber: z.number(),
      CurrentColorStartTimestamp: z.number(),
    })
    .optional(),
});
const SessionInformation = z.object({
  Challenge: z.object({
    FaceMovementAndLightChallenge: Report.optional(),
    FaceMovementChallenge: Report.optional(),
  }),
});
const Video = z.object({ VideoChunk: z.string().optional(), TimestampMillis: z.unknown() });

/** What the client sent until the end of its video. */
class Recording {
  readonly chunks: Buffer[] = [];
  start: Box | null = null;
  end: Box | null = null;
  readonly colors: { color: string; atMs: number }[] = [];
  isComplete = false;
  #bytes = 0;

  addVideo(body: unknown): void {
    const event = Video.safeParse(body);
    if (!event.success) throw new AwsError('ValidationException', 'VideoEvent is malformed');
    const chunk = Buffer.from(event.data.VideoChunk ?? '', 'base64');
    if (chunk.length === 0) {
      this.isComplete = true;
      return;
    }
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_VIDEO_BYTES) throw new AwsError('ValidationException', 'Video is larger than 10 MB');
    this.chunks.push(chunk);
  }

  addReport(body: unknown, type: ChallengeType): void {
    const event = SessionInformation.safeParse(body);
    if (!event.success) throw new AwsError('ValidationException', 'ClientSessionInformationEvent is malformed');
    const report = event.data.Challenge[type];
    if (report === undefined) throw new AwsError('ValidationException', 'The other challenge was asked for');
    this.start = report.InitialFace?.BoundingBox ?? this.start;
    this.end = report.TargetFace?.BoundingBox ?? this.end;
    if (report.ColorDisplayed !== undefined) {
      const { CurrentColor, CurrentColorStartTimestamp } = report.ColorDisplayed;
      this.colors.push({ color: CurrentColor.RGB.join(','), atMs: CurrentColorStartTimestamp });
    }
  }
}

const serverInformation = ({ type, oval, colors }: Challenge): object => ({
  SessionInformation: {
    Challenge: {
      [type]: {
        OvalParameters: oval,
        ChallengeConfig: CHALLENGE_CONFIG,
        ...(type === 'FaceMovementAndLightChallenge'
          ? { LightChallengeType: 'SEQUENTIAL', ColorSequences: colors }
          : {}),
      },
    },
  },
});

const judge = async (engine: EnginePool, session: LivenessSession, challenge: Challenge, recording: Recording) => {
  const video = await engine.analyseVideo(Buffer.concat(recording.chunks));
  const score = scoreLiveness({
    frames: video.frames,
    sameIdentity: video.sameIdentity,
    oval: challenge.oval,
    videoWidth: video.width,
    videoHeight: video.height,
    reportedStart: recording.start,
    reportedEnd: recording.end,
    colorsIssued: challenge.colors.map(({ FreshnessColor }) => FreshnessColor.RGB.join(',')),
    colorsShown: recording.colors,
  });
  session.verdict = { confidence: score.confidence, reference: video.reference, feedback: score.feedback };
  session.status = 'SUCCEEDED';
};

export interface StreamOptions {
  readonly engine: EnginePool;
  readonly session: LivenessSession;
  readonly challenge: Challenge;
  readonly signer: Signer;
}

/** Names of exceptions that the stream knows; anything else is an internal error. */
const STREAM_EXCEPTIONS = [
  'ValidationException',
  'ThrottlingException',
  'ServiceUnavailableException',
  'ServiceQuotaExceededException',
];

/** Runs one liveness stream to its end: challenge out, signed frames in, video judged, DisconnectionEvent out. */
export const runStream = (socket: WebSocket, options: StreamOptions): void => {
  const { engine, session, challenge, signer } = options;
  const frames = new SignedFrames(signer);
  const recording = new Recording();
  const fail = (error: unknown): void => {
    if (session.status === 'IN_PROGRESS') session.status = 'FAILED';
    const code = error instanceof AwsError ? error.code : 'InternalServerException';
    const type = STREAM_EXCEPTIONS.includes(code)
      ? code
      : error instanceof AwsError
        ? 'ValidationException'
        : 'InternalServerException';
    if (socket.readyState === socket.OPEN)
      socket.send(serverFrame('exception', type, { Message: String((error as Error).message), Code: code }));
    socket.close(1000);
  };
  const finish = async (): Promise<void> => {
    await judge(engine, session, challenge, recording);
    socket.send(serverFrame('event', 'DisconnectionEvent', { TimestampMillis: Date.now() }));
    socket.close(1000);
  };
  const receive = (data: Buffer): void => {
    const event = frames.open(data);
    if (event === null || recording.isComplete) return;
    if (event.type === 'VideoEvent') recording.addVideo(event.body);
    else if (event.type === 'ClientSessionInformationEvent') recording.addReport(event.body, challenge.type);
    else throw new AwsError('ValidationException', 'Unknown event');
    if (recording.isComplete) finish().catch(fail);
  };
  socket.on('message', (data) => {
    try {
      receive(data as Buffer);
    } catch (error) {
      fail(error);
    }
  });
  socket.on('error', fail);
  socket.on('close', () => {
    if (session.status === 'IN_PROGRESS' && !recording.isComplete) session.status = 'FAILED';
  });
  const version = CHALLENGE_VERSIONS[challenge.type];
  socket.send(serverFrame('event', 'ChallengeEvent', { Type: challenge.type, Version: version }));
  socket.send(serverFrame('event', 'ServerSessionInformationEvent', serverInformation(challenge)));
};
