import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IntegrationView } from '../../../contract/api/portal/integrations.ts';
import type { LiveSecret, Rotation } from '../../../contract/api/portal/rotation.ts';
import { Browser, claimsFor, openLogin, signToken } from '../../support/login.ts';
import type { TestIntegration } from '../../support/world.ts';
import { createPortal, type Portal, withIntegration } from './portal-world.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await createPortal();
});
afterAll(() => portal.world.close());

const DAY = 86_400;
const ask = (generation: number, overlapSeconds = DAY, ends: Rotation['ends'] = []): Rotation => ({
  generation,
  overlapSeconds,
  ends,
});
type Path = { readonly integrationId: string };
const rotate = async (who: string, path: Path, body: Rotation) => {
  const answer = await portal.call(who, 'portalRotateSecret', { path, body });
  return {
    status: answer.status,
    code: (answer.body as { code?: string }).code,
    shown: answer.body as TestIntegration,
  };
};
const secretsOf = async (who: string, path: Path): Promise<readonly LiveSecret[]> =>
  ((await portal.call(who, 'portalIntegration', { path })).body as IntegrationView).secrets;
/** Whether a login that is signed with this secret is accepted. */
const opens = async (secret: TestIntegration): Promise<boolean> => {
  const { world } = portal;
  const token = await signToken(claimsFor(world, secret, world.newExternalId()), world.keysOf(secret).request);
  return (await new Browser(world.handlers).open(secret.integrationId, token)).statusCode === 303;
};

describe('T13 a second rotation while the first one’s overlap lasts', () => {
  test('is refused, saying when each secret was last used and until when it is valid, and ends nothing', async () => {
    const { world } = portal;
    const one = await withIntegration(portal, 'ria');
    await openLogin(world, one, world.newExternalId());
    const usedAt = world.now();
    world.advance(60);
    expect((await rotate('ria', one.path, ask(1))).status).toBe(200);
    const answer = await portal.call('ria', 'portalRotateSecret', { path: one.path, body: ask(2) });
    const written = (at: number) => new Date(at * 1000).toISOString();
    expect(answer).toMatchObject({
      status: 409,
      body: {
        code: 'secret-in-overlap',
        errors: [
          { pointer: '#/ends', detail: 'generation 2 is not known to have been used and counts until it is replaced' },
          {
            pointer: '#/ends',
            detail: `generation 1 was last used at ${written(usedAt)} and counts until ${written(world.now() + DAY)}`,
          },
        ],
      },
    });
    expect(await opens(one)).toBe(true);
    expect(await secretsOf('ria', one.path)).toMatchObject([
      { generation: 2, since: world.now(), lastUsedAt: null, endsAt: null },
      { generation: 1, since: usedAt, lastUsedAt: usedAt, endsAt: world.now() + DAY },
    ]);
  });

  test('replaces the secret that was lost, if it is named, and keeps the one in use for the new overlap', async () => {
    const { world } = portal;
    const one = await withIntegration(portal, 'ria');
    await openLogin(world, one, world.newExternalId());
    const lost = await rotate('ria', one.path, ask(1));
    world.advance(3600);
    const renewed = await rotate('ria', one.path, ask(2, DAY, [{ generation: 2, lastUsedAt: null }]));
    expect(renewed.status).toBe(200);
    expect([await opens(one), await opens(lost.shown), await opens(renewed.shown)]).toEqual([true, false, true]);
    expect(await secretsOf('ria', one.path)).toMatchObject([
      { generation: 3, endsAt: null },
      { generation: 1, endsAt: world.now() + DAY },
    ]);
  });

  test('does not end a secret that was named as unused and has been used since', async () => {
    const one = await withIntegration(portal, 'ria');
    const installed = await rotate('ria', one.path, ask(1));
    expect(await opens(installed.shown)).toBe(true);
    const ends = [{ generation: 2, lastUsedAt: null }];
    expect(await rotate('ria', one.path, ask(2, DAY, ends))).toMatchObject({ status: 409, code: 'secret-in-overlap' });
    expect([await opens(one), await opens(installed.shown)]).toEqual([true, true]);
  });

  test('does not end a secret that was named with an old use and has been used since', async () => {
    const { world } = portal;
    const one = await withIntegration(portal, 'ria');
    expect(await opens(one)).toBe(true);
    const ends = [{ generation: 1, lastUsedAt: world.now() }];
    world.advance(40 * DAY);
    const second = await rotate('ria', one.path, ask(1));
    expect(await opens(one)).toBe(true);
    world.advance(5);
    expect(await rotate('ria', one.path, ask(2, DAY, ends))).toMatchObject({ status: 409, code: 'secret-in-overlap' });
    expect([await opens(one), await opens(second.shown)]).toEqual([true, true]);
  });

  test('ends a secret in use only if its use was seen', async () => {
    const { world } = portal;
    const one = await withIntegration(portal, 'ria');
    expect(await opens(one)).toBe(true);
    const ends = [{ generation: 1, lastUsedAt: world.now() }];
    const second = await rotate('ria', one.path, ask(1));
    const third = await rotate('ria', one.path, ask(2, 600, ends));
    expect(third.status).toBe(200);
    expect([await opens(one), await opens(second.shown), await opens(third.shown)]).toEqual([false, true, true]);
  });
});

test('T13 a rotation that is sent again, because its answer was lost, ends nothing and shows nothing', async () => {
  const one = await withIntegration(portal, 'rob');
  for (const overlap of [DAY, 0]) {
    const [{ generation } = { generation: 0 }] = await secretsOf('rob', one.path);
    const first = await rotate('rob', one.path, ask(generation, overlap));
    const before = await secretsOf('rob', one.path);
    const again = await rotate('rob', one.path, ask(generation, overlap));
    expect([first.status, again.status, again.code]).toEqual([200, 409, 'already-rotated']);
    expect(again.shown.sessionSecret).toBeUndefined();
    expect(await secretsOf('rob', one.path)).toEqual(before);
    expect(await opens(first.shown)).toBe(true);
    portal.world.advance(DAY);
  }
});

test('the use of a secret is written at most once in five minutes, for each generation', async () => {
  const { world } = portal;
  const one = await withIntegration(portal, 'uma');
  const start = world.now();
  const second = await rotate('uma', one.path, ask(1));
  expect(await opens(one)).toBe(true);
  world.advance(299);
  expect(await opens(one)).toBe(true);
  expect(await opens(second.shown)).toBe(true);
  const usesNow = async () => (await secretsOf('uma', one.path)).map(({ lastUsedAt }) => lastUsedAt);
  expect(await usesNow()).toEqual([start + 299, start]);
  world.advance(1);
  expect(await opens(one)).toBe(true);
  expect(await usesNow()).toEqual([start + 299, start + 300]);
});

test('T14 a login that was not signed with this integration’s secret counts as no use', async () => {
  const { world } = portal;
  const one = await withIntegration(portal, 'una');
  const token = await signToken(claimsFor(world, one, 'auth0|x'), '0'.repeat(64));
  await new Browser(world.handlers).open(one.integrationId, token);
  expect(await secretsOf('una', one.path)).toMatchObject([{ lastUsedAt: null }]);
});

/** The next step; numbers pick from what there is. */
const step = fc.oneof(
  fc.record({ do: fc.constant('rotate' as const), overlap: fc.constantFrom(0, 600, DAY), isStale: fc.boolean() }),
  fc.record({ do: fc.constant('name' as const), which: fc.nat(1), overlap: fc.constantFrom(600, DAY) }),
  fc.record({ do: fc.constant('retry' as const) }),
  fc.record({ do: fc.constant('use' as const), which: fc.nat(5) }),
  fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 400, 3600, DAY) }),
);

test('T13 with any rotations, repetitions, uses and waits: no secret in use ends before its overlap, unless it was named', async () => {
  const { world } = portal;
  let count = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      count += 1;
      const who = `property-${count}`;
      const one = await withIntegration(portal, who);
      /** By generation: the secret, until when it is promised, and whether it was used. */
      const known = new Map([[1, { secret: one as TestIntegration, until: Number.POSITIVE_INFINITY, isUsed: false }]]);
      let last: Rotation | null = null;
      let stale: Rotation | null = null;
      const send = async (body: Rotation): Promise<void> => {
        const { status, shown } = await rotate(who, one.path, body);
        expect([200, 409]).toContain(status);
        if (status !== 200) return;
        const replaced = known.get(body.generation);
        const named = body.ends.map(({ generation }) => generation);
        // By choosing the overlap, the operator decides how long the current secret stays valid.
        if (replaced !== undefined) replaced.until = world.now() + body.overlapSeconds;
        for (const generation of named) (known.get(generation) ?? { until: 0 }).until = 0;
        known.set(body.generation + 1, { secret: shown, until: Number.POSITIVE_INFINITY, isUsed: false });
      };
      for (const each of steps) {
        const secrets = await secretsOf(who, one.path);
        const newest = secrets[0]?.generation ?? 0;
        if (each.do === 'wait') world.advance(each.seconds);
        if (each.do === 'use') {
          const use = [...known.values()][each.which % known.size];
          if (use !== undefined && (await opens(use.secret))) use.isUsed = true;
        }
        if (each.do === 'retry' && last !== null) await send(last);
        if (each.do === 'rotate') {
          const body: Rotation = each.isStale && stale !== null ? stale : ask(newest, each.overlap);
          last = body;
          stale = ask(newest, each.overlap);
          await send(body);
        }
        if (each.do === 'name') {
          const named = secrets[each.which % secrets.length];
          const ends = named === undefined ? [] : [{ generation: named.generation, lastUsedAt: named.lastUsedAt }];
          const body = ask(newest, each.overlap, ends);
          last = body;
          await send(body);
        }
        for (const { secret, until, isUsed } of known.values()) {
          if (isUsed && world.now() < until) expect(await opens(secret)).toBe(true);
        }
      }
    }),
    { numRuns: 25 },
  );
});

describe('T13 the secret of a webhook', () => {
  const newWebhook = async (who: string) => {
    await portal.found(who);
    const body = { url: 'https://hooks.example.com/verified', events: ['key.created'] };
    const { webhookId } = (await portal.call(who, 'portalAddWebhook', { body })).body as { webhookId: string };
    const path = { webhookId };
    const send = async (rotation: Rotation) => {
      const answer = await portal.call(who, 'portalRotateWebhookSecret', { path, body: rotation });
      return { status: answer.status, code: (answer.body as { code?: string }).code };
    };
    const generations = async () => {
      const { webhooks } = (await portal.call(who, 'portalWebhooks')).body as {
        webhooks: { secrets: { generation: number }[] }[];
      };
      return webhooks[0]?.secrets.map(({ generation }) => generation);
    };
    return { send, generations };
  };

  test('is not ended by a second rotation or a repeated one', async () => {
    const { send, generations } = await newWebhook('wes');
    expect((await send(ask(1))).status).toBe(200);
    expect(await send(ask(1))).toEqual({ status: 409, code: 'already-rotated' });
    expect(await send(ask(2))).toEqual({ status: 409, code: 'secret-in-overlap' });
    expect(await generations()).toEqual([2, 1]);
  });

  test('ends if it is named', async () => {
    const { send, generations } = await newWebhook('wim');
    await send(ask(1));
    expect((await send(ask(2, DAY, [{ generation: 2, lastUsedAt: null }]))).status).toBe(200);
    expect(await generations()).toEqual([3, 1]);
  });
});
