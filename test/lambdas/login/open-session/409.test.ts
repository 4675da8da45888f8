import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsOf } from '../../../support/inspect.ts';
import { Browser, claimsFor, signToken } from '../../../support/login.ts';
import { createWorld, type World } from '../../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const prepare = async () => {
  const integration = await world.newIntegration();
  const token = await signToken(claimsFor(world, integration, 'auth0|a'), world.keysOf(integration).request);
  return { integration, id: integration.integrationId, token };
};

test('T7 of 50 browsers that open one link concurrently exactly one gets the session', async () => {
  const { id, token } = await prepare();
  const browsers = Array.from({ length: 50 }, () => new Browser(world.handlers));
  const answers = await Promise.all(browsers.map((browser) => browser.open(id, token)));
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, ...Array(49).fill(409)]);
  expect(answers.filter(({ cookies }) => (cookies?.length ?? 0) > 0)).toHaveLength(1);
  expect(await rowsOf(world, 'SESSION_TABLE', id)).toHaveLength(1);
});

test('T7 changing the unused bits of the signature’s last character does not make it a second link', async () => {
  const { id, token } = await prepare();
  expect((await new Browser(world.handlers).open(id, token)).statusCode).toBe(303);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  for (const last of alphabet) {
    const answer = await new Browser(world.handlers).open(id, token.slice(0, -1) + last);
    expect([400, 409]).toContain(answer.statusCode);
  }
  for (const padded of [`${token}=`, `${token}==`, `${token} `, token.replace('.', '=.')]) {
    expect([400, 409]).toContain((await new Browser(world.handlers).open(id, padded)).statusCode);
  }
  expect(await rowsOf(world, 'SESSION_TABLE', id)).toHaveLength(1);
});

test('T7 another token with the same jti is the same link', async () => {
  const { integration, id } = await prepare();
  const claims = claimsFor(world, integration, 'auth0|a');
  const key = world.keysOf(integration).request;
  expect((await new Browser(world.handlers).open(id, await signToken(claims, key))).statusCode).toBe(303);
  const other = await signToken({ ...claims, sub: 'auth0|b', tx: 'other' }, key);
  expect((await new Browser(world.handlers).open(id, other)).statusCode).toBe(409);
});

test('T19 a stranger who opens the link second does not disturb the session', async () => {
  const { id, token } = await prepare();
  const owner = new Browser(world.handlers);
  await owner.open(id, token);
  const before = await rowsOf(world, 'SESSION_TABLE', id);
  const stranger = await new Browser(world.handlers).open(id, token, 'other-state');
  expect(stranger.statusCode).toBe(409);
  expect(stranger.cookies).toBeUndefined();
  expect(await rowsOf(world, 'SESSION_TABLE', id)).toEqual(before);
  expect((await owner.view()).state).toBe('open');
});

test('T19 a cookie of another session, or a wrong secret, does not resume', async () => {
  const [one, other] = [await prepare(), await prepare()];
  const owner = new Browser(world.handlers);
  await owner.open(one.id, one.token);
  const thief = new Browser(world.handlers);
  await thief.open(other.id, other.token);
  expect((await thief.open(one.id, one.token)).statusCode).toBe(409);
  const guesser = new Browser(world.handlers);
  guesser.cookies.push((owner.cookies[0] ?? '').replace(/.{43}$/, 'g'.repeat(43)));
  expect((await guesser.open(one.id, one.token)).statusCode).toBe(409);
});

test('T7 a used link stays used after the session ended, and cannot be opened once it is too old', async () => {
  const { id, token } = await prepare();
  const owner = new Browser(world.handlers);
  await owner.open(id, token);
  await owner.send('endSession', { reason: 'declined' });
  expect((await new Browser(world.handlers).open(id, token)).statusCode).toBe(409);
  world.advance(301);
  expect((await new Browser(world.handlers).open(id, token)).statusCode).toBe(400);
});

test('the page says that the link was used, with the support id of that login', async () => {
  const { id, token } = await prepare();
  const owner = new Browser(world.handlers);
  await owner.open(id, token);
  const { body } = await new Browser(world.handlers).open(id, token);
  expect(body).toContain('This sign-in link was already used');
  expect(body).toContain((await owner.view()).supportId);
});
