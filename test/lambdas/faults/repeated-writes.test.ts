import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sessions } from '../../../lambdas/core/model/sessions.ts';
import { rowsOf, userRow } from '../../support/inspect.ts';
import { openLogin, readReturnPage } from '../../support/login.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Plain writes, which the SDK repeats unchanged if a response is lost. Transactions carry a token against that. */
const PLAIN_WRITES: readonly (keyof Sessions)[] = ['startAttempt'];

test('T51 if the SDK sends every plain write twice, because responses were lost, logins are unaffected', async () => {
  const repeated: string[] = [];
  const sessions = new Proxy(world.ports.sessions, {
    get: (target, member) => {
      const method = Reflect.get(target, member, target).bind(target);
      if (!PLAIN_WRITES.includes(member as keyof Sessions)) return method;
      return async (...values: unknown[]) => {
        await method(...values);
        repeated.push(String(member));
        return method(...values);
      };
    },
  });
  const handlers = world.handlersWith({ sessions });
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  const first = await openLogin(world, integration, sub, { handlers });
  expect(await first.attempt(world, 'enroll')).toMatchObject({ state: 'finished', outcome: 'enrolled' });
  const second = await openLogin(world, integration, sub, { handlers });
  expect(await second.attempt(world, 'verify', { person: 'mallory' })).toMatchObject({
    state: 'again',
    outcome: 'not_verified',
  });
  expect(await second.attempt(world, 'verify')).toMatchObject({ state: 'finished', outcome: 'verified' });
  const { payload } = await readReturnPage(world, integration, await second.giveBack());
  expect(payload['res']).toBe('verified');
  expect(new Set(repeated)).toEqual(new Set(PLAIN_WRITES));
  expect(await userRow(world, integration.integrationId, sub)).toMatchObject({ failures: 0, version: 1 });
  expect(await rowsOf(world, 'TRANSACTION_TABLE', integration.integrationId)).toHaveLength(2);
});
