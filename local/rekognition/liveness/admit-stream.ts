import type { IncomingMessage } from 'node:http';
import { AwsError } from '../../aws-wire/aws-error.ts';
import { type CredentialStore, requestContext } from '../../aws-wire/credentials.ts';
import { type Signer, verifyPresignedUrl } from '../../aws-wire/signature.ts';
import { type Challenge, drawChallenge } from './challenge.ts';
import { chooseChallenge } from './choose-challenge.ts';
import type { LivenessSession, LivenessSessions } from './liveness-sessions.ts';

export interface Admission {
  readonly credentials: CredentialStore;
  readonly region: string;
  readonly sessions: LivenessSessions;
  readonly clockMs: () => number;
  /** 0 to 1. */
  readonly random: () => number;
}

export interface AdmittedStream {
  readonly session: LivenessSession;
  readonly challenge: Challenge;
  readonly signer: Signer;
  readonly sdkType: string | null;
  /** Pixels. */
  readonly videoWidth: number;
  readonly videoHeight: number;
}

const STREAM_PATH = '/start-face-liveness-session-websocket';
const ACTION = 'rekognition:StartFaceLivenessSession';

const readSize = (value: string | null): number => {
  const size = Number(value);
  if (!Number.isInteger(size) || size < 100 || size > 10_000)
    throw new AwsError('ValidationException', 'Video size is out of range');
  return size;
};

/** The product in the user agent that mentions liveness, e.g. `ui-react-liveness`; otherwise the first one. At most 64 characters. */
const sdkTypeOf = (userAgent: string | null): string | null => {
  const products = (userAgent ?? '').split(' ').map((product) => product.split('/')[0] ?? '');
  const named = products.find((product) => /liveness/i.test(product)) ?? products[0] ?? '';
  return named === '' ? null : named.slice(0, 64);
};

/**
 * Checks signature, permission and session of a WebSocket's request before it is accepted, and claims the session.
 * @throws AwsError, with the HTTP status that the upgrade is refused with
 */
export const admitStream = (admission: Admission, request: IncomingMessage): AdmittedStream => {
  const { credentials, region, sessions, clockMs, random } = admission;
  const nowMs = clockMs();
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname !== STREAM_PATH) throw new AwsError('UnknownOperationException', 'Not found', 404);
  const host = request.headers.host ?? '';
  // With a custom endpoint the SDK signs the host without its port; through a rewriting client it signs AWS's own name.
  const hosts = [host, host.split(':')[0] ?? '', `streaming-rekognition.${region}.amazonaws.com`];
  const signer = verifyPresignedUrl(credentials, url, hosts, nowMs, region);
  const context = requestContext(signer.scope, nowMs);
  credentials.access.authorize(signer.credentials, { action: ACTION, resource: '*', context });
  const query = url.searchParams;
  const [videoWidth, videoHeight] = [readSize(query.get('video-width')), readSize(query.get('video-height'))];
  const session = sessions.findUnused(query.get('session-id') ?? '');
  const chosen = chooseChallenge(session.settings.preferences, query.get('challenge-versions') ?? '');
  session.status = 'IN_PROGRESS';
  return {
    session,
    signer,
    challenge: drawChallenge(chosen, videoWidth, videoHeight, random),
    videoWidth,
    videoHeight,
    sdkType: sdkTypeOf(query.get('x-amz-user-agent')),
  };
};
