import type { RequestHandler } from 'express';
import { createLocalJWKSet, type JWK, jwtVerify } from 'jose';
import { ManagementProblem } from './problem.ts';

/** Scopes of the Management API that this tenant supports. */
export const MANAGEMENT_SCOPES: readonly string[] = [
  ...['read', 'create', 'update', 'delete'].flatMap((verb) => ['actions', 'users'].map((what) => `${verb}:${what}`)),
  ...['clients', 'tenant_settings', 'organizations', 'resource_servers', 'connections', 'client_grants'].map(
    (what) => `read:${what}`,
  ),
];

/** Audience of the Management API of a tenant, by its host and port: https, as at Auth0, although this tenant uses plain http. */
export const managementAudience = (host: string): string => `https://${host}/api/v2/`;

const tokenOf = (header: string | undefined): string => /^Bearer (\S+)$/i.exec(header ?? '')?.[1] ?? '';

/** Scopes of a request's token. */
export type ScopesOf = (authorization: string | undefined) => Promise<readonly string[]>;

/**
 * Reads the token of a request.
 * @throws ManagementProblem 401 for a token that is missing, foreign, expired or meant for another API
 */
export const scopesOfToken = (jwks: readonly JWK[], issuer: string, audience: string): ScopesOf => {
  const keys = createLocalJWKSet({ keys: [...jwks] });
  return async (authorization) => {
    const token = tokenOf(authorization);
    if (token === '') throw new ManagementProblem(401, 'missing_token', 'Missing authentication');
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience });
      return typeof payload['scope'] === 'string' ? payload['scope'].split(' ') : [];
    } catch {
      throw new ManagementProblem(401, 'invalid_token', 'Invalid token');
    }
  };
};

/** Admits requests whose token has one of these scopes; the error for any other names the missing ones, as at Auth0. */
export const requireScope =
  (scopesOf: ScopesOf, ...any: readonly string[]): RequestHandler =>
  async (request, _response, next) => {
    const granted = await scopesOf(request.headers.authorization);
    if (any.some((scope) => granted.includes(scope))) return next();
    throw new ManagementProblem(403, 'insufficient_scope', `Insufficient scope, expected any of: ${any.join(',')}`);
  };
