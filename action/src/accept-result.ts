import { createHmac, timingSafeEqual } from 'node:crypto';
import { deriveSessionKeys } from '../../contract/protocol/derive-keys.ts';
import { type DenyCode, isOutcome, type Outcome } from '../../contract/protocol/outcomes.ts';
import {
  RESULT_TOKEN_LIFETIME_SECONDS,
  RESULT_TOKEN_PARAMETER,
  RESULT_TOKEN_USE,
  resultAudience,
  VERIFICATION_MAX_AGE_SECONDS,
} from '../../contract/protocol/result-token.ts';
import { CLOCK_SKEW_SECONDS, STATE_PARAMETER } from '../../contract/protocol/session-token.ts';
import type { PostLoginApi, PostLoginEvent } from './auth0-types.ts';
import { nonceMetadata } from './send-to-capture.ts';
import type { Settings } from './settings.ts';

/** The service's result, once every check of the token has passed. */
export type AcceptedResult =
  | { readonly outcome: 'verified' | 'enrolled' /** Epoch seconds of the verification. */; readonly faceAt: number }
  | {
      readonly outcome: Exclude<Outcome, 'verified' | 'enrolled'>;
      /** Epoch seconds at which a lock ends; null unless locked. */
      readonly until: number | null;
    };

/** A result that must not be accepted; the message names the failed check, never a value. */
export class BadResult extends Error {
  /** A late result has its own code, since only there does signing in again help. */
  readonly code: DenyCode;

  constructor(reason: string, code: DenyCode = 'face_configuration') {
    super(`result refused: ${reason}`);
    this.name = 'BadResult';
    this.code = code;
  }
}

/** Longest result token that is parsed, in characters: its largest part is Auth0's `state` of up to 2048. */
const MAX_TOKEN_CHARACTERS = 8192;

/** The only header that the service writes; any other, above all one with key-bearing members, is refused (RFC 8725 section 3.1). */
const HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');

/**
 * The token and the state must each be present once, where Auth0 is configured to read them: its own check merges query and body, so
 * that a browser could otherwise answer with a state of its choice.
 */
const checkRequest = ({ request }: PostLoginEvent): void => {
  const sent = request.body?.[RESULT_TOKEN_PARAMETER];
  if (typeof sent !== 'string' || sent === '') throw new BadResult('no token in the body');
  if (sent.length > MAX_TOKEN_CHARACTERS) throw new BadResult('too long');
  if (!sent.startsWith(`${HEADER}.`)) throw new BadResult('header');
  if (request.query?.[RESULT_TOKEN_PARAMETER] !== undefined) throw new BadResult('token in the query');
  if (request.body?.[STATE_PARAMETER] !== undefined) throw new BadResult('state in the body');
};

const isEpochSeconds = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1_000_000_000 && value <= 9_999_999_999;

/** True for an expired token that the service signed. Auth0 refuses such a token first, with a text that is not stable. */
const isExpired = (token: string, key: string, nowSeconds: number): boolean => {
  const [head = '', body = '', signature = ''] = token.split('.');
  const wanted = createHmac('sha256', key).update(`${head}.${body}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return false;
  const { exp } = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Record<string, unknown>;
  return isEpochSeconds(exp) && exp <= nowSeconds;
};

/** Auth0 checks signature, `iat`, `exp`, `iss`, `sub` and `state`; the key of each live secret is tried. */
const validate = (
  { request }: PostLoginEvent,
  api: PostLoginApi,
  settings: Settings,
  nowSeconds: number,
): Record<string, unknown> => {
  const keys = settings.sessionSecrets.map((secret) => deriveSessionKeys(secret, settings.integrationId).result);
  for (const secret of keys) {
    try {
      return api.redirect.validateToken({ secret, tokenParameterName: RESULT_TOKEN_PARAMETER });
    } catch {
      // The previous secret may match during a rotation; if none matches, the token is bad.
    }
  }
  const token = String(request.body?.[RESULT_TOKEN_PARAMETER]);
  if (keys.some((key) => isExpired(token, key, nowSeconds))) throw new BadResult('exp', 'face_session_expired');
  throw new BadResult('token');
};

/** Binds the result to this user, login, app and integration: Auth0's own check does not cover all of these. */
const checkBinding = (claims: Record<string, unknown>, event: PostLoginEvent, settings: Settings): void => {
  const { hostname, query } = event.request;
  const nonce = event.transaction?.metadata?.[nonceMetadata(settings.integrationId)];
  const expected: Record<string, unknown> = {
    v: 1,
    use: RESULT_TOKEN_USE,
    aud: resultAudience(settings.integrationId),
    sub: event.user.user_id,
    tx: event.transaction?.id,
    cid: event.client.client_id,
    ...(hostname === undefined ? {} : { iss: hostname }),
    ...(query?.[STATE_PARAMETER] === undefined ? {} : { state: query[STATE_PARAMETER] }),
    ...(nonce === undefined ? {} : { ref: nonce }),
  };
  for (const [claim, value] of Object.entries(expected)) {
    if (value === undefined || value === '' || claims[claim] !== value) throw new BadResult(claim);
  }
};

/** Whole epoch seconds, not in the future and at most `maxAgeSeconds` ago; both with tolerance for slightly different clocks. */
const checkAge = (claim: string, at: unknown, maxAgeSeconds: number, nowSeconds: number): number => {
  if (!isEpochSeconds(at) || at > nowSeconds + CLOCK_SKEW_SECONDS) throw new BadResult(claim);
  if (nowSeconds - at > maxAgeSeconds + CLOCK_SKEW_SECONDS) throw new BadResult(claim, 'face_session_expired');
  return at;
};

const readOutcome = (claims: Record<string, unknown>, nowSeconds: number): AcceptedResult => {
  const { res, vat, until, event } = claims;
  if (!isOutcome(res)) throw new BadResult('res');
  if (res !== 'verified' && res !== 'enrolled') {
    return { outcome: res, until: res === 'locked' && isEpochSeconds(until) ? until : null };
  }
  if (event !== res) throw new BadResult('event');
  return { outcome: res, faceAt: checkAge('vat', vat, VERIFICATION_MAX_AGE_SECONDS, nowSeconds) };
};

/**
 * Accepts the result posted to `/continue`: from the POST body only, once, and bound to this user, login, app and
 * integration. Only these checks tell whose face it was: Auth0 adds `state` outside the token.
 * @param nowSeconds epoch seconds
 * @throws BadResult
 */
export const acceptResult = (
  event: PostLoginEvent,
  api: PostLoginApi,
  settings: Settings,
  nowSeconds: number,
): AcceptedResult => {
  checkRequest(event);
  const claims = validate(event, api, settings, nowSeconds);
  checkBinding(claims, event, settings);
  checkAge('iat', claims['iat'], RESULT_TOKEN_LIFETIME_SECONDS, nowSeconds);
  const result = readOutcome(claims, nowSeconds);
  // Used up: the empty nonce equals no `ref`, so the same token is refused from now on.
  api.transaction?.setMetadata?.(nonceMetadata(settings.integrationId), '');
  return result;
};
