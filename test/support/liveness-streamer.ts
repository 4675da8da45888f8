import { AsyncLocalStorage } from 'node:async_hooks';
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
export interface IssuedColor {
  readonly FreshnessColor: { readonly RGB: number[] };
  readonly DownscrollDuration: number;
  readonly FlatDisplayDuration: number;
}
/** What the server requests; the oval in pixels, colors empty without the light challenge. */
export interface IssuedChallenge {
  readonly oval: {
    readonly CenterX: number;
    readonly CenterY: number;
    readonly Width: number;
    readonly Height: number;
  };
  readonly colors: readonly IssuedColor[];
}
interface StreamingAnswer {
  readonly LivenessResponseStream?: AsyncIterable<Record<string, Record<string, unknown>>>;
}

/** What the socket of one stream needs to know of its stream. */
interface SocketContext {
  readonly tamper: StreamOptions['tamper'];
  readonly refuse: (error: Error) => void;
}

let sdk: Promise<StreamingSdk> | undefined;
const socketContext = new AsyncLocalStorage<SocketContext>();

/**
 * The browser build of the SDK's streaming client, bundled for Node: the Node build has no WebSocket. Its `wss:` connects to a local
 * server without TLS, which the signature does not cover.
 */
const loadSdk = (): Promise<StreamingSdk> => {
  class PlainWebSocket extends WebSocket {
    constructor(url: string) {
      // One event per task, as in browsers: the SDK listens for messages only after `open` has been handled.
      super(url.replace(/^wss:/, 'ws:'), { allowSynchronousEvents: false });
      // A refused upgrade reaches the SDK as a time-out of two seconds; here it is reported immediately.
      this.on('error', (error) => {
        this.#context?.refuse(error);
        this.terminate();
      });
    }

    readonly #context = socketContext.getStore();
    #sent = 0;

    override send(data: Uint8Array): void {
      super.send(this.#context?.tamper?.(data, this.#sent) ?? data);
      this.#sent += 1;
    }
  }
  Object.assign(globalThis, { WebSocket: PlainWebSocket });
  return loadBrowserBuild<StreamingSdk>(
    "export { RekognitionStreamingClient, StartFaceLivenessSessionCommand } from '@aws-sdk/client-rekognitionstreaming';",
    join(createRequire(import.meta.url).resolve('@aws-amplify/ui-react-liveness'), '..'),
  );
};

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
  /** The recording, or how to create one for what was issued. */
  readonly video: Buffer | ((issued: IssuedChallenge) => Promise<Buffer>);
  readonly startBox?: StreamBox;
  readonly endBox?: StreamBox;
  /** Changes the colors that the client reports. */
  readonly showColors?: (issued: number[][]) => number[][];
  /** Receives the oval, in pixels of the video. */
  readonly onOval?: (oval: Record<string, number>) => void;
  /** That the stream is signed for; us-east-1 by default. */
  readonly region?: string;
  /** Receives every event of the server, as the SDK reads it. */
  readonly onEvent?: (type: string, body: unknown) => void;
  /** Of the server's clock, milliseconds. */
  readonly systemClockOffset?: number;
  /** Sends nothing before it resolves. */
  readonly until?: Promise<void>;
  /** Changes the order of all events, or their content. */
  readonly reorder?: (events: object[]) => object[];
  /** Changes a signed frame before it is sent. */
  readonly tamper?: (frame: Uint8Array, index: number) => Uint8Array;
  /** Instead of sending the empty chunk that ends a video, the client leaves. */
  readonly leavesEarly?: boolean;
}

/** The client's clock when its video begins, and when its first color does. */
const VIDEO_START_MS = 1_800_000_000_000;
export const LIGHT_AFTER_MS = 1500;

const NO_OVAL = { CenterX: 320, CenterY: 240, Width: 288, Height: 466 };
const around = (x: number, y: number, width: number, height: number): StreamBox => ({
  Left: x - width / 2,
  Top: y - height / 2,
  Width: width,
  Height: height,
});

/** Plays a recorded video to a liveness stream, without a browser, as Amplify's component does. Throws what the stream throws. */
export const streamLiveness = async (options: StreamOptions): Promise<void> => {
  sdk ??= loadSdk();
  const { RekognitionStreamingClient, StartFaceLivenessSessionCommand } = await sdk;
  const client = new RekognitionStreamingClient({
    region: options.region ?? 'us-east-1',
    endpoint: options.endpoint.replace(/^http:/, 'https:'),
    credentials: options.credentials,
    maxAttempts: 1,
    systemClockOffset: options.systemClockOffset ?? 0,
  });
  let resolveChallenge: (
    challenge: Record<string, { OvalParameters: IssuedChallenge['oval']; ColorSequences?: IssuedColor[] }>,
  ) => void = () => {};
  const challenge = new Promise<Parameters<typeof resolveChallenge>[0]>((resolve) => {
    resolveChallenge = resolve;
  });
  let end: () => void = () => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  const eventsFor = (name: string, issued: readonly IssuedColor[], video: Buffer, end: StreamBox): object[] => {
    const report = (body: object) => ({
      ClientSessionInformationEvent: { Challenge: { [name]: { ChallengeId: randomUUID(), ...body } } },
    });
    const InitialFace = {
      BoundingBox: options.startBox ?? around(0.5, 0.5, 0.17, 0.3),
      InitialFaceDetectedTimestamp: VIDEO_START_MS,
    };
    const chunks = [];
    for (let at = 0; at < video.length; at += 200_000)
      chunks.push({ VideoEvent: { VideoChunk: video.subarray(at, at + 200_000), TimestampMillis: at } });
    const colors = (options.showColors ?? ((all) => all))(issued.map(({ FreshnessColor }) => [...FreshnessColor.RGB]));
    let nextMs = VIDEO_START_MS + LIGHT_AFTER_MS;
    const shown = colors.map((RGB, index) => {
      const CurrentColorStartTimestamp = nextMs;
      nextMs += (issued[index]?.DownscrollDuration ?? 0) + (issued[index]?.FlatDisplayDuration ?? 0);
      return report({
        ColorDisplayed: { CurrentColor: { RGB }, SequenceNumber: index, CurrentColorStartTimestamp },
      });
    });
    const times = {
      FaceDetectedInTargetPositionStartTimestamp: VIDEO_START_MS + 2,
      FaceDetectedInTargetPositionEndTimestamp: VIDEO_START_MS + 3,
    };
    const BoundingBox = options.endBox ?? end;
    return [
      report({ VideoStartTimestamp: VIDEO_START_MS, InitialFace }),
      ...chunks,
      ...shown,
      report({ VideoEndTimestamp: VIDEO_START_MS + 3, TargetFace: { BoundingBox, ...times } }),
      { VideoEvent: { VideoChunk: new Uint8Array(0), TimestampMillis: 4 } },
    ];
  };
  async function* events() {
    await options.until;
    const [name = 'FaceMovementChallenge', issued] = Object.entries(await challenge)[0] ?? [];
    const asked = { oval: issued?.OvalParameters ?? NO_OVAL, colors: issued?.ColorSequences ?? [] };
    const video = typeof options.video === 'function' ? await options.video(asked) : options.video;
    const end = around(asked.oval.CenterX / 640, asked.oval.CenterY / 480, 0.37, 0.7);
    yield* (options.reorder ?? ((all) => all))(eventsFor(name, asked.colors, video, end));
    if (options.leavesEarly === true) return;
    // The SDK closes the socket when the request stream ends; the answer comes first.
    await over;
  }
  const command = new StartFaceLivenessSessionCommand({
    SessionId: options.sessionId,
    VideoWidth: '640',
    VideoHeight: '480',
    ChallengeVersions: 'FaceMovementAndLightChallenge_2.0.0,FaceMovementChallenge_1.0.0',
    LivenessRequestStream: events(),
  });
  try {
    const answer = await new Promise<StreamingAnswer>((resolve, reject) => {
      const context = { tamper: options.tamper, refuse: reject };
      socketContext.run(context, () => client.send(command)).then(resolve, reject);
    });
    for await (const event of answer.LivenessResponseStream ?? []) {
      for (const [type, body] of Object.entries(event)) options.onEvent?.(type, body);
      const information = event['ServerSessionInformationEvent']?.['SessionInformation'] as
        | { Challenge: Parameters<typeof resolveChallenge>[0] }
        | undefined;
      if (information !== undefined) {
        options.onOval?.(Object.values(information.Challenge)[0]?.OvalParameters ?? {});
        resolveChallenge(information.Challenge);
      }
      if (event['DisconnectionEvent'] !== undefined) return;
    }
    throw new Error('the stream ended without a DisconnectionEvent');
  } finally {
    end();
    client.destroy();
  }
};
