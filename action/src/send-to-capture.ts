import { randomUUID } from 'node:crypto';
import { deriveSessionKeys } from '../../contract/protocol/derive-keys.ts';
import { sealPii } from '../../contract/protocol/seal-pii.ts';
import {
  SESSION_TOKEN_LIFETIME_SECONDS,
  SESSION_TOKEN_PARAMETER,
  SESSION_TOKEN_USE,
  type SessionTokenPayload,
  sessionAudience,
} from '../../contract/protocol/session-token.ts';
import type { PostLoginApi, PostLoginEvent } from './auth0-types.ts';
import type { Settings } from './settings.ts';

/** Transaction metadata that ties the result to the token that was sent out. */
export const NONCE_METADATA = 'verified_jti';

const MAX_NAME = 128;

/** Names as the service accepts them: no control characters, at most 128 characters. */
const printable = (text: string | undefined): string | undefined =>
  text
    ?.replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_NAME) || undefined;

const languageOf = (event: PostLoginEvent): string | undefined => {
  const tag = event.transaction?.ui_locales?.[0] ?? event.transaction?.locale;
  return tag !== undefined && /^[A-Za-z0-9-]{2,35}$/.test(tag) ? tag : undefined;
};

const payloadOf = (event: PostLoginEvent, settings: Settings, jti: string, piiKey: string): SessionTokenPayload => {
  const { user, client } = event;
  const [app, lang, name] = [printable(client.name), languageOf(event), printable(user.name)];
  const email = user.email !== undefined && user.email.length <= 254 ? user.email : undefined;
  const pii = { ...(email === undefined ? {} : { email }), ...(name === undefined ? {} : { name }) };
  return {
    v: 1,
    use: SESSION_TOKEN_USE,
    aud: sessionAudience(settings.integrationId),
    jti,
    tx: event.transaction?.id ?? '',
    cid: client.client_id,
    mode: settings.mode,
    purpose: 'mfa',
    facts: {
      emailVerified: user.email_verified === true,
      otherFactors: (user.enrolledFactors ?? user.multifactor ?? []).length > 0,
    },
    ...(app === undefined ? {} : { app }),
    ...(lang === undefined ? {} : { lang }),
    ...(Object.keys(pii).length === 0 ? {} : { pii: sealPii(pii, piiKey, jti) }),
  };
};

/** Sends the browser to the hosted page with a token that says who logs in where; nothing personal stands in it in clear. */
export const sendToCapture = (event: PostLoginEvent, api: PostLoginApi, settings: Settings): void => {
  const jti = randomUUID();
  const keys = deriveSessionKeys(settings.sessionSecrets[0], settings.integrationId);
  const token = api.redirect.encodeToken({
    secret: keys.request,
    payload: payloadOf(event, settings, jti, keys.pii),
    expiresInSeconds: SESSION_TOKEN_LIFETIME_SECONDS,
  });
  api.transaction?.setMetadata?.(NONCE_METADATA, jti);
  api.redirect.sendUserTo(`${settings.captureOrigin}/s/${settings.integrationId}`, {
    query: { [SESSION_TOKEN_PARAMETER]: token },
  });
};
