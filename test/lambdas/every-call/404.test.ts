import { afterAll, beforeAll, expect, test } from 'vitest';
import { SESSION_HANDLE_HEADER, sessionCookieName } from '../../../contract/api/session-handle.ts';
import { sessionHandle } from '../../../lambdas/core/model/session.ts';
import { problemOf, rowsOf, withoutSupportId } from '../../support/inspect.ts';
import { Browser, call, openLogin } from '../../support/login.ts';
import { PAGE_CALLS } from '../../support/page-calls.ts';
import { createWorld, PUBLIC_ORIGIN, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test('T30 T68 each of three sessions under two integrations opens only with its own handle and cookie', async () => {
  const [one, other] = [await world.newIntegration(), await world.newIntegration()];
  const sub = world.newExternalId();
  const owners = [
    await openLogin(world, one, sub),
    await openLogin(world, one, world.newExternalId()),
    await openLogin(world, other, sub),
  ];
  const before = await rowsOf(world, 'SESSION_TABLE');
  const answers = new Set<string>();
  for (const { name, body } of PAGE_CALLS) {
    for (const [index, holder] of owners.entries()) {
      for (const target of owners.filter((_, at) => at !== index)) {
        const mixed = new Browser(world.handlers);
        mixed.handle = target.handle;
        // The holder's cookie unchanged, under the target's name, and with the target's session in it.
        const value = (holder.cookies[0] ?? '').split('=')[1] ?? '';
        const [targetIntegration, targetJti] = (target.cookies[0] ?? '').split('=')[1]?.split('.') ?? [];
        for (const cookies of [
          holder.cookies,
          [`${sessionCookieName(target.handle)}=${value}`],
          [`${sessionCookieName(target.handle)}=${targetIntegration}.${targetJti}.${value.split('.')[2]}`],
        ]) {
          mixed.cookies.splice(0, mixed.cookies.length, ...cookies);
          const answer = await mixed.send(name, body);
          expect(problemOf(answer).code, name).toBe('session-not-found');
          answers.add(JSON.stringify(withoutSupportId(answer)));
          expect((await mixed.giveBack()).statusCode).toBe(404);
        }
      }
    }
  }
  // Unknown, foreign and wrong are indistinguishable.
  expect(answers.size).toBe(1);
  expect(await rowsOf(world, 'SESSION_TABLE')).toEqual(before);
  for (const owner of owners) expect((await owner.view()).state).toBe('open');
});

test.each(PAGE_CALLS)(
  'T30 $name without cookie, handle, or a session that exists: the same 404',
  async ({ name, body }) => {
    const integration = await world.newIntegration();
    const owner = await openLogin(world, integration, world.newExternalId());
    const reference = withoutSupportId(await new Browser(world.handlers).send(name, body));
    const jti = 'j'.repeat(36);
    const unknown = sessionHandle(integration.integrationId, jti);
    const secret = 's'.repeat(43);
    const cases: readonly { handle: string; cookies: readonly string[] }[] = [
      { handle: owner.handle, cookies: [] },
      { handle: '', cookies: owner.cookies },
      { handle: `${owner.handle}x`, cookies: owner.cookies },
      { handle: '__proto__', cookies: owner.cookies },
      { handle: unknown, cookies: [`${sessionCookieName(unknown)}=${integration.integrationId}.${jti}.${secret}`] },
      { handle: owner.handle, cookies: [`${owner.cookies[0]}x`] },
      { handle: owner.handle, cookies: [`${owner.cookies[0]}.x`] },
      { handle: owner.handle, cookies: [(owner.cookies[0] ?? '').toUpperCase()] },
      { handle: owner.handle, cookies: [(owner.cookies[0] ?? '').replace('__Host-', '')] },
      { handle: owner.handle, cookies: [...owner.cookies, ...owner.cookies] },
      { handle: owner.handle, cookies: [`${sessionCookieName(owner.handle)}=${'A'.repeat(1_000_000)}`] },
    ];
    for (const { handle, cookies } of cases) {
      const answer = await call(world.handlers, name, {
        cookies,
        headers: { [SESSION_HANDLE_HEADER]: handle, origin: PUBLIC_ORIGIN, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      expect(withoutSupportId(answer), handle).toEqual(reference);
      expect(answer.statusCode).toBe(404);
    }
  },
);

test('T18 a handle or session in query, path or body is ignored', async () => {
  const integration = await world.newIntegration();
  const owner = await openLogin(world, integration, world.newExternalId());
  for (const place of [
    { query: { [SESSION_HANDLE_HEADER]: owner.handle } },
    { pathParameters: { handle: owner.handle } },
  ]) {
    const answer = await call(world.handlers, 'readSession', { ...place, cookies: owner.cookies });
    expect(answer.statusCode).toBe(404);
  }
});

test.each(['GET /api/nothing', 'POST /api/session', '$default', 'GET /__proto__', ''])(
  'no Lambda has the route %j',
  async (routeKey) => {
    for (const [lambda, rawPath] of [
      ['session', '/api/nothing'],
      ['session', '/s/nothing/else'],
      ['enroll', '/api/enroll/other'],
      ['verify', '/api/verify/other'],
    ] as const) {
      const event = { routeKey, rawPath, headers: {}, requestContext: { http: { method: 'GET' } } };
      const answer = await world.handlers[lambda](event as never, {});
      expect(answer.statusCode, `${lambda} ${rawPath}`).toBe(404);
    }
  },
);

test('the Lambda of one task does not serve the routes of the other', async () => {
  const event = { routeKey: 'POST /api/verify/complete', rawPath: '/api/verify/complete', headers: {} };
  expect((await world.handlers.enroll(event as never, {})).statusCode).toBe(404);
});
