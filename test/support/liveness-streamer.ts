import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import WebSocket from 'ws';
import { loadBrowserBuild } from './browser-build.ts';

interface StreamingSdk {
  readonly RekognitionStreamingClient: new (
    options: object,
  ) => { send(command: unknown): Promise<StreamingAnswer>; destroy(): void };
  readonly StartFaceLivenessSessionCommand: new (input: object) => unknown;
}
interface StreamingAnswer {
  readonly LivenessResponseStream?: AsyncIterable<Record<string, Record<string, unknown>>>;
}

let sdk: Promise<StreamingSdk> | undefined;

/**
 * The browser build of the SDK's streaming client, bundled for Node: the Node build has no WebSocket. Its `wss:` goes to a local
 * server without TLS, which the signature does not cover.
 */
const loadSdk = (): Promise<StreamingSdk> => {
  class PlainWebSocket extends WebSocket {
    constructor(url: string) {
      // One event a task, as in browsers: the SDK listens for messages only after `open` was handled.
      super(url.replace(/^wss:/, 'ws:'), { allowSynchronousEvents: false });
      // A refused upgrade reaches the SDK as a time-out; without a listener it would end the process.
      this.on('error', () => this.terminate());
    }
  }
  Object.assign(globalThis, { WebSocket: PlainWebSocket });
  return loadBrowserBuild<StreamingSdk>(
    "export { RekognitionStreamingClient, StartFaceLivenessSessionCommand } from '@aws-sdk/client-rekognitionstreaming';",
    join(createRequire(import.meta.url).resolve('@aws-amplify/ui-react-liveness'), '..'),
  );
};

interface IssuedChallenge {
  readonly OvalParameters?: Record<string, number>;
  readonly ColorSequences?: readonly { readonly FreshnessColor: { readonly RGB: number[] } }[];
}

export interface StreamBox {
  readonly Left: number;
  readonly Top: number;
  readonly Width: number;
  readonly Height: number;
}

export interface StreamOptions {
  readonly endpoint: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly sessionId: string;
  readonly video: Buffer;
  readonly startBox?: StreamBox;
  readonly endBox?: StreamBox;
  /** Changes the colours that the client reports. */
  readonly showColors?: (issued: number[][]) => number[][];
  /** Is told the oval, in pixels of the video. */
  readonly onOval?: (oval: Record<string, number>) => void;
  /** Is told every event of the server, as the SDK reads it. */
  readonly onEvent?: (type: string, body: unknown) => void;
  /** Of the server's clock, milliseconds. */
  readonly systemClockOffset?: number;
  /** Sends nothing before it resolves. */
  readonly until?: Promise<void>;
}

const CENTRED = (width: number, height: number): StreamBox => ({
  Left: 0.5 - width / 2,
  Top: 0.5 - height / 2,
  Width: width,
  Height: height,
});

/** Plays a recorded video to a liveness stream, without a browser, as Amplify's component does. Throws what the stream throws. */
export const streamLiveness = async (options: StreamOptions): Promise<void> => {
  sdk ??= loadSdk();
  const { RekognitionStreamingClient, StartFaceLivenessSessionCommand } = await sdk;
  const client = new RekognitionStreamingClient({
    region: 'us-east-1',
    endpoint: options.endpoint.replace(/^http:/, 'https:'),
    credentials: options.credentials,
    maxAttempts: 1,
    systemClockOffset: options.systemClockOffset ?? 0,
  });
  let tellChallenge: (challenge: Record<string, IssuedChallenge>) => void = () => {};
  const challenge = new Promise<Parameters<typeof tellChallenge>[0]>((resolve) => {
    tellChallenge = resolve;
  });
  let end: () => void = () => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  async function* events() {
    await options.until;
    const [name = 'FaceMovementChallenge', issued] = Object.entries(await challenge)[0] ?? [];
    const report = (body: object) => ({
      ClientSessionInformationEvent: { Challenge: { [name]: { ChallengeId: randomUUID(), ...body } } },
    });
    const InitialFace = { BoundingBox: options.startBox ?? CENTRED(0.17, 0.3), InitialFaceDetectedTimestamp: 1 };
    yield report({ VideoStartTimestamp: 1, InitialFace });
    for (let at = 0; at < options.video.length; at += 200_000) {
      yield { VideoEvent: { VideoChunk: options.video.subarray(at, at + 200_000), TimestampMillis: at } };
    }
    const colors = (issued?.ColorSequences ?? []).map(({ FreshnessColor }) => FreshnessColor.RGB);
    for (const [index, RGB] of (options.showColors ?? ((all) => all))(colors).entries()) {
      const CurrentColor = { RGB };
      yield report({
        ColorDisplayed: { CurrentColor, SequenceNumber: index, CurrentColorStartTimestamp: 1000 + index * 475 },
      });
    }
    const times = { FaceDetectedInTargetPositionStartTimestamp: 2, FaceDetectedInTargetPositionEndTimestamp: 3 };
    yield report({ VideoEndTimestamp: 3, TargetFace: { BoundingBox: options.endBox ?? CENTRED(0.37, 0.7), ...times } });
    yield { VideoEvent: { VideoChunk: new Uint8Array(0), TimestampMillis: 4 } };
    // The SDK closes the socket when the request stream ends; the answer comes first.
    await over;
  }
  try {
    const answer = await client.send(
      new StartFaceLivenessSessionCommand({
        SessionId: options.sessionId,
        VideoWidth: '640',
        VideoHeight: '480',
        ChallengeVersions: 'FaceMovementAndLightChallenge_2.0.0,FaceMovementChallenge_1.0.0',
        LivenessRequestStream: events(),
      }),
    );
    for await (const event of answer.LivenessResponseStream ?? []) {
      for (const [type, body] of Object.entries(event)) options.onEvent?.(type, body);
      const information = event['ServerSessionInformationEvent']?.['SessionInformation'] as
        | { Challenge: Parameters<typeof tellChallenge>[0] }
        | undefined;
      if (information !== undefined) {
        options.onOval?.(Object.values(information.Challenge)[0]?.OvalParameters ?? {});
        tellChallenge(information.Challenge);
      }
      if (event['DisconnectionEvent'] !== undefined) return;
    }
    throw new Error('the stream ended without a DisconnectionEvent');
  } finally {
    end();
    client.destroy();
  }
};
