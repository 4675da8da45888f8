import { createHmac } from 'node:crypto';
import type { ActionEffects } from './action-effects.ts';
import type { ActionEvent } from './action-event.ts';
import { validateToken } from './validate-token.ts';

/** Protocols that `canRedirect` refuses in Auth0's own source; deprecated there and incomplete. */
const NO_REDIRECT = ['oauth2-resource-owner', 'oauth2-refresh-token', 'oauth2-password', 'oauth2-webauthn'];
const DEFAULT_TOKEN_LIFETIME_SECONDS = 900;

interface EncodeTokenOptions {
  readonly secret: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly expiresInSeconds?: number;
}

interface ValidateTokenOptions {
  readonly secret: string;
  readonly tokenParameterName?: string;
}

const encodePart = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const encodeToken = (event: ActionEvent, nowSeconds: number, options: EncodeTokenOptions): string => {
  // The payload is spread last: a key named like a standard claim replaces it, as in Auth0's own source.
  const claims = {
    iat: nowSeconds,
    iss: event.request.hostname,
    sub: event.user.user_id,
    exp: nowSeconds + (options.expiresInSeconds ?? DEFAULT_TOKEN_LIFETIME_SECONDS),
    ip: event.request.ip,
    ...options.payload,
  };
  const signed = `${encodePart({ alg: 'HS256', typ: 'JWT' })}.${encodePart(claims)}`;
  return `${signed}.${createHmac('sha256', options.secret).update(signed).digest('base64url')}`;
};

/**
 * `api.redirect` of one handler call, based on the public source of Auth0's Actions (`auth0/auth0-actions`).
 * @param self returns the whole `api`, so that calls can be chained
 */
export const createRedirectApi = (
  event: ActionEvent,
  effects: ActionEffects,
  isContinue: boolean,
  nowSeconds: number,
  self: () => object,
) => ({
  canRedirect: (): boolean =>
    event.request.query['prompt'] !== 'none' && !NO_REDIRECT.includes(event.transaction?.protocol ?? ''),
  encodeToken: (options: EncodeTokenOptions): string => encodeToken(event, nowSeconds, options),
  /** Refused after a redirect: Auth0's behavior there is not documented. */
  sendUserTo: (address: string, options: { query?: Readonly<Record<string, string>> } = {}): object => {
    if (isContinue) throw new Error('sendUserTo is available in onExecutePostLogin only');
    const url = new URL(address);
    if (!/^https?:$/.test(url.protocol)) throw new Error('The URL must be http or https');
    for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.set(name, value);
    effects.redirect = url.href;
    return self();
  },
  /** The body takes precedence over the query, as in Auth0. */
  validateToken: (options: ValidateTokenOptions): Record<string, unknown> => {
    const parameters = { ...event.request.query, ...event.request.body };
    const token = parameters[options.tokenParameterName ?? 'session_token'];
    if (typeof token !== 'string' || token === '') throw new Error('There is no session token in the request');
    return validateToken(token, {
      secret: options.secret,
      issuer: event.request.hostname,
      state: parameters['state'],
      subject: event.user.user_id,
      nowSeconds,
    });
  },
});
