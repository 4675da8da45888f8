import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { AwsError } from '../aws-wire/aws-error.ts';
import { accessDenied, createAwsJsonServer } from '../aws-wire/aws-json-server.ts';
import { type CredentialStore, isAllowed } from '../aws-wire/credentials.ts';
import { listen, type RunningPart } from '../aws-wire/listen.ts';
import { verifyPresignedUrl } from '../aws-wire/signature.ts';
import { EnginePool } from './engine/engine-pool.ts';
import { drawChallenge } from './liveness/challenge.ts';
import { LivenessSessions } from './liveness/liveness-sessions.ts';
import { runStream, type StreamOptions } from './liveness/run-stream.ts';
import { rekognitionOperations } from './operations.ts';

export interface RekognitionOptions {
  readonly port: number;
  readonly credentials: CredentialStore;
  readonly region: string;
  /** Worker threads of the face engine. */
  readonly threads?: number;
  readonly clockMs?: () => number;
  /** 0 to 1, for oval and colours; tests give a constant or a seeded one. */
  readonly random?: () => number;
  /** How to choose another port, for the message where it is taken. */
  readonly portRemedy?: string;
}

const STREAM_PATH = '/start-face-liveness-session-websocket';
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const MAX_FRAME_BYTES = 12 * 1024 * 1024;
/** Jobs that wait per worker before the answer is ThrottlingException. */
const WAITING_PER_THREAD = 16;

const readSize = (value: string | null): number => {
  const size = Number(value);
  if (!Number.isInteger(size) || size < 100 || size > 10_000)
    throw new AwsError('ValidationException', 'Video size is out of range');
  return size;
};

/** Checks signature, permission and session before the socket is accepted. */
const admit = (
  options: RekognitionOptions,
  engine: EnginePool,
  sessions: LivenessSessions,
  request: IncomingMessage,
): StreamOptions => {
  const nowMs = (options.clockMs ?? Date.now)();
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname !== STREAM_PATH) throw new AwsError('UnknownOperationException', 'Not found', 404);
  const host = request.headers.host ?? '';
  // With a custom endpoint the SDK signs the host without its port; through a rewriting client it signs AWS's own name.
  const hosts = [host, host.split(':')[0] ?? '', `streaming-rekognition.${options.region}.amazonaws.com`];
  const signer = verifyPresignedUrl(options.credentials, url, hosts, nowMs, options.region);
  if (!isAllowed(signer.credentials, 'rekognition:StartFaceLivenessSession', nowMs)) {
    throw accessDenied(signer.credentials, 'rekognition:StartFaceLivenessSession', 403);
  }
  const [width, height] = [
    readSize(url.searchParams.get('video-width')),
    readSize(url.searchParams.get('video-height')),
  ];
  const session = sessions.begin(url.searchParams.get('session-id') ?? '');
  const challenge = drawChallenge(session.challenge, width, height, options.random ?? Math.random);
  return { engine, session, challenge, signer };
};

const refuse = (socket: Duplex, error: unknown): void => {
  const known = error instanceof AwsError ? error : new AwsError('InternalServerException', 'Internal failure', 500);
  const body = JSON.stringify({ Message: known.message, Code: known.code });
  socket.end(
    `HTTP/1.1 ${known.status} ${known.code}\r\nx-amzn-errortype: ${known.code}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
};

/**
 * A local stand-in for the parts of Amazon Rekognition that the service uses, on its own wire protocols, with a real face model.
 * For development and tests; it is no presentation attack detection (see README.md).
 * @throws ModelError, StartError
 */
export const startRekognition = async (options: RekognitionOptions): Promise<RunningPart> => {
  const clockMs = options.clockMs ?? Date.now;
  const threads = options.threads ?? 2;
  const engine = await EnginePool.start(threads, threads * WAITING_PER_THREAD);
  const sessions = new LivenessSessions(clockMs);
  const server = createAwsJsonServer({
    credentials: options.credentials,
    target: 'RekognitionService',
    iamPrefix: 'rekognition',
    operations: rekognitionOperations(engine, sessions),
    maxBodyBytes: MAX_BODY_BYTES,
    clockMs,
    region: options.region,
    // The shape of the developer guide's example (error handling).
    errorMembers: (Code, Logref) => ({ Code, Logref }),
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    try {
      const admitted = admit(options, engine, sessions, request);
      sockets.handleUpgrade(request, socket, head, (webSocket) => runStream(webSocket, admitted));
    } catch (error) {
      refuse(socket, error);
    }
  });
  try {
    const part = await listen(server, options.port, 'Rekognition', options.portRemedy);
    return {
      ...part,
      close: async () => {
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
