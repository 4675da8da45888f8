import { hkdfSync } from 'node:crypto';

/**
 * The three keys that both sides derive from one Session Secret, so that a token of one direction can never pass as one
 * of the other direction (RFC 8725 section 3.12). `request` and `result` are 64 hex characters, used as HS256 key strings
 * because Auth0's `encodeToken` takes a string; `pii` is 64 hex characters of an AES-256 key.
 */
export interface SessionKeys {
  readonly request: string;
  readonly result: string;
  readonly pii: string;
}

/** 32 bytes as base64url without padding. */
const SECRET_PATTERN = /^[A-Za-z0-9_-]{43}$/;

/** The portal creates Integration Ids: `int_` and 20 lower-case base32 characters. */
export const INTEGRATION_ID_PATTERN = /^int_[a-z2-7]{20}$/;

/** True if `secret` has the form that the portal issues: 32 bytes, base64url, 43 characters. */
export const isSessionSecret = (secret: unknown): secret is string =>
  typeof secret === 'string' && SECRET_PATTERN.test(secret) && Buffer.from(secret, 'base64url').length === 32;

/** True if `id` has the form of an Integration Id. */
export const isIntegrationId = (id: unknown): id is string => typeof id === 'string' && INTEGRATION_ID_PATTERN.test(id);

const derive = (secret: Buffer, integrationId: string, label: string): string =>
  Buffer.from(hkdfSync('sha256', secret, integrationId, label, 32)).toString('hex');

/**
 * Derives the keys of one generation: HKDF-SHA256 (RFC 5869), salt = Integration Id, info = the labels below.
 * @param sessionSecret 43 characters base64url (32 bytes)
 * @param integrationId as shown in the portal
 * @throws TypeError if either has the wrong form; the message never contains the value
 */
export const deriveSessionKeys = (sessionSecret: string, integrationId: string): SessionKeys => {
  if (!isSessionSecret(sessionSecret)) throw new TypeError('the Session Secret must be 43 base64url characters');
  if (!isIntegrationId(integrationId)) throw new TypeError('the Integration Id has the wrong form');
  const secret = Buffer.from(sessionSecret, 'base64url');
  return {
    request: derive(secret, integrationId, 'verified/request/v1'),
    result: derive(secret, integrationId, 'verified/result/v1'),
    pii: derive(secret, integrationId, 'verified/pii/v1'),
  };
};
