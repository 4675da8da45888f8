import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addSeconds } from '../../../../contract/protocol/epoch-seconds.ts';
import { PortalUserStore } from '../../../../lambdas/adapters/dynamodb/users/portal-user-store.ts';
import { newEvent } from '../../../../lambdas/core/model/event.ts';
import type { User } from '../../../../lambdas/core/model/user.ts';
import { Browser, enroll, openLogin, readReturnPage } from '../../../support/login.ts';
import { createWorld, type TestIntegration, type World } from '../../../support/world.ts';

let world: World;
let userStore: PortalUserStore;
beforeAll(async () => {
  world = await createWorld();
  userStore = new PortalUserStore(world.documents, {
    users: world.tables.USER_TABLE,
    jobs: world.tables.DUE_WORK_TABLE,
  });
});
afterAll(() => world.close());

type Task = 'enroll' | 'verify';

const passed = async (task: Task) => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  if (task === 'verify') await enroll(world, integration, sub);
  const browser = await openLogin(world, integration, sub);
  const outcome = task === 'verify' ? 'verified' : 'enrolled';
  expect((await browser.attempt(world, task)).outcome).toBe(outcome);
  return { integration, sub, browser, outcome };
};

const userOf = async (integration: TestIntegration, sub: string): Promise<User> => {
  const user = await userStore.read(integration.integrationId, sub);
  if (user === null) throw new Error('no such user');
  return user;
};
const event = () => newEvent('user.deleted', world.now(), { accountId: null, integrationId: null, externalId: null });

type Act = (integration: TestIntegration, sub: string) => Promise<unknown>;
const erase: Act = async (integration, sub) => userStore.erase(await userOf(integration, sub), null, event());
const requireEnrollment: Act = async (integration, sub) =>
  userStore.requireEnrollment(
    await userOf(integration, sub),
    { askedAt: world.now(), until: addSeconds(world.now(), 3600) },
    null,
    event(),
  );
const disable: Act = async (integration, sub) =>
  userStore.setDisabled(await userOf(integration, sub), { at: world.now(), reason: 'left' }, null);
const removeRow: Act = (integration, sub) =>
  world.documents.send(
    new DeleteCommand({
      TableName: world.tables.USER_TABLE,
      Key: { integrationId: integration.integrationId, externalId: sub },
    }),
  );
const enrollAgain: Act = async (integration, sub) => {
  await erase(integration, sub);
  await enroll(world, integration, sub, 'bob');
};
const unlock: Act = async (integration, sub) =>
  userStore.clearFailures(await userOf(integration, sub), world.now(), null);
const disableIntegration: Act = (integration) => world.change(integration.integrationId, { enabled: false });

const ENDS: readonly (readonly [string, Act, string])[] = [
  ['the user is deleted', erase, 'conflict'],
  ['the user has to enroll again', requireEnrollment, 'conflict'],
  ['the user’s row is gone', removeRow, 'conflict'],
  ['another person was enrolled under the same id', enrollAgain, 'conflict'],
  ['the user is disabled', disable, 'disabled'],
  ['the integration is disabled', disableIntegration, 'disabled'],
];

describe.each(['enroll', 'verify'] as const)('T28 T74 between complete and return of a login to %s', (task) => {
  test.each(ENDS)('%s: a refusal is signed, and no success', async (_, act, expected) => {
    const { integration, sub, browser } = await passed(task);
    await act(integration, sub);
    const answer = await browser.giveBack();
    const { payload, token } = await readReturnPage(world, integration, answer);
    expect(payload).toMatchObject({ res: expected, event: null, vat: null });
    // A reload within the token's lifetime gives the same.
    expect((await readReturnPage(world, integration, await browser.giveBack())).token).toBe(token);
  });

  test.each(ENDS.slice(0, 5))('%s at the moment of signing, after the row was read', async (_, act, expected) => {
    const { integration, sub, browser } = await passed(task);
    const { users } = world.ports;
    const handlers = world.handlersWith({
      users: {
        read: async (...key) => {
          const row = await users.read(...key);
          await act(integration, sub);
          return row;
        },
      },
    });
    const late = new Browser(handlers);
    late.cookies.push(...browser.cookies);
    late.handle = browser.handle;
    const { payload } = await readReturnPage(world, integration, await late.giveBack());
    expect(payload).toMatchObject({ res: expected, event: null, vat: null });
  });

  test('an operator’s unlock, or the next login of the same user, does not affect it', async () => {
    const { integration, sub, browser, outcome } = await passed(task);
    await unlock(integration, sub);
    expect((await (await openLogin(world, integration, sub)).attempt(world, 'verify')).outcome).toBe('verified');
    const { payload } = await readReturnPage(world, integration, await browser.giveBack());
    expect(payload['res']).toBe(outcome);
  });
});

test('T28 a refusal needs no user: a login that failed is returned as it ended', async () => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  await enroll(world, integration, sub);
  const browser = await openLogin(world, integration, sub);
  await browser.send('endSession', { reason: 'declined' });
  await removeRow(integration, sub);
  const { payload } = await readReturnPage(world, integration, await browser.giveBack());
  expect(payload['res']).toBe('declined');
});
