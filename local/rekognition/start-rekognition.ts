import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { AwsError } from '../aws-wire/aws-error.ts';
import { createAwsJsonServer } from '../aws-wire/aws-json-server.ts';
import type { CredentialStore } from '../aws-wire/credentials.ts';
import { listen, type RunningPart } from '../aws-wire/listen.ts';
import type { TroubleListener } from '../aws-wire/restart-budget.ts';
import { CallersS3 } from './callers-s3.ts';
import { controlStream, withRules } from './control/apply-rules.ts';
import { ControlRules } from './control/control-rules.ts';
import { startControl } from './control/control-server.ts';
import { EnginePool } from './engine/engine-pool.ts';
import { rekognitionError } from './errors.ts';
import { admitStream } from './liveness/admit-stream.ts';
import { LivenessSessions } from './liveness/liveness-sessions.ts';
import { ReplayMemory } from './liveness/replay-memory.ts';
import { refuseStream, runStream } from './liveness/run-stream.ts';
import type { OptionalPart } from './liveness/uncounted-parts.ts';
import { allOperations } from './operations/all-operations.ts';

export interface RekognitionOptions extends TroubleListener {
  readonly port: number;
  readonly credentials: CredentialStore;
  readonly region: string;
  /** Processes of the face engine. */
  readonly threads?: number;
  /** Liveness streams that may be open concurrently; each of them is certain to be judged. */
  readonly maxStreams?: number;
  /** Where S3 is, for images in S3 and pictures that sessions store there; absent: such calls are refused. */
  readonly s3Endpoint?: string;
  /** The control endpoint for tests, on a separate port (0: any free one); absent: there is none. */
  readonly control?: { readonly port: number };
  /** Earlier streams that a new one is compared with, so that no recording passes twice; 0: none, for tests that play a clip again. */
  readonly rememberedStreams?: number;
  /** Parts of the liveness score that are measured but not counted, for cameras that play a flat photo or a file; none by default. */
  readonly uncountedParts?: readonly OptionalPart[];
  /** Receives one line, without figures, on why a judged stream scored low (liveness.md names the parts). */
  readonly onWeakStream?: (line: string) => void;
  readonly clockMs?: () => number;
  /** 0 to 1, for oval and colors; tests pass a constant or a seeded one. */
  readonly random?: () => number;
  /** How to choose another port, for the error message if it is taken. */
  readonly portRemedy?: string;
}

export interface RunningRekognition extends RunningPart {
  /** Null unless requested. */
  readonly controlUrl: string | null;
}

/** Two images of 5 MB in base64, and the rest of a request. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const MAX_FRAME_BYTES = 12 * 1024 * 1024;
/** Images that may wait per process before the answer is ThrottlingException. */
const WAITING_PER_THREAD = 16;
const MAX_STREAMS = 32;

const refuseUpgrade = (socket: Duplex, error: unknown): void => {
  const known = error instanceof AwsError ? error : new AwsError('InternalServerException', 'Internal failure', 500);
  const body = JSON.stringify({ Message: known.message, Code: known.code });
  socket.end(
    `HTTP/1.1 ${known.status} ${known.code}\r\nx-amzn-errortype: ${known.code}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
};

/**
 * A local stand-in for the parts of Amazon Rekognition that the service uses, on its own wire protocols, with a real face model.
 * For development and tests; it is not presentation attack detection (see README.md).
 * @throws ModelError, StartError
 */
export const startRekognition = async (options: RekognitionOptions): Promise<RunningRekognition> => {
  const { credentials, region, threads = 2, maxStreams = MAX_STREAMS } = options;
  const clockMs = options.clockMs ?? Date.now;
  const random = options.random ?? Math.random;
  const { onTrouble, onBroken } = options;
  const engine = await EnginePool.start({
    ...(onTrouble === undefined ? {} : { onTrouble }),
    ...(onBroken === undefined ? {} : { onBroken }),
    processes: threads,
    maxImages: threads * WAITING_PER_THREAD,
    maxVideos: maxStreams,
  });
  const sessions = new LivenessSessions(clockMs);
  const replays = new ReplayMemory(options.rememberedStreams);
  const { uncountedParts = [], onWeakStream = () => {} } = options;
  const s3 = options.s3Endpoint === undefined ? null : new CallersS3(options.s3Endpoint, region, clockMs);
  const rules = options.control === undefined ? null : new ControlRules();
  const operations = allOperations({ engine, sessions, s3 });
  const server = createAwsJsonServer({
    credentials,
    target: 'RekognitionService',
    iamPrefix: 'rekognition',
    operations: rules === null ? operations : withRules(operations, rules, sessions),
    maxBodyBytes: MAX_BODY_BYTES,
    clockMs,
    region,
    isForBrowsers: true,
    // The shape of the developer guide's example (error handling).
    errorMembers: (Code, Logref) => ({ Code, Logref }),
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  const open = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const isFull = sockets.clients.size >= maxStreams;
    const admitted = isFull ? null : admitStream({ credentials, region, sessions, clockMs, random }, request);
    const controlled = admitted === null ? null : controlStream(admitted, rules);
    if (controlled !== null && controlled.latencyMs > 0) await sleep(controlled.latencyMs);
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      // Reported in the stream: a browser cannot read why an upgrade was refused, and would wait.
      if (controlled === null) refuseStream(webSocket, rekognitionError('ThrottlingException'));
      else if (controlled.error !== null) refuseStream(webSocket, controlled.error);
      else runStream(webSocket, { ...controlled.stream, engine, s3, replays, uncountedParts, onWeakStream });
    });
  };
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    open(request, socket, head).catch((error: unknown) => refuseUpgrade(socket, error));
  });
  try {
    const control = rules === null ? null : await startControl(rules, options.control?.port ?? 0);
    const part = await listen(server, options.port, 'Rekognition', options.portRemedy);
    return {
      ...part,
      controlUrl: control?.url ?? null,
      close: async () => {
        await control?.close();
        for (const webSocket of sockets.clients) webSocket.terminate();
        await part.close();
        await engine.close();
      },
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
};
