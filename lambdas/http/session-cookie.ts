import { SESSION_HANDLE_HEADER, SESSION_HANDLE_PATTERN, sessionCookieName } from '../../contract/api/session-handle.ts';
import { isIntegrationId } from '../../contract/protocol/derive-keys.ts';
import { Problem } from '../core/model/problem.ts';
import { type SessionCredential, sessionHandle } from '../core/model/session.ts';
import type { HttpRequest } from './endpoint.ts';

/** `{integrationId}.{jti}.{secret}`, each part of its own alphabet. */
const VALUE = /^(int_[a-z2-7]{20})\.([A-Za-z0-9_-]{16,64})\.([A-Za-z0-9_-]{43})$/;

/** The cookie outlives the session a little, so that a late return still gets its answer. */
export const COOKIE_GRACE_SECONDS = 600;

/** One cookie per session: HttpOnly, Secure, host-only by its prefix (RFC 6265bis section 4.1.3.2), expiring with the session. */
export const sessionCookie = (
  handle: string,
  { integrationId, jti, secret }: SessionCredential,
  maxAgeSeconds: number,
) =>
  `${sessionCookieName(handle)}=${integrationId}.${jti}.${secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}`;

/**
 * The credential that the browser holds for `handle`, or null. The handle is derived from the session, so a cookie planted under
 * another session's name does not match. Two cookies of one name are ignored: one of them was planted.
 */
export const heldCredential = (request: HttpRequest, handle: string): SessionCredential | null => {
  const prefix = `${sessionCookieName(handle)}=`;
  const values = (request.event.cookies ?? []).filter((cookie) => cookie.startsWith(prefix));
  const match = values.length === 1 ? VALUE.exec((values[0] ?? '').slice(prefix.length)) : null;
  if (match === null) return null;
  const [, integrationId = '', jti = '', secret = ''] = match;
  if (!isIntegrationId(integrationId) || sessionHandle(integrationId, jti) !== handle) return null;
  return { integrationId, jti, secret };
};

/**
 * The credential for a call of the page: handle in the header, secret in the cookie. Unsafe methods must also come from the
 * page's own origin (OWASP ASVS 5.0 section 3.5).
 * @param publicOrigin origin of the page
 * @throws Problem `session-not-found`, `forbidden-origin`
 */
export const pageCredential = (request: HttpRequest, publicOrigin: string): SessionCredential => {
  const { headers, requestContext } = request.event;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw new Problem('forbidden-origin', 'not from the same origin');
  if (requestContext.http.method !== 'GET' && headers['origin'] !== publicOrigin) {
    throw new Problem('forbidden-origin', 'foreign or missing Origin');
  }
  const handle = headers[SESSION_HANDLE_HEADER] ?? '';
  const credential = SESSION_HANDLE_PATTERN.test(handle) ? heldCredential(request, handle) : null;
  if (credential === null) throw new Problem('session-not-found', 'no cookie of this session');
  return credential;
};
