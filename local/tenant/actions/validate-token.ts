import { createHmac, timingSafeEqual } from 'node:crypto';

export interface ExpectedToken {
  readonly secret: string;
  readonly issuer: string;
  readonly state: unknown;
  readonly subject: string;
  readonly nowSeconds: number;
}

const fail = (reason: string): never => {
  throw new Error(`The session token is invalid: ${reason}`);
};

const parsePart = (part: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Same reason as for any other malformed token.
  }
  return fail('malformed token');
};

/**
 * `api.redirect.validateToken`, as strict as all known observations of Auth0's closed validator combined: HS256 signature, `typ`
 * JWT, `iat`, `exp`, `sub`, `iss` present, `iss` equal to the tenant host, `sub` to the user, `state` to that of /continue.
 * @throws Error with the reason, in Auth0's words if they are known
 */
export const validateToken = (token: string, expected: ExpectedToken): Record<string, unknown> => {
  const [head = '', body = '', signature = '', ...more] = token.split('.');
  if (more.length > 0) fail('malformed token');
  const header = parsePart(head);
  if (header['alg'] !== 'HS256') fail('unexpected algorithm');
  if (header['typ'] !== 'JWT') fail('unexpected type');
  const wanted = createHmac('sha256', expected.secret).update(`${head}.${body}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) fail('Failed signature verification');
  const claims = parsePart(body);
  const { iat, exp, sub, iss, state } = claims;
  if (typeof iat !== 'number' || typeof exp !== 'number' || typeof sub !== 'string' || typeof iss !== 'string') {
    fail('Missing or invalid standard claims');
  }
  if (iss !== expected.issuer) fail('Missing or invalid standard claims');
  if (sub !== expected.subject) fail('The subject does not match the user');
  if ((exp as number) <= expected.nowSeconds) fail('The token has expired');
  if (state !== expected.state) fail('State in the token does not match the /continue state');
  return claims;
};
