import { randomBytes } from 'node:crypto';
import { methodUrl } from '../../contract/protocol/claims.ts';
import { deriveSessionKeys } from '../../contract/protocol/derive-keys.ts';
import { type Pii, SEALED_PII_MAX_LENGTH, sealPii } from '../../contract/protocol/seal-pii.ts';
import {
  type EnrollmentFacts,
  SESSION_TOKEN_LIFETIME_SECONDS,
  SESSION_TOKEN_PARAMETER,
  SESSION_TOKEN_USE,
  type SessionTokenPayload,
  sessionAudience,
} from '../../contract/protocol/session-token.ts';
import type { PostLoginApi, PostLoginEvent } from './auth0-types.ts';
import type { Settings } from './settings.ts';

/** Transaction metadata that binds the result to the token that was sent; each integration has its own. */
export const nonceMetadata = (integrationId: string): string => `verified_jti_${integrationId}`;

const MAX_NAME_CHARACTERS = 128;
const MAX_EMAIL_CHARACTERS = 254;

/** A name as the service accepts it: at most 128 characters, no control character, no lone surrogate. */
const printable = (text: unknown): string | undefined => {
  if (typeof text !== 'string') return undefined;
  const cut = text.replace(/[\p{Cc}\p{Cs}]+/gu, ' ').trim();
  return (
    cut
      .slice(0, MAX_NAME_CHARACTERS)
      .replace(/\p{Cs}/gu, '')
      .trim() || undefined
  );
};

const languageOf = (event: PostLoginEvent): string | undefined => {
  const tag: unknown = event.transaction?.ui_locales?.[0] ?? event.transaction?.locale;
  return typeof tag === 'string' && /^[A-Za-z0-9-]{2,35}$/.test(tag) ? tag : undefined;
};

/** Enrolled at Auth0 as a second factor: neither this integration's method nor codes that only replace another factor. */
const isOtherFactor = (factor: unknown, ownMethod: string): boolean => {
  const { type, method, name } = (typeof factor === 'object' && factor !== null ? factor : { name: factor }) as {
    /** The name in Auth0's types; older samples use the next two. */
    type?: unknown;
    method?: unknown;
    name?: unknown;
  };
  const kind = type ?? method ?? name;
  return typeof kind === 'string' && kind !== '' && kind !== ownMethod && kind !== 'recovery-code';
};

/** True if this browser session passed the tenant's own second factor (Auth0 docs, "Post-Login event object"). */
const hasPassedOther = ({ authentication }: PostLoginEvent): boolean =>
  (authentication?.methods ?? []).some((method) => (method as { name?: unknown } | null)?.name === 'mfa');

/**
 * An enrolled factor counts as long as the tenant requires it after the face. If the face replaces it, it has to be passed
 * first: otherwise a password alone would enroll a face, and that face would open the account past the factor (T26).
 */
const factsOf = (event: PostLoginEvent, { integrationId, skipTenantMfa }: Settings): EnrollmentFacts => {
  const { user } = event;
  const ownMethod = methodUrl(integrationId);
  const factors = [...(user.enrolledFactors ?? []), ...(user.multifactor ?? [])];
  const hasOther = factors.some((factor) => isOtherFactor(factor, ownMethod));
  return {
    emailVerified: user.email_verified === true,
    otherFactors: skipTenantMfa ? hasPassedOther(event) : hasOther,
  };
};

/** E-mail and name, sealed; first the name, then both are omitted if they would be too long for the service. */
const sealedPiiOf = ({ user }: PostLoginEvent, piiKey: string, jti: string): string | undefined => {
  const name = printable(user.name);
  const hasEmail = typeof user.email === 'string' && user.email !== '' && user.email.length <= MAX_EMAIL_CHARACTERS;
  const email: Pii = hasEmail && user.email !== undefined ? { email: user.email } : {};
  const candidates: readonly Pii[] = [{ ...email, ...(name === undefined ? {} : { name }) }, email];
  return candidates
    .filter((pii) => Object.keys(pii).length > 0)
    .map((pii) => sealPii(pii, piiKey, jti))
    .find((sealed) => sealed.length <= SEALED_PII_MAX_LENGTH);
};

const payloadOf = (event: PostLoginEvent, settings: Settings, jti: string, piiKey: string): SessionTokenPayload => {
  const app = printable(event.client.name);
  const lang = languageOf(event);
  const pii = sealedPiiOf(event, piiKey, jti);
  return {
    v: 1,
    use: SESSION_TOKEN_USE,
    aud: sessionAudience(settings.integrationId),
    jti,
    tx: event.transaction?.id ?? '',
    cid: event.client.client_id,
    mode: settings.mode === 'always' ? 'always' : 'on-demand',
    purpose: 'mfa',
    facts: factsOf(event, settings),
    ...(app === undefined ? {} : { app }),
    ...(lang === undefined ? {} : { lang }),
    ...(pii === undefined ? {} : { pii }),
  };
};

/**
 * Sends the browser to the hosted page with a token that says who logs in where; it contains no personal data in clear text.
 * Under `prompt=none` Auth0 turns the redirect into `interaction_required`.
 */
export const sendToCapture = (event: PostLoginEvent, api: PostLoginApi, settings: Settings): void => {
  const jti = randomBytes(16).toString('base64url');
  const keys = deriveSessionKeys(settings.sessionSecrets[0], settings.integrationId);
  const token = api.redirect.encodeToken({
    secret: keys.request,
    payload: payloadOf(event, settings, jti, keys.pii),
    expiresInSeconds: SESSION_TOKEN_LIFETIME_SECONDS,
  });
  api.transaction?.setMetadata?.(nonceMetadata(settings.integrationId), jti);
  // Last, so that nothing can fail once the browser is on its way.
  api.redirect.sendUserTo(`${settings.captureOrigin}/s/${settings.integrationId}`, {
    query: { [SESSION_TOKEN_PARAMETER]: token },
  });
};
