import { deriveSessionKeys } from '../../contract/protocol/derive-keys.ts';
import { isOutcome, type Outcome } from '../../contract/protocol/outcomes.ts';
import {
  RESULT_TOKEN_LIFETIME_SECONDS,
  RESULT_TOKEN_PARAMETER,
  RESULT_TOKEN_USE,
  resultAudience,
  VERIFICATION_MAX_AGE_SECONDS,
} from '../../contract/protocol/result-token.ts';
import type { PostLoginApi, PostLoginEvent } from './auth0-types.ts';
import { NONCE_METADATA } from './send-to-capture.ts';
import type { Settings } from './settings.ts';

/** What the service found, once every check of the token has passed. */
export interface AcceptedResult {
  readonly outcome: Outcome;
  /** Epoch seconds of the verification; null unless a success. */
  readonly faceAt: number | null;
  /** When a lock ends; null unless locked. */
  readonly until: number | null;
}

/** A result that is not ours to accept; `reason` names the check that failed, never a value. */
export class BadResult extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'BadResult';
  }
}

const CLOCK_SKEW_SECONDS = 60;

/** Auth0 checks signature, `iat`, `exp`, `iss`, `sub` and `state`; the key of each live secret is tried. */
const validate = (api: PostLoginApi, settings: Settings): Record<string, unknown> => {
  for (const secret of settings.sessionSecrets) {
    try {
      const { result } = deriveSessionKeys(secret, settings.integrationId);
      return api.redirect.validateToken({ secret: result, tokenParameterName: RESULT_TOKEN_PARAMETER });
    } catch {
      // The previous secret may fit while a rotation lasts; after the last one the token is bad.
    }
  }
  throw new BadResult('token');
};

const isFresh = (at: unknown, maxAgeSeconds: number, nowSeconds: number): at is number =>
  typeof at === 'number' &&
  at <= nowSeconds + CLOCK_SKEW_SECONDS &&
  nowSeconds - at <= maxAgeSeconds + CLOCK_SKEW_SECONDS;

const checkBinding = (
  claims: Record<string, unknown>,
  event: PostLoginEvent,
  settings: Settings,
  nowSeconds: number,
) => {
  const nonce = event.transaction?.metadata?.[NONCE_METADATA];
  const expected: Record<string, unknown> = {
    v: 1,
    use: RESULT_TOKEN_USE,
    aud: resultAudience(settings.integrationId),
    sub: event.user.user_id,
    tx: event.transaction?.id ?? null,
    cid: event.client.client_id,
    ...(typeof nonce === 'string' ? { ref: nonce } : {}),
  };
  for (const [claim, value] of Object.entries(expected)) {
    if (claims[claim] !== value) throw new BadResult(claim);
  }
  if (!isFresh(claims['iat'], RESULT_TOKEN_LIFETIME_SECONDS, nowSeconds)) throw new BadResult('age');
};

/**
 * Accepts the result that came to `/continue`: from the POST body only, once, and bound to this user, transaction, app and
 * integration. Auth0's own check does not cover whose face it was: `state` is added outside our token.
 * @throws BadResult
 */
export const acceptResult = (
  event: PostLoginEvent,
  api: PostLoginApi,
  settings: Settings,
  nowSeconds: number,
): AcceptedResult => {
  const sent = event.request.body?.[RESULT_TOKEN_PARAMETER];
  if (typeof sent !== 'string' || sent === '' || event.request.query?.[RESULT_TOKEN_PARAMETER] !== undefined) {
    throw new BadResult('no token in the body');
  }
  const claims = validate(api, settings);
  checkBinding(claims, event, settings, nowSeconds);
  const { res, vat, until, event: what } = claims;
  if (!isOutcome(res)) throw new BadResult('res');
  if (res !== 'verified' && res !== 'enrolled') {
    return { outcome: res, faceAt: null, until: typeof until === 'number' ? until : null };
  }
  if (what !== res || !isFresh(vat, VERIFICATION_MAX_AGE_SECONDS, nowSeconds)) throw new BadResult('vat');
  return { outcome: res, faceAt: vat, until: null };
};
