import { createHmac, randomUUID } from 'node:crypto';
import { sessionAudience } from '../../contract/protocol/session-token.ts';

/** The header that Auth0's `encodeToken` writes. */
export const AUTH0_HEADER = '{"alg":"HS256","typ":"JWT"}';

const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');

/** A compact token from verbatim texts, so that tests can write what no library would. HMAC with `hash` over it. */
export const rawToken = (header: string, payload: string, key: string, hash = 'sha256'): string => {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
};

/** Claims of a session token as the Action and Auth0 create it, without personal data. */
export const plainClaims = (integrationId: string, iss: string, sub: string, now: number) => ({
  iss,
  sub,
  iat: now,
  exp: now + 300,
  ip: '203.0.113.7',
  v: 1,
  use: 'session',
  aud: sessionAudience(integrationId),
  jti: randomUUID() as string,
  tx: randomUUID() as string,
  cid: 'client-of-the-app',
  mode: 'always',
  purpose: 'mfa',
  facts: { emailVerified: true, otherFactors: false },
});

/** Headers that a forger would try; the signature uses `hash`, and is empty for `null`. */
export const HOSTILE_HEADERS: readonly { readonly header: string; readonly hash: string | null }[] = [
  ...[
    'none',
    'None',
    'NONE',
    'nOnE',
    'hs256',
    'Hs256',
    'HS256 ',
    ' HS256',
    'HS256\u0000',
    'RS256',
    'ES256',
    'PS256',
    'EdDSA',
    'A256KW',
    'dir',
    '',
  ].map((alg) => ({ header: JSON.stringify({ alg, typ: 'JWT' }), hash: /none/i.test(alg) ? null : 'sha256' })),
  { header: '{"alg":"HS384","typ":"JWT"}', hash: 'sha384' },
  { header: '{"alg":"HS512","typ":"JWT"}', hash: 'sha512' },
  ...[
    '{"typ":"JWT"}',
    '{"alg":null,"typ":"JWT"}',
    '{"alg":256,"typ":"JWT"}',
    '{"alg":["HS256"],"typ":"JWT"}',
    '{"alg":{"0":"HS256"},"typ":"JWT"}',
    '{"alg":"HS256"}',
    '{"alg":"HS256","typ":"at+jwt"}',
    '{"alg":"HS256","typ":"jwt"}',
    '{"alg":"HS256","typ":null}',
    '{"alg":"HS256","typ":"JWT","alg":"HS256"}',
    '{"alg":"none","alg":"HS256","typ":"JWT"}',
    '{"alg":"HS256","typ":"JWT","kid":"../../dev/null"}',
    '{"alg":"HS256","typ":"JWT","kid":"x\' UNION SELECT 1"}',
    '{"alg":"HS256","typ":"JWT","jku":"http://127.0.0.1:1/keys"}',
    '{"alg":"HS256","typ":"JWT","x5u":"http://127.0.0.1:1/cert"}',
    '{"alg":"HS256","typ":"JWT","jwk":{"kty":"oct","k":"AA"}}',
    '{"alg":"HS256","typ":"JWT","x5c":["AA"]}',
    '{"alg":"HS256","typ":"JWT","crit":["exp"]}',
    '{"alg":"HS256","typ":"JWT","crit":["b64"],"b64":false}',
    '{"alg":"HS256","typ":"JWT","zip":"DEF"}',
    '{"alg":"HS256","typ":"JWT","__proto__":{"kid":"x"}}',
    '{"alg":"HS256","typ":"JWT"} ',
    '{ "alg": "HS256", "typ": "JWT" }',
    '[]',
    'null',
    '"HS256"',
    '',
    '{',
  ].map((header) => ({ header, hash: 'sha256' })),
];

/** A token with one of the hostile headers, signed with the right key if its algorithm signs at all. */
export const forgedToken = (
  { header, hash }: (typeof HOSTILE_HEADERS)[number],
  payload: string,
  key: string,
): string => (hash === null ? `${encode(header)}.${encode(payload)}.` : rawToken(header, payload, key, hash));
