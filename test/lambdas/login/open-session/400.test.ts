import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HttpAnswer } from '../../../../lambdas/http/endpoint.ts';
import { rowsOf, withoutSupportId } from '../../../support/inspect.ts';
import { Browser, claimsFor, openLogin, readReturnPage, signToken } from '../../../support/login.ts';
import { AUTH0_HEADER, forgedToken, HOSTILE_HEADERS, rawToken } from '../../../support/raw-token.ts';
import { createWorld, type TestIntegration, type World } from '../../../support/world.ts';

let world: World;
let integration: TestIntegration;
let key: string;
/** The answer that every bad link gets. */
let refused: ReturnType<typeof withoutSupportId>;
beforeAll(async () => {
  world = await createWorld();
  integration = await world.newIntegration();
  key = world.keysOf(integration).request;
  refused = withoutSupportId(await open('x.y.z'));
});
afterAll(() => world.close());

const open = (token: string, state = 'state', integrationId = integration.integrationId): Promise<HttpAnswer> =>
  new Browser(world.handlers).open(integrationId, token, state);
const good = (change: object = {}) => ({ ...claimsFor(world, integration, 'auth0|a'), ...change });
const expectRefused = async (answer: HttpAnswer) => {
  expect(withoutSupportId(answer)).toEqual(refused);
  expect(answer.statusCode).toBe(400);
  expect(answer.cookies).toBeUndefined();
};

test.each(HOSTILE_HEADERS)('T1 T2 $header: the same answer as for all bad links', async (hostile) => {
  await expectRefused(await open(forgedToken(hostile, JSON.stringify(good()), key)));
});

test('T2 keys that a token points at are never fetched', async () => {
  let connections = 0;
  const trap = createServer((_, response) => response.end('{"keys":[]}'));
  trap.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/keys`;
  for (const member of ['jku', 'x5u', 'kid', 'x5c', 'jwk', 'iss']) {
    const header = JSON.stringify({ alg: 'HS256', typ: 'JWT', [member]: url });
    await expectRefused(await open(rawToken(header, JSON.stringify(good({ iss: url })), key)));
  }
  expect(connections).toBe(0);
  await new Promise((resolve) => trap.close(resolve));
});

describe('T14 T70 the answer does not disclose what was wrong', () => {
  const cases: Readonly<Record<string, () => Promise<HttpAnswer>>> = {
    'unknown integration': async () => open(await signToken(good(), key), 'state', `int_${'z'.repeat(20)}`),
    'no integration id': async () => open(await signToken(good(), key), 'state', '../../etc'),
    'signature of a stranger': async () => open(await signToken(good(), 'f'.repeat(64))),
    'the key for unknown integrations': async () => open(await signToken(good(), '0'.repeat(64))),
    'that key, for an unknown integration': async () =>
      open(
        await signToken(good({ aud: `verified:int_${'z'.repeat(20)}` }), '0'.repeat(64)),
        'state',
        `int_${'z'.repeat(20)}`,
      ),
    'audience of another integration': async () => open(await signToken(good({ aud: 'verified:int_x' }), key)),
    'issuer that is not registered': async () => open(await signToken(good({ iss: 'evil.eu.auth0.com' }), key)),
    'too old': async () => open(await signToken(good({ iat: world.now() - 301 }), key)),
    'from the future': async () => open(await signToken(good({ iat: world.now() + 31 }), key)),
    expired: async () => open(await signToken(good({ exp: world.now() - 31 }), key)),
    'no token': async () => open(''),
    'personal data under another key': async () => open(await signToken(good({ pii: 'A'.repeat(64) }), key)),
    'subject with a lone surrogate, bad signature': async () =>
      open(rawToken(AUTH0_HEADER, JSON.stringify(good()).replace('auth0|a', 'auth0|\\ud800'), 'x')),
    'subject with a lone surrogate, good signature': async () =>
      open(rawToken(AUTH0_HEADER, JSON.stringify(good()).replace('auth0|a', 'auth0|\\ud800'), key)),
    'subject of 300 characters': async () => open(await signToken(good({ sub: 'x'.repeat(300) }), 'f'.repeat(64))),
  };
  test.each(Object.keys(cases))('%s', async (name) => {
    const answer = await cases[name]?.();
    if (answer === undefined) throw new Error('no case');
    await expectRefused(answer);
  });
  test('a disabled integration looks no different to a caller without a valid token', async () => {
    const closed = await world.newIntegration({ enabled: false });
    await expectRefused(await open(await signToken(good(), key), 'state', closed.integrationId));
  });
});

test.each(['', ' ', 'a b', 'a\r\nb', 'a\u0000', 'ä', 'x'.repeat(2049)])(
  'T32 the state %j cannot be Auth0’s',
  async (state) => {
    await expectRefused(await open(await signToken(good(), key), state));
  },
);

test('T60 a link of 2 MB costs nothing and gets the same answer', async () => {
  await expectRefused(await open('A'.repeat(2_000_000), 'B'.repeat(2_000_000), `int_${'c'.repeat(2_000_000)}`));
});

test('T4 a result token does not open a session', async () => {
  const browser = await openLogin(world, integration, world.newExternalId());
  await browser.send('endSession', { reason: 'declined' });
  const { token } = await readReturnPage(world, integration, await browser.giveBack());
  await expectRefused(await open(token));
  await expectRefused(await open(await signToken(good(), world.keysOf(integration).result)));
  await expectRefused(await open(await signToken(good(), world.keysOf(integration).pii)));
});

test('T31 the same secret under another Integration Id signs nothing', async () => {
  const other = { ...integration, integrationId: `int_${'b'.repeat(20)}` };
  await expectRefused(await open(await signToken(good(), world.keysOf(other).request)));
});

test('T14 a bad link leaves nothing behind', async () => {
  const untouched = await world.newIntegration();
  await open(await signToken(claimsFor(world, untouched, 'auth0|a'), key), 'state', untouched.integrationId);
  expect(await rowsOf(world, 'SESSION_TABLE', untouched.integrationId)).toEqual([]);
  expect(await rowsOf(world, 'USER_TABLE', untouched.integrationId)).toEqual([]);
});
