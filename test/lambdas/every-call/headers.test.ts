import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HttpAnswer } from '../../../lambdas/http/endpoint.ts';
import { Browser, call, claimsFor, openLogin, signToken } from '../../support/login.ts';
import { PAGE_CALLS } from '../../support/page-calls.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const expectGuarded = ({ headers }: HttpAnswer) => {
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
    'strict-transport-security': 'max-age=63072000; includeSubDomains',
  });
  const policy = String(headers?.['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
};

test.each(PAGE_CALLS)('T65 T73 $name is neither stored nor framed, whether it works or not', async ({ name, body }) => {
  const browser = await openLogin(world, await world.newIntegration(), world.newExternalId());
  expectGuarded(await browser.send(name, body));
  expectGuarded(await new Browser(world.handlers).send(name, body));
  expectGuarded(await browser.send(name, body, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }));
});

test('T65 T73 neither are all navigations: opened, refused, used, prefetched, returned, failed', async () => {
  const integration = await world.newIntegration();
  const id = integration.integrationId;
  const token = await signToken(claimsFor(world, integration, 'auth0|a'), world.keysOf(integration).request);
  const browser = new Browser(world.handlers);
  const opened = await browser.open(id, token);
  const used = await new Browser(world.handlers).open(id, token);
  const refused = await new Browser(world.handlers).open(id, 'x');
  const ahead = await browser.open(id, token, 's', { method: 'HEAD' });
  const early = await browser.giveBack();
  await browser.send('endSession', { reason: 'declined' });
  const returned = await browser.giveBack();
  const unknown = await call(world.handlers, 'returnToLogin', { pathParameters: { handle: 'A'.repeat(16) } });
  const broken = world.handlersWith({ integrations: { read: () => Promise.reject(new Error('down')) } });
  const failed = await new Browser(broken).open(id, token);
  const answers = [opened, used, refused, ahead, early, returned, unknown, failed];
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([303, 409, 400, 204, 303, 200, 404, 503]);
  for (const answer of answers) expectGuarded(answer);
});

describe('T33 T64 the return page', () => {
  test('allows its own style and script by hash, and names no form-action: browsers would block Auth0’s redirect', async () => {
    const browser = await openLogin(world, await world.newIntegration(), world.newExternalId());
    await browser.send('endSession', { reason: 'declined' });
    const { headers, body } = await browser.giveBack();
    const policy = String(headers?.['content-security-policy']);
    expect(policy.replaceAll(/sha256-[A-Za-z0-9+/]{43}=/g, 'sha256-…')).toMatchInlineSnapshot(
      `"default-src 'none'; style-src 'sha256-…'; script-src 'sha256-…'; base-uri 'none'; frame-ancestors 'none'"`,
    );
    expect(body?.match(/<script/g)).toHaveLength(1);
    expect(body).not.toMatch(/ on\w+=|<iframe|<img|javascript:|<base|src=/i);
    expect(body).toContain('<button>Continue</button>');
  });
});
