import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsOf } from '../../../support/inspect.ts';
import { Browser, call, claimsFor, openLogin, signToken } from '../../../support/login.ts';
import { createWorld, type World } from '../../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test.each([
  ['HEAD', {}],
  ['GET', { 'sec-purpose': 'prefetch' }],
  ['GET', { 'Sec-Purpose': 'prefetch;prerender' }],
  ['GET', { purpose: 'prefetch' }],
])('T19 %s with %j is a prefetch: it consumes nothing, and the real click still works', async (method, headers) => {
  const integration = await world.newIntegration();
  const token = await signToken(claimsFor(world, integration, 'auth0|a'), world.keysOf(integration).request);
  const browser = new Browser(world.handlers);
  const ahead = await browser.open(integration.integrationId, token, 'state', { method, headers: { ...headers } });
  expect(ahead).toMatchObject({ statusCode: 204, headers: { 'cache-control': 'no-store' } });
  expect(ahead.cookies).toBeUndefined();
  expect(await rowsOf(world, 'SESSION_TABLE', integration.integrationId)).toEqual([]);
  expect((await browser.open(integration.integrationId, token)).statusCode).toBe(303);
});

test('T19 prefetching the return address hands nothing over', async () => {
  const integration = await world.newIntegration();
  const browser = await openLogin(world, integration, world.newExternalId());
  await browser.send('endSession', { reason: 'declined' });
  const request = { cookies: browser.cookies, pathParameters: { handle: browser.handle } };
  const ahead = await call(world.handlers, 'returnToLogin', { ...request, headers: { 'sec-purpose': 'prefetch' } });
  expect(ahead.statusCode).toBe(204);
  const [row] = await rowsOf(world, 'SESSION_TABLE', integration.integrationId);
  expect(row).not.toHaveProperty('handedOverAt');
  expect((await browser.giveBack()).statusCode).toBe(200);
});
