import type { WebSocket } from 'ws';
import { z } from 'zod';
import { AwsError } from '../../aws-wire/aws-error.ts';
import type { CallersS3 } from '../callers-s3.ts';
import type { EnginePool } from '../engine/engine-pool.ts';
import type { Box } from '../engine/pixels.ts';
import type { AdmittedStream } from './admit-stream.ts';
import { CHALLENGE_CONFIG, type Challenge } from './challenge.ts';
import type { ChallengeType } from './choose-challenge.ts';
import type { ReplayMemory } from './replay-memory.ts';
import type { ShownColor } from './score-light.ts';
import { describeWeakness, type Observation, scoreLiveness } from './score-liveness.ts';
import { storePictures } from './store-pictures.ts';
import { STREAM_EXCEPTIONS, type StreamException } from './stream-exceptions.ts';
import { SignedFrames, serverFrame } from './stream-frames.ts';
import type { OptionalPart } from './uncounted-parts.ts';

const MAX_STREAM_MS = 3 * 60 * 1000;
/** More than any challenge issues. */
const MAX_COLORS = 32;
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

/** What the client has sent by the end of its video. */
class Recording {
  readonly chunks: Buffer[] = [];
  start: Box | null = null;
  end: Box | null = null;
  videoStartMs: number | null = null;
  readonly colors: ShownColor[] = [];
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
    this.videoStartMs ??= report.VideoStartTimestamp ?? null;
    this.start = report.InitialFace?.BoundingBox ?? this.start;
    this.end = report.TargetFace?.BoundingBox ?? this.end;
    if (report.ColorDisplayed !== undefined) {
      const { CurrentColor, SequenceNumber, CurrentColorStartTimestamp } = report.ColorDisplayed;
      if (this.colors.length >= MAX_COLORS) throw new AwsError('ValidationException', 'Too many colors');
      const rgb = CurrentColor.RGB;
      this.colors.push({ rgb, sequenceNumber: SequenceNumber, atMs: CurrentColorStartTimestamp });
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

export interface StreamOptions extends AdmittedStream {
  readonly engine: EnginePool;
  readonly s3: CallersS3 | null;
  readonly replays: ReplayMemory;
  readonly uncountedParts: readonly OptionalPart[];
  readonly onWeakStream: (line: string) => void;
}

const judge = async (options: StreamOptions, recording: Recording) => {
  const { engine, session, challenge, s3, sdkType, replays } = options;
  const video = await engine.analyseVideo(Buffer.concat(recording.chunks), session.settings.auditImagesLimit);
  const observation: Observation = {
    frames: video.frames,
    sameIdentity: video.sameIdentity,
    depth: video.depth,
    replayGap: replays.compare(video.frames),
    oval: challenge.oval,
    videoWidth: video.width,
    videoHeight: video.height,
    reportedStart: recording.start,
    reportedEnd: recording.end,
    videoStartMs: recording.videoStartMs,
    colorsIssued: challenge.colors,
    colorsShown: recording.colors,
  };
  const score = scoreLiveness(observation, options.uncountedParts);
  const weakness = describeWeakness(score, options.uncountedParts);
  if (weakness !== null) options.onWeakStream(weakness);
  const pictures = await storePictures(session, video, s3);
  const { type, version } = challenge;
  session.verdict = {
    ...pictures,
    confidence: score.confidence,
    feedback: score.feedback,
    challenge: { type, version },
    sdkType,
  };
  session.status = 'SUCCEEDED';
};

/** The exception by which the stream reports an error. One without its own name is the client's fault if it is known, otherwise the server's. */
const exceptionOf = (error: unknown): StreamException => {
  if (!(error instanceof AwsError)) return 'InternalServerException';
  return STREAM_EXCEPTIONS.find((name) => name === error.code) ?? 'ValidationException';
};

const sendException = (socket: WebSocket, error: unknown): void => {
  if (socket.readyState === socket.OPEN) {
    const Code = exceptionOf(error);
    const Message = error instanceof AwsError ? error.message : 'Internal failure';
    socket.send(serverFrame('exception', Code, { Message, Code }));
  }
  socket.close(1000);
};

/** Tells a client immediately that there is no stream for it, and why. */
export const refuseStream = (socket: WebSocket, error: AwsError): void => {
  socket.on('error', () => socket.terminate());
  sendException(socket, error);
};

/** Runs one liveness stream to its end: challenge out, signed frames in, video judged, DisconnectionEvent out. */
export const runStream = (socket: WebSocket, options: StreamOptions): void => {
  const { session, challenge, signer } = options;
  const frames = new SignedFrames(signer);
  const recording = new Recording();
  const fail = (error: unknown): void => {
    if (session.status === 'IN_PROGRESS') session.status = 'FAILED';
    sendException(socket, error);
  };
  const finish = async (): Promise<void> => {
    await judge(options, recording);
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
  // No session lives longer, and an idle stream would occupy a place.
  const timer = setTimeout(() => socket.terminate(), MAX_STREAM_MS);
  socket.on('close', () => {
    clearTimeout(timer);
    if (session.status === 'IN_PROGRESS' && !recording.isComplete) session.status = 'FAILED';
  });
  socket.send(serverFrame('event', 'ChallengeEvent', { Type: challenge.type, Version: challenge.version }));
  socket.send(serverFrame('event', 'ServerSessionInformationEvent', serverInformation(challenge)));
};
