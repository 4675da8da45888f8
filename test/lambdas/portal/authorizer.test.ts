import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type JwtClaims, jwtAuthorizer } from '../../../local/edge/jwt-authorizer.ts';
import { START } from '../../support/world.ts';

const AUDIENCE = 'verified-portal';

let server: Server;
let issuer: string;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let strangers: Awaited<ReturnType<typeof generateKeyPair>>;
let authorize: (authorization: string | undefined) => Promise<JwtClaims | null>;
beforeAll(async () => {
  [keys, strangers] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256' }] });
  server = createServer((_request, response) => response.end(jwks));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A name that only browsers resolve, like the local tenant's.
  issuer = `http://tenant.localhost:${(server.address() as AddressInfo).port}/`;
  authorize = jwtAuthorizer({ issuer, audience: AUDIENCE, clockMs: () => START * 1000 });
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const sign = (payload: Readonly<Record<string, unknown>>, key = keys.privateKey): Promise<string> =>
  new SignJWT({ iss: issuer, sub: 'auth0|olivia', aud: AUDIENCE, iat: START, exp: START + 60, ...payload })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .sign(key);

test('T67 a token of the issuer for the portal identifies its operator; every claim becomes text, as in AWS', async () => {
  const token = await sign({ email: 'olivia@example.com', email_verified: true, auth_time: START });
  expect(await authorize(`Bearer ${token}`)).toMatchObject({
    sub: 'auth0|olivia',
    email: 'olivia@example.com',
    email_verified: 'true',
    auth_time: String(START),
  });
  expect(await authorize(`Bearer ${await sign({ aud: undefined, client_id: AUDIENCE })}`)).not.toBeNull();
  const lists = await authorize(`Bearer ${await sign({ aud: [AUDIENCE, 'other'], groups: ['a', 'b'] })}`);
  expect(lists).toMatchObject({ aud: `[${AUDIENCE} other]`, groups: '[a b]' });
});

test.each<[string, () => Promise<string | undefined>]>([
  ['no header', async () => undefined],
  ['another scheme', async () => `Basic ${await sign({})}`],
  ['something that is no token', async () => 'Bearer a.b'],
  ['a token for another audience', async () => `Bearer ${await sign({ aud: 'harbour-bank' })}`],
  ['a token of another issuer', async () => `Bearer ${await sign({ iss: 'https://evil.example.com/' })}`],
  ['an expired token', async () => `Bearer ${await sign({ exp: START })}`],
  ['a token that never ends', async () => `Bearer ${await sign({ exp: undefined })}`],
  [
    'a token of another app: `client_id` counts only if there is no `aud`',
    async () => `Bearer ${await sign({ aud: 'harbour-bank', client_id: AUDIENCE })}`,
  ],
  ['a token that is not valid yet', async () => `Bearer ${await sign({ nbf: START + 1 })}`],
  ['a token that will be issued', async () => `Bearer ${await sign({ iat: START + 1 })}`],
  [
    'a token that names no key',
    async () =>
      `Bearer ${await new SignJWT({ iss: issuer, sub: 'x', aud: AUDIENCE, exp: START + 60 })
        .setProtectedHeader({ alg: 'RS256' })
        .sign(keys.privateKey)}`,
  ],
  ['a token signed by a stranger', async () => `Bearer ${await sign({}, strangers.privateKey)}`],
  [
    'a token without signature',
    async () => `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await sign({})).split('.')[1]}.`,
  ],
  [
    'a token signed with the public key as a secret',
    async () =>
      `Bearer ${await new SignJWT({ iss: issuer, sub: 'x', aud: AUDIENCE, exp: START + 60 })
        .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
        .sign(new TextEncoder().encode(JSON.stringify(await exportJWK(keys.publicKey))))}`,
  ],
])('T67 %s lets nobody in', async (_name, authorization) => {
  expect(await authorize(await authorization())).toBeNull();
});
