import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditPage } from '../../../contract/api/portal/operator.ts';
import type { UserPage } from '../../../contract/api/portal/users.ts';
import { storedFaces, userRow } from '../../support/inspect.ts';
import { type Browser, enroll, openLogin, readReturnPage } from '../../support/login.ts';
import { createPortal, type Portal, type PortalRouteName, withIntegration } from './portal-world.ts';

let portal: Portal;
let integration: Awaited<ReturnType<typeof withIntegration>>;
beforeAll(async () => {
  portal = await createPortal();
  integration = await withIntegration(portal, 'inv');
  await portal.world.change(integration.integrationId, { selfEnrollmentRequires: 'invitation' });
});
afterAll(() => portal.world.close());

const HOUR = 3600;
/** A user who was never here. */
const newUser = (at = integration) => {
  const sub = portal.world.newExternalId();
  return { sub, target: { integrationId: at.integrationId, externalId: sub } };
};
type Target = ReturnType<typeof newUser>['target'];
const act = async (name: PortalRouteName, target: Target, more: object = {}) =>
  portal.call('inv', name, { body: { ...target, ...more } });
const invite = async (target: Target, more: object = {}) => {
  const { status, body } = await act('portalInviteUser', target, more);
  expect(status).toBe(200);
  return body;
};
const read = async (target: Target) => (await portal.call('inv', 'portalUser', { query: target })).body;
const signIn = (sub: string, at = integration) => openLogin(portal.world, at, sub);
/** How a login ends that cannot continue. */
const resultOf = async (browser: Browser, at = integration) =>
  (await readReturnPage(portal.world, at, await browser.giveBack())).payload['res'];

describe('T26 if self-enrollment requires an invitation', () => {
  test('an invited user enrolls once, and has to be invited again after a deletion', async () => {
    const { world } = portal;
    const { sub, target } = newUser();
    expect(await resultOf(await signIn(sub))).toBe('not_enrolled');
    expect(await invite(target)).toMatchObject({
      state: 'not_enrolled',
      invitation: { at: world.now(), endsAt: world.now() + 168 * HOUR, by: 'inv@harbour-bank.example' },
    });
    await enroll(world, integration, sub);
    expect(await read(target)).toMatchObject({ state: 'enrolled', invitation: null });
    expect(await userRow(world, integration.integrationId, sub)).not.toHaveProperty('removeAt');
    await act('portalDeleteUser', target);
    expect(await resultOf(await signIn(sub))).toBe('not_enrolled');
  });

  test('the user is listed until they enroll; actions are on record with their authors', async () => {
    const { sub, target } = newUser();
    await invite(target, { withinHours: 24 });
    await act('portalUninviteUser', target);
    const query = { state: 'not_enrolled', prefix: sub };
    const { body } = await portal.call('inv', 'portalUsers', { path: integration.path, query });
    expect((body as UserPage).users.map(({ externalId }) => externalId)).toEqual([sub]);
    const { entries } = (await portal.call('inv', 'portalAudit', { query: { externalId: sub } })).body as AuditPage;
    const noted = entries.map((entry) => [entry.act, entry.detail, entry.email]);
    expect(noted).toHaveLength(2);
    expect(noted).toContainEqual(['user-invited', 'within 24 h', 'inv@harbour-bank.example']);
    expect(noted).toContainEqual(['user-invitation-revoked', null, 'inv@harbour-bank.example']);
  });

  test.each([{ withinHours: 0 }, { withinHours: 721 }, { withinHours: 1.5 }, { externalId: ' ' }, { by: 'me' }])(
    'T68 refuses %j',
    async (more) => {
      expect((await act('portalInviteUser', newUser().target, more)).status).toBe(400);
    },
  );

  test('a user who has a face cannot be invited; after a required re-enrollment they can', async () => {
    const { sub, target } = newUser();
    await invite(target);
    await enroll(portal.world, integration, sub);
    expect(await act('portalInviteUser', target)).toMatchObject({ status: 409, body: { code: 'already-enrolled' } });
    await act('portalRequireEnrollment', target, { reason: 'new picture' });
    expect(await resultOf(await signIn(sub))).toBe('not_enrolled');
    await invite(target);
    await enroll(portal.world, integration, sub, 'bob');
  });
});

test('T26 an invitation counts even if self-enrollment is off, from the opening to the end', async () => {
  const { world } = portal;
  const closed = await withIntegration(portal, 'inv');
  await world.change(closed.integrationId, { allowSelfEnrollment: false });
  const { sub, target } = newUser(closed);
  expect(await resultOf(await signIn(sub, closed), closed)).toBe('not_enrolled');
  await invite(target);
  await enroll(world, closed, sub);
});

describe('T27 an invitation', () => {
  test('ends at exactly its second, even for a login that began before', async () => {
    const { world } = portal;
    const { sub, target } = newUser();
    await invite(target, { withinHours: 1 });
    world.advance(HOUR - 1);
    const inTime = await signIn(sub);
    expect(await inTime.view()).toMatchObject({ state: 'open', expiresAt: world.now() + 1 });
    const { livenessSessionId } = JSON.parse((await inTime.start('enroll', '2026-11')).body ?? '');
    world.faces.play(livenessSessionId, {});
    const faces = (await storedFaces(world)).length;
    world.advance(1);
    expect(JSON.parse((await inTime.complete('enroll', 1)).body ?? '').outcome).toBe('expired');
    expect(await storedFaces(world)).toHaveLength(faces);
    expect(await resultOf(await signIn(sub))).toBe('not_enrolled');
    await invite(target);
    expect((await (await signIn(sub)).view()).state).toBe('open');
  });

  test('outlives a face past its retention', async () => {
    const { world } = portal;
    const { sub, target } = newUser();
    await invite(target);
    await enroll(world, integration, sub);
    world.advance(HOUR + 1);
    await world.housekeep();
    world.advance(366 * 24 * HOUR);
    await invite(target);
    await world.housekeep();
    expect(await userRow(world, integration.integrationId, sub)).not.toHaveProperty('reference');
    await enroll(world, integration, sub);
  });

  test('overrides no other refusal: a disabled user, a lock, a disabled integration', async () => {
    const { world } = portal;
    const { sub, target } = newUser();
    await invite(target);
    await act('portalDisableUser', target, { reason: 'not an employee' });
    expect(await userRow(world, integration.integrationId, sub)).not.toHaveProperty('removeAt');
    expect(await invite(target)).toMatchObject({ state: 'disabled' });
    expect(await resultOf(await signIn(sub))).toBe('disabled');
    await act('portalEnableUser', target, { reason: 'is one' });
    for (let login = 0; login < 2; login += 1) {
      const browser = await signIn(sub);
      for (let tries = 0; tries < 3; tries += 1) await browser.attempt(world, 'enroll', { confidence: 10 });
    }
    expect(await invite(target)).toMatchObject({ state: 'locked' });
    expect(await resultOf(await signIn(sub))).toBe('locked');
    await world.change(integration.integrationId, { enabled: false });
    const other = newUser();
    await invite(other.target);
    expect(await resultOf(await signIn(other.sub))).toBe('disabled');
    await world.change(integration.integrationId, { enabled: true });
  });
});

describe('T27 T28 a login that began under an invitation', () => {
  test.each(['revoked', 'used in another tab'] as const)(
    'ends in conflict if it was %s in the meantime',
    async (how) => {
      const { world } = portal;
      const { sub, target } = newUser();
      await invite(target);
      const inFlight = await signIn(sub);
      if (how === 'revoked') {
        expect((await act('portalUninviteUser', target)).body).toMatchObject({ invitation: { endsAt: world.now() } });
      } else await enroll(world, integration, sub);
      const faces = (await storedFaces(world)).length;
      expect((await inFlight.attempt(world, 'enroll')).outcome).toBe('conflict');
      expect(await storedFaces(world)).toHaveLength(faces);
      if (how === 'revoked') expect(await resultOf(await signIn(sub))).toBe('not_enrolled');
    },
  );

  test('two operators who change one user concurrently do not overwrite each other', async () => {
    const { target } = newUser();
    const answers = await Promise.all([1, 2, 3].map((withinHours) => act('portalInviteUser', target, { withinHours })));
    const codes = answers.map(({ status, body }) => (status === 200 ? 'done' : (body as { code: string }).code));
    expect(codes).toContain('done');
    expect(codes.filter((code) => code !== 'done' && code !== 'changed-meanwhile')).toEqual([]);
    const row = await userRow(portal.world, target.integrationId, target.externalId);
    expect(row?.['version']).toBe(codes.filter((code) => code === 'done').length);
  });
});

test('a user who was never invited has no invitation to revoke', async () => {
  const { target } = newUser();
  expect((await act('portalUninviteUser', target)).status).toBe(404);
  await invite(target);
  await act('portalDeleteUser', target);
  expect((await act('portalUninviteUser', target)).status).toBe(404);
});
