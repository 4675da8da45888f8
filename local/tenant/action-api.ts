import { createHmac } from 'node:crypto';
import type { ActionEvent } from './action-event.ts';
import { validateToken } from './validate-token.ts';

/** What the Actions of one step asked for. */
export interface ActionEffects {
  denied: string | null;
  redirect: string | null;
  readonly idTokenClaims: Map<string, unknown>;
  readonly accessTokenClaims: Map<string, unknown>;
  readonly recordedMethods: string[];
  readonly transactionMetadata: Map<string, string | number | boolean>;
  readonly refreshTokenMetadata: Map<string, string>;
  readonly appMetadata: Map<string, unknown>;
}

export const newEffects = (): ActionEffects => ({
  denied: null,
  redirect: null,
  idTokenClaims: new Map(),
  accessTokenClaims: new Map(),
  recordedMethods: [],
  transactionMetadata: new Map(),
  refreshTokenMetadata: new Map(),
  appMetadata: new Map(),
});

/** Claims that an Action can not set: dropped silently, as Auth0 does (Auth0 docs, "Create custom claims"; the common ones). */
const RESTRICTED =
  'acr act amr aud auth_time azp exp groups iat iss jti nbf nonce org_id org_name permissions roles sid sub'.split(' ');
const METADATA_BYTES = 8192;

const isNamespaced = (name: string): boolean => {
  const url = URL.canParse(name) ? new URL(name) : null;
  return (
    url !== null && /^https?:$/.test(url.protocol) && !/(^|\.)(auth0\.com|webtask\.io|webtask\.run)$/.test(url.hostname)
  );
};

const claimSetter = (claims: Map<string, unknown>, api: () => object) => ({
  setCustomClaim: (name: string, value: unknown) => {
    if (name === 'scope') throw new Error('Cannot set the "scope" claim');
    if (!RESTRICTED.includes(name) && isNamespaced(name)) claims.set(name, value);
    return api();
  },
});

const encodeToken =
  (event: ActionEvent, nowSeconds: number) =>
  (options: { secret: string; payload: Record<string, unknown>; expiresInSeconds?: number }): string => {
    // The payload is spread last: a key named like a standard claim replaces it, as in Auth0's own source.
    const claims = {
      iat: nowSeconds,
      iss: event.request.hostname,
      sub: event.user.user_id,
      exp: nowSeconds + (options.expiresInSeconds ?? 900),
      ip: event.request.ip,
      ...options.payload,
    };
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return `${signed}.${createHmac('sha256', options.secret).update(signed).digest('base64url')}`;
  };

const sendUserTo =
  (effects: ActionEffects, api: () => object) =>
  (address: string, options: { query?: Record<string, string> } = {}) => {
    const url = new URL(address);
    if (!/^https?:$/.test(url.protocol)) throw new Error('The URL must be http or https');
    for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.set(name, value);
    effects.redirect = url.href;
    return api();
  };

/** Protocols that `canRedirect` refuses in Auth0's own source; deprecated there and incomplete. */
const NO_REDIRECT = ['oauth2-resource-owner', 'oauth2-refresh-token', 'oauth2-password', 'oauth2-webauthn'];

/**
 * The `api` of a post-login Action.
 * @param isContinue only `onContinuePostLogin` may record methods and validate tokens
 */
export const createActionApi = (
  event: ActionEvent,
  effects: ActionEffects,
  isContinue: boolean,
  nowSeconds: number,
) => {
  const self = (): object => api;
  const api = {
    access: {
      deny: (reason: string) => {
        effects.denied ??= reason;
        return api;
      },
    },
    authentication: {
      recordMethod: (url: string) => {
        if (!isContinue) throw new Error('recordMethod is available in onContinuePostLogin only');
        if (!/^https?:\/\//.test(url)) throw new Error('The provider URL must be http or https');
        effects.recordedMethods.push(url);
        return api;
      },
    },
    idToken: claimSetter(effects.idTokenClaims, self),
    accessToken: claimSetter(effects.accessTokenClaims, self),
    refreshToken: {
      setMetadata: (name: string, value: string) => {
        if (String(value).length > 255) throw new Error('Refresh token metadata values have at most 255 characters');
        effects.refreshTokenMetadata.set(name, value);
        return api;
      },
    },
    transaction: {
      setMetadata: (name: string, value: string | number | boolean) => {
        if (name.length > 64 || String(value).length > METADATA_BYTES)
          throw new Error('Transaction metadata is too large');
        effects.transactionMetadata.set(name, value);
        return api;
      },
    },
    user: {
      setAppMetadata: (name: string, value: unknown) => {
        effects.appMetadata.set(name, value);
        return api;
      },
    },
    multifactor: { enable: () => api },
    redirect: {
      canRedirect: () =>
        event.request.query['prompt'] !== 'none' && !NO_REDIRECT.includes(event.transaction?.protocol ?? ''),
      encodeToken: encodeToken(event, nowSeconds),
      sendUserTo: sendUserTo(effects, self),
      validateToken: (options: { secret: string; tokenParameterName?: string }) => {
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
    },
  };
  return api;
};
