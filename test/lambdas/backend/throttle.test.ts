import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiKeyShownOnce } from '../../../contract/api/portal/api-keys.ts';
import { addSeconds, epochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { LEASE, throttleKeys } from '../../../lambdas/core/api-keys/throttle.ts';
import type { HttpHandler } from '../../../lambdas/http/endpoint.ts';
import { rowsOf } from '../../support/inspect.ts';
import { createPortal, type Portal, withIntegration } from '../portal/portal-world.ts';

let portal: Portal;
let own: Awaited<ReturnType<typeof withIntegration>>;
beforeAll(async () => {
  portal = await createPortal();
  own = await withIntegration(portal, 'olivia');
});
afterAll(() => portal.world.close());

const LIMIT = 2 * LEASE;
const newKey = async (): Promise<ApiKeyShownOnce> => {
  const body = { name: 'Backend', scopes: ['users:read'] };
  return (await portal.call('olivia', 'portalAddApiKey', { body })).body as ApiKeyShownOnce;
};
const ask = (apiKey: string, copy: HttpHandler) =>
  portal.callBackend(apiKey, 'userStatus', { path: own.path, query: { externalId: 'auth0|a' } }, copy);
const statuses = async (apiKey: string, copy: HttpHandler, count: number) => {
  const all: (number | undefined)[] = [];
  for (let index = 0; index < count; index += 1) all.push((await ask(apiKey, copy)).status);
  return all;
};
/** The world's clock, at the first second of a minute. */
const startOfMinute = () => portal.world.advance(60 - (portal.world.now() % 60));

describe('T77 an API key', () => {
  test('has its requests per minute, then learns when to come back, and has them again', async () => {
    startOfMinute();
    const { apiKey } = await newKey();
    const copy = portal.newBackend(LIMIT);
    expect(await statuses(apiKey, copy, LIMIT)).toEqual(Array(LIMIT).fill(200));
    portal.world.advance(17);
    const refused = await ask(apiKey, copy);
    expect([refused.status, refused.body]).toMatchObject([429, { code: 'too-many-requests' }]);
    expect(refused.answer.headers?.['retry-after']).toBe('43');
    portal.world.advance(42);
    expect((await ask(apiKey, copy)).status).toBe(429);
    portal.world.advance(1);
    expect(await statuses(apiKey, copy, LIMIT + 1)).toEqual([...Array(LIMIT).fill(200), 429]);
  });

  test('gets exactly its limit of many concurrent requests to one instance', async () => {
    startOfMinute();
    const { apiKey } = await newKey();
    const copy = portal.newBackend(LIMIT);
    const all = await Promise.all(Array.from({ length: LIMIT + 15 }, () => ask(apiKey, copy)));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(LIMIT);
    expect(all.filter(({ status }) => status === 429)).toHaveLength(15);
  });

  test('takes one lease at a time, so that no request is refused while a lease has some left', async () => {
    let [used, running, mostRunning, writes] = [0, 0, 0, 0];
    const throttle = throttleKeys({
      keyMinutes: {
        lease: async (_key, { count, limit }) => {
          running += 1;
          writes += 1;
          mostRunning = Math.max(mostRunning, running);
          // Refusals are faster than grants.
          const isLeased = used + count <= limit;
          if (isLeased) used += count;
          for (let turns = isLeased ? 50 : 1; turns > 0; turns -= 1) await Promise.resolve();
          running -= 1;
          return isLeased;
        },
      },
      requestsPerMinute: LIMIT,
      clock: portal.world.now,
    });
    const all = await Promise.allSettled(Array.from({ length: LIMIT + 15 }, () => throttle({ keyId: 'key' })));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(LIMIT);
    expect([mostRunning, writes]).toEqual([1, 3]);
  });

  test('does not use up the requests of another key', async () => {
    const copy = portal.newBackend(LIMIT);
    const [busy, calm] = [await newKey(), await newKey()];
    expect((await statuses(busy.apiKey, copy, LIMIT + 1)).at(-1)).toBe(429);
    expect((await ask(calm.apiKey, copy)).status).toBe(200);
  });

  test('costs one write for twenty requests, and none once it is refused', async () => {
    startOfMinute();
    const { apiKey, view } = await newKey();
    const copy = portal.newBackend(LIMIT);
    const used = async () =>
      (await rowsOf(portal.world, 'ACCOUNT_ITEM_TABLE')).find(({ accountId }) => accountId === `key#${view.keyId}`);
    await statuses(apiKey, copy, 1);
    expect(await used()).toMatchObject({ used: LEASE });
    await statuses(apiKey, copy, LEASE - 1);
    expect(await used()).toMatchObject({ used: LEASE });
    await statuses(apiKey, copy, 1);
    expect(await used()).toMatchObject({ used: LIMIT });
    const writes: string[] = [];
    const throttle = throttleKeys({
      keyMinutes: {
        lease: async (_key, { isFirst }) => {
          writes.push(isFirst ? 'first' : 'more');
          return writes.length < 2;
        },
      },
      requestsPerMinute: LIMIT,
      clock: portal.world.now,
    });
    const asked = Array.from({ length: LIMIT + 10 }, () => () => throttle(view).catch(() => null));
    for (const one of asked) await one();
    expect(writes).toEqual(['first', 'more']);
  });

  test('that was revoked leaves no count behind, whatever is requested then', async () => {
    const { apiKey, view } = await newKey();
    await statuses(apiKey, portal.newBackend(LIMIT), 1);
    await portal.call('olivia', 'portalRevokeApiKey', { body: { keyId: view.keyId } });
    expect((await ask(apiKey, portal.newBackend(LIMIT))).status).toBe(401);
    const wanted = { minute: 1, count: LEASE, limit: LIMIT, isFirst: true };
    expect(await portal.apiKeys.lease(view, wanted)).toBe(false);
    const rows = await rowsOf(portal.world, 'ACCOUNT_ITEM_TABLE');
    expect(rows.filter(({ accountId }) => accountId === `key#${view.keyId}`)).toEqual([]);
  });

  test('never gets more than its limit in a minute, however many instances serve it and however they interleave', async () => {
    let minute = 40_000_000;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ copy: fc.nat(3), count: fc.integer({ min: 1, max: 25 }), turns: fc.boolean() }), {
          minLength: 1,
          maxLength: 12,
        }),
        async (steps) => {
          const { view } = await newKey();
          let now = epochSeconds(minute * 60);
          const ports = { keyMinutes: portal.apiKeys, requestsPerMinute: LIMIT, clock: () => now };
          const copies = Array.from({ length: 4 }, () => throttleKeys(ports));
          let allowed = 0;
          for (const { copy, count, turns } of steps) {
            const throttle = copies[copy] ?? ports.keyMinutes.lease;
            if (turns) {
              now = addSeconds(now, 60);
              allowed = 0;
            }
            const all = await Promise.allSettled(
              Array.from({ length: count }, () => (throttle as (typeof copies)[0])(view)),
            );
            allowed += all.filter(({ status }) => status === 'fulfilled').length;
            expect(allowed).toBeLessThanOrEqual(LIMIT);
          }
          minute += steps.length + 1;
        },
      ),
      { numRuns: 8 },
    );
  });
});
