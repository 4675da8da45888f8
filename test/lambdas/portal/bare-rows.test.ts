import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PortalUserStore } from '../../../lambdas/adapters/dynamodb/users/portal-user-store.ts';
import { newEvent } from '../../../lambdas/core/model/event.ts';
import { userRow } from '../../support/inspect.ts';
import { enroll, openLogin } from '../../support/login.ts';
import type { TestIntegration, World } from '../../support/world.ts';
import { createPortal, type Portal, withIntegration } from './portal-world.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await createPortal();
});
afterAll(() => portal.world.close());

const DAY = 86_400;
const userStoreOf = ({ documents, tables }: World) =>
  new PortalUserStore(documents, { users: tables.USER_TABLE, jobs: tables.DUE_WORK_TABLE });

describe('T74 an act after which the row says nothing of the user any more is answered as done, and the row is removed', () => {
  const row = (integration: TestIntegration, sub: string) => userRow(portal.world, integration.integrationId, sub);

  test('unlocking a user of whom only starts were counted', async () => {
    const { world, call } = portal;
    const integration = await withIntegration(portal, 'bare');
    const sub = world.newExternalId();
    const login = await openLogin(world, integration, sub);
    await login.start('enroll', '2026-11');
    const body = { integrationId: integration.integrationId, externalId: sub };
    const unlocked = await call('bare', 'portalUnlockUser', { body });
    expect(unlocked).toMatchObject({
      status: 200,
      body: { externalId: sub, state: 'not_enrolled', lockedUntil: null },
    });
    expect(await row(integration, sub)).toMatchObject({ removeAt: world.now() + DAY });
    expect(await row(integration, sub)).not.toHaveProperty('listedAs');
    // Whoever continues has a row that stays.
    expect(await login.attempt(world, 'enroll')).toMatchObject({ outcome: 'enrolled' });
    expect(await row(integration, sub)).not.toHaveProperty('removeAt');
  });

  test('unlocking a user whose first check is under way: its guess counts, and the row stays and is listed', async () => {
    const { world, call } = portal;
    const integration = await withIntegration(portal, 'bare');
    const sub = world.newExternalId();
    const body = { integrationId: integration.integrationId, externalId: sub };
    const login = await openLogin(world, integration, sub);
    const { attempt, livenessSessionId } = JSON.parse((await login.start('enroll', '2026-11')).body ?? '');
    await call('bare', 'portalUnlockUser', { body });
    world.faces.play(livenessSessionId, { confidence: 10 });
    expect(JSON.parse((await login.complete('enroll', attempt)).body ?? '')).toMatchObject({ state: 'again' });
    const kept = await row(integration, sub);
    expect(kept).toMatchObject({ failures: 1, listedAs: `${integration.integrationId}#not_enrolled` });
    expect(kept).not.toHaveProperty('removeAt');
  });

  test('unlocking a user who enrolls at that moment: the face stays', async () => {
    const { world } = portal;
    const integration = await withIntegration(portal, 'bare');
    const sub = world.newExternalId();
    const login = await openLogin(world, integration, sub);
    const { attempt, livenessSessionId } = JSON.parse((await login.start('enroll', '2026-11')).body ?? '');
    world.faces.play(livenessSessionId, {});
    const [enrolled] = await Promise.all([
      login.complete('enroll', attempt),
      portal.call('bare', 'portalUnlockUser', {
        body: { integrationId: integration.integrationId, externalId: sub },
      }),
    ]);
    expect(JSON.parse(enrolled.body ?? '')).toMatchObject({ outcome: 'enrolled' });
    expect(await row(integration, sub)).not.toHaveProperty('removeAt');
  });

  test('T53 unlocking such a user whom somebody else disables in between keeps them disabled, and their row', async () => {
    const { world, call } = portal;
    const integration = await withIntegration(portal, 'bare');
    const sub = world.newExternalId();
    await (await openLogin(world, integration, sub)).start('enroll', '2026-11');
    const seen = await world.ports.users.read(integration.integrationId, sub);
    if (seen === null) throw new Error('no row');
    const body = { integrationId: integration.integrationId, externalId: sub };
    await call('bare', 'portalDisableUser', { body: { ...body, reason: 'password stolen' } });
    expect(await userStoreOf(world).clearFailures(seen, world.now(), null)).toBe(false);
    expect(await row(integration, sub)).toMatchObject({ disabled: { reason: 'password stolen' } });
    expect(await row(integration, sub)).not.toHaveProperty('removeAt');
  });

  test('enabling a deleted user', async () => {
    const { world, call } = portal;
    const integration = await withIntegration(portal, 'bare');
    const sub = world.newExternalId();
    await enroll(world, integration, sub);
    const target = { integrationId: integration.integrationId, externalId: sub };
    await call('bare', 'portalDisableUser', { body: { ...target, reason: 'left the company' } });
    await call('bare', 'portalDeleteUser', { body: target });
    const enabled = await call('bare', 'portalEnableUser', { body: { ...target, reason: 'came back' } });
    expect(enabled).toMatchObject({ status: 200, body: { externalId: sub, state: 'not_enrolled', disabled: null } });
    const kept = await userRow(world, target.integrationId, sub);
    expect(kept).toMatchObject({ removeAt: world.now() + DAY });
    expect(kept).not.toHaveProperty('listedAs');
  });

  test('T53 enabling a deleted user whom somebody else disabled again in between keeps them disabled', async () => {
    const { world, call } = portal;
    const integration = await withIntegration(portal, 'bare');
    const { integrationId } = integration;
    const sub = world.newExternalId();
    await enroll(world, integration, sub);
    const target = { integrationId, externalId: sub };
    await call('bare', 'portalDisableUser', { body: { ...target, reason: 'left the company' } });
    await call('bare', 'portalDeleteUser', { body: target });
    const seen = await world.ports.users.read(integrationId, sub);
    if (seen === null) throw new Error('no row');
    await call('bare', 'portalEnableUser', { body: { ...target, reason: 'came back' } });
    world.advance(1);
    await userStoreOf(world).invite(
      { ...seen, disabled: null },
      { at: world.now(), endsAt: world.now(), by: 'olivia' },
    );
    await call('bare', 'portalDisableUser', { body: { ...target, reason: 'password stolen' } });
    const current = await world.ports.users.read(integrationId, sub);
    const event = newEvent('user.enabled', world.now(), { accountId: 'acc', ...target });
    expect(await userStoreOf(world).setDisabled({ ...seen, version: current?.version ?? 0 }, null, event)).toBe(false);
    expect(await row(integration, sub)).toMatchObject({ disabled: { reason: 'password stolen' } });
  });
});
