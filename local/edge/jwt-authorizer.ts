import { createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose';
import { loopbackFetch } from '../loopback-fetch.ts';

/** Who an HTTP API lets in: bearers of tokens from this issuer for this audience. */
export interface JwtAuthorizerOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly clockMs?: () => number;
}

/** Claims as the gateway passes them on: every value as text. */
export type JwtClaims = Readonly<Record<string, string>>;

/** Lists arrive as `[one other]`. AWS's page shows none; others have measured this. */
const asText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(asText).join(' ')}]`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/**
 * The JWT authorizer of an HTTP API: checks the signature by the issuer's published key that the token names (`kid`), issuer, audience
 * (`client_id` if there is no `aud`) and times. It does not distinguish ID tokens from access tokens.
 * Source: API Gateway developer guide, "Controlling access to HTTP APIs with JWT authorizers".
 * @returns the claims, or null for a token that is refused
 */
export const jwtAuthorizer = ({ issuer, audience, clockMs = Date.now }: JwtAuthorizerOptions) => {
  const base = issuer.endsWith('/') ? issuer : `${issuer}/`;
  const keys = createRemoteJWKSet(new URL(`${base}.well-known/jwks.json`), {
    [customFetch]: (url, options) => loopbackFetch(url, options),
  });
  return async (authorization: string | undefined): Promise<JwtClaims | null> => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return null;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer,
        // The gateway accepts RSA signatures only.
        algorithms: ['RS256', 'RS384', 'RS512'],
        currentDate: new Date(clockMs()),
        requiredClaims: ['exp'],
      });
      // The library does not check these: it accepts a token that names no key, or whose time of issue is in the future.
      if (protectedHeader.kid === undefined || (payload.iat ?? 0) * 1000 > clockMs()) return null;
      const meant = [payload.aud ?? payload['client_id']].flat();
      if (!meant.includes(audience)) return null;
      return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, asText(value)]));
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  };
};
