import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SESSION_HANDLE_HEADER } from '../../../contract/api/session-handle.ts';
import { problemOf, rowsOf } from '../../support/inspect.ts';
import { type Browser, call, openLogin } from '../../support/login.ts';
import { PAGE_CALLS, UNSAFE_CALLS } from '../../support/page-calls.ts';
import { createWorld, PUBLIC_ORIGIN, type World } from '../../support/world.ts';

let world: World;
let victim: Browser;
beforeAll(async () => {
  world = await createWorld();
  victim = await openLogin(world, await world.newIntegration(), world.newExternalId());
});
afterAll(() => world.close());

const FOREIGN = [
  undefined,
  '',
  'null',
  'https://evil.example',
  'http://verify.example.com',
  'https://verify.example.com:8443',
  'https://verify.example.com.evil.example',
  'https://sub.verify.example.com',
  'https://VERIFY.example.com',
  `${PUBLIC_ORIGIN}/`,
  `${PUBLIC_ORIGIN},${PUBLIC_ORIGIN}`,
];

const send = (name: (typeof PAGE_CALLS)[number]['name'], body: object | undefined, headers: Record<string, string>) =>
  call(world.handlers, name, {
    cookies: victim.cookies,
    headers: { [SESSION_HANDLE_HEADER]: victim.handle, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

describe.each(UNSAFE_CALLS)('T66 $name', ({ name, body }) => {
  test.each(FOREIGN.map((origin) => [origin]))('from the origin %s is refused', async (origin) => {
    const answer = await send(name, body, origin === undefined ? {} : { origin });
    expect(problemOf(answer)).toMatchObject({ status: 403, code: 'forbidden-origin' });
  });
});

test.each(PAGE_CALLS)('T66 $name is refused if the browser says that another site sent it', async ({ name, body }) => {
  for (const site of ['cross-site', 'same-site', 'none', '']) {
    const answer = await send(name, body, { origin: PUBLIC_ORIGIN, 'sec-fetch-site': site });
    expect(problemOf(answer).code, site).toBe('forbidden-origin');
  }
});

test('T66 a form without the custom header has no effect, even from the right origin', async () => {
  for (const { name, body } of UNSAFE_CALLS) {
    const answer = await call(world.handlers, name, {
      cookies: victim.cookies,
      headers: { origin: PUBLIC_ORIGIN, 'content-type': 'application/x-www-form-urlencoded' },
      body: JSON.stringify(body),
    });
    expect(problemOf(answer).code).toBe('session-not-found');
  }
});

test('T66 T73 no answer allows another origin', async () => {
  for (const { name, body } of PAGE_CALLS) {
    const { headers } = await send(name, body, { origin: 'https://evil.example' });
    expect(Object.keys(headers ?? {}).filter((header) => /^access-control-/i.test(header))).toEqual([]);
  }
});

test('T66 after all that the session is unchanged', async () => {
  expect(await victim.view()).toMatchObject({ state: 'open', attemptsLeft: 3 });
  for (const row of await rowsOf(world, 'SESSION_TABLE')) expect(row).not.toHaveProperty('attempt');
});
