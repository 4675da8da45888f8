import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditPage } from '../../../contract/api/portal/operator.ts';
import type { UserPage } from '../../../contract/api/portal/users.ts';
import { storedFaces, userRow } from '../../support/inspect.ts';
import { enroll, openLogin, readReturnPage } from '../../support/login.ts';
import { createPortal, type Portal, withIntegration } from './portal-world.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await createPortal();
});
afterAll(() => portal.world.close());

/** An operator with an integration that has an enrolled user. */
const withUser = async (operator: string) => {
  const integration = await withIntegration(portal, operator);
  const sub = portal.world.newExternalId();
  await enroll(portal.world, integration, sub);
  const target = { integrationId: integration.integrationId, externalId: sub };
  return { integration, sub, target };
};
const DAY = 86_400;
const outcomeOf = (answer: { body?: string | undefined }) => JSON.parse(answer.body ?? '').outcome;
const idsOf = async (operator: string, path: Record<string, string>, state: string) => {
  const { body } = await portal.call(operator, 'portalUsers', { path, query: { state } });
  return (body as UserPage).users.map(({ externalId }) => externalId);
};
const actsOf = async (operator: string, query: Record<string, string> = {}) => {
  const { body } = await portal.call(operator, 'portalAudit', { query });
  return (body as AuditPage).entries.map(({ act }) => act);
};

describe('T53 a disabled user', () => {
  test('is refused at the next login, visibly and by a stable outcome, and let in again once enabled', async () => {
    const { world, call } = portal;
    const { integration, sub, target } = await withUser('dis');
    const { body } = await call('dis', 'portalDisableUser', { body: { ...target, reason: 'left the company' } });
    expect(body).toMatchObject({ state: 'disabled', disabled: { at: world.now(), reason: 'left the company' } });
    expect(await idsOf('dis', integration.path, 'disabled')).toEqual([sub]);
    expect(await idsOf('dis', integration.path, 'enrolled')).toEqual([]);
    const browser = await openLogin(world, integration, sub);
    expect((await readReturnPage(world, integration, await browser.giveBack())).payload['res']).toBe('disabled');
    await call('dis', 'portalEnableUser', { body: { ...target, reason: 'came back' } });
    expect(await idsOf('dis', integration.path, 'enrolled')).toEqual([sub]);
    expect((await (await openLogin(world, integration, sub)).attempt(world, 'verify')).outcome).toBe('verified');
  });

  test.each(['start', 'complete', 'sign'] as const)('is also refused if disabled just before %s', async (step) => {
    const { world, call } = portal;
    const { integration, sub, target } = await withUser('dis');
    const disable = () => call('dis', 'portalDisableUser', { body: { ...target, reason: 'reported stolen' } });
    const browser = await openLogin(world, integration, sub);
    if (step === 'start') await disable();
    const started = JSON.parse((await browser.start('verify')).body ?? '');
    if (step !== 'start') {
      world.faces.play(started.livenessSessionId, {});
      if (step === 'complete') await disable();
      expect(outcomeOf(await browser.complete('verify', 1))).toBe(step === 'complete' ? 'disabled' : 'verified');
      if (step === 'sign') await disable();
    }
    const { payload } = await readReturnPage(world, integration, await browser.giveBack());
    expect(payload).toMatchObject({ res: 'disabled', event: null, vat: null });
  });

  test('who has no face yet cannot enroll', async () => {
    const { world, call } = portal;
    const integration = await withIntegration(portal, 'dis');
    const sub = world.newExternalId();
    const browser = await openLogin(world, integration, sub);
    const { livenessSessionId } = JSON.parse((await browser.start('enroll', '2026-11')).body ?? '');
    world.faces.play(livenessSessionId, {});
    const before = (await storedFaces(world)).length;
    await call('dis', 'portalDisableUser', {
      body: { integrationId: integration.integrationId, externalId: sub, reason: 'not an employee' },
    });
    expect(outcomeOf(await browser.complete('enroll', 1))).toBe('disabled');
    expect(await storedFaces(world)).toHaveLength(before);
  });

  test('stays disabled when the face is deleted, and when its retention ends', async () => {
    const { world, call } = portal;
    const [deleted, unused] = [await withUser('dis'), await withUser('dis')];
    for (const { target } of [deleted, unused]) {
      await call('dis', 'portalDisableUser', { body: { ...target, reason: 'left the company' } });
    }
    const { body } = await call('dis', 'portalDeleteUser', { body: deleted.target });
    expect(body).toMatchObject({ face: 'removed', recordRemoved: true, disablementKept: true });
    for (const seconds of [3601, 366 * DAY]) {
      world.advance(seconds);
      await world.housekeep();
    }
    for (const { integration, sub, target } of [deleted, unused]) {
      expect(await userRow(world, integration.integrationId, sub)).not.toHaveProperty('reference');
      const browser = await openLogin(world, integration, sub);
      expect((await readReturnPage(world, integration, await browser.giveBack())).payload['res']).toBe('disabled');
      expect((await call('dis', 'portalUser', { query: target })).body).toMatchObject({ state: 'disabled' });
    }
  });

  test.each(['', 'x', 'a\nb', 'x'.repeat(161)])('needs a reason of one line; %j is not one', async (reason) => {
    const { target } = await withUser('dis');
    expect((await portal.call('dis', 'portalDisableUser', { body: { ...target, reason } })).status).toBe(400);
  });
});

describe('T27 a required re-enrollment', () => {
  test('removes the old face immediately and lets one login enroll again', async () => {
    const { world, call } = portal;
    const { integration, sub, target } = await withUser('ren');
    const before = (await storedFaces(world)).length;
    const inFlight = await openLogin(world, integration, sub);
    const { body } = await call('ren', 'portalRequireEnrollment', { body: { ...target, reason: 'wrong person' } });
    expect(body).toMatchObject({
      state: 'not_enrolled',
      consent: null,
      reenrollment: { askedAt: world.now(), until: world.now() + DAY },
      reenrolment: { askedAt: world.now(), until: world.now() + DAY },
    });
    expect(await storedFaces(world)).toHaveLength(before - 1);
    expect(await idsOf('ren', integration.path, 'not_enrolled')).toEqual([sub]);
    expect((await inFlight.attempt(world, 'verify')).outcome).toBe('conflict');
    await enroll(world, integration, sub, 'bob');
    expect((await call('ren', 'portalUser', { query: target })).body).toMatchObject({
      state: 'enrolled',
      reenrollment: null,
      reenrolment: null,
    });
    expect((await (await openLogin(world, integration, sub)).attempt(world, 'verify', { person: 'bob' })).outcome).toBe(
      'verified',
    );
  });

  test('T26 ends: after its hours a password alone lets nobody enroll', async () => {
    const { world, call } = portal;
    const { integration, sub, target } = await withUser('ren');
    await call('ren', 'portalRequireEnrollment', { body: { ...target, reason: 'new picture', withinHours: 1 } });
    world.advance(3599);
    expect((await (await openLogin(world, integration, sub)).view()).state).toBe('open');
    world.advance(1);
    const browser = await openLogin(world, integration, sub);
    expect((await readReturnPage(world, integration, await browser.giveBack())).payload['res']).toBe('not_enrolled');
  });

  test('T26 does not permit what self-enrollment forbids', async () => {
    const { world, call } = portal;
    const { integration, sub, target } = await withUser('ren');
    await world.change(integration.integrationId, { allowSelfEnrollment: false });
    await call('ren', 'portalRequireEnrollment', { body: { ...target, reason: 'new picture' } });
    const browser = await openLogin(world, integration, sub);
    expect((await readReturnPage(world, integration, await browser.giveBack())).payload['res']).toBe('not_enrolled');
  });

  test('keeps a lock', async () => {
    const { world, call } = portal;
    const { integration, sub, target } = await withUser('ren');
    for (let login = 0; login < 2; login += 1) {
      const browser = await openLogin(world, integration, sub);
      for (let tries = 0; tries < 3; tries += 1) await browser.attempt(world, 'verify', { person: 'eve' });
    }
    const { body } = await call('ren', 'portalRequireEnrollment', { body: { ...target, reason: 'new picture' } });
    expect(body).toMatchObject({ state: 'locked', failures: 5 });
    expect(await idsOf('ren', integration.path, 'locked')).toEqual([sub]);
  });
});

describe('the reference face', () => {
  test('T72 is shown to permitted roles, uncached, and the view is on record', async () => {
    const { world, call } = portal;
    const { target } = await withUser('pho');
    const { body, answer } = await call('pho', 'portalUserPhoto', { body: target });
    const { jpegBase64 } = body as { jpegBase64: string };
    expect(Buffer.from(jpegBase64, 'base64').toString()).toContain('alice');
    expect(answer.headers?.['cache-control']).toBe('no-store');
    const { entries } = (await call('pho', 'portalAudit', { query: { act: 'user-photo-viewed' } })).body as AuditPage;
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ act: 'user-photo-viewed', ...target, at: world.now() });
    expect(JSON.stringify([entries, world.log])).not.toContain(jpegBase64);
  });

  test('T72 is not decrypted if the view cannot be recorded', async () => {
    const { target } = await withUser('pho');
    let loads = 0;
    const broken = portal.usersWith({
      audit: {
        append: () => Promise.reject(new Error('no table')),
      },
      references: {
        ...portal.world.ports.references,
        load: async () => {
          loads += 1;
          return Buffer.from('face');
        },
      },
    });
    const { status, answer } = await portal.call('pho', 'portalUserPhoto', { body: target }, broken);
    expect([status, loads]).toEqual([500, 0]);
    expect(answer.body).not.toContain('jpegBase64');
  });

  test('T68 is not shown to a viewer, and nothing is decrypted or recorded', async () => {
    const { call } = portal;
    const { target } = await withUser('pho');
    const { accountId } = ((await call('pho', 'portalMe')).body as { account: { accountId: string } }).account;
    await portal.join('pete', accountId, 'viewer');
    const before = await actsOf('pho');
    expect((await call('pete', 'portalUserPhoto', { body: target })).body).toMatchObject({ code: 'role-not-allowed' });
    expect(await actsOf('pho')).toEqual(before);
  });

  test('T44 of another user’s row cannot be read under this one', async () => {
    const { world, call } = portal;
    const [one, other] = [await withUser('pho'), await withUser('pho')];
    const stolen = await userRow(world, other.target.integrationId, other.sub);
    const own = await userRow(world, one.target.integrationId, one.sub);
    await world.putRow('USER_TABLE', { ...own, reference: stolen?.['reference'] });
    expect((await call('pho', 'portalUserPhoto', { body: one.target })).status).toBe(503);
  });

  test('that does not exist is not found', async () => {
    const { target } = await withUser('pho');
    await portal.call('pho', 'portalRequireEnrollment', { body: { ...target, reason: 'new picture' } });
    expect((await portal.call('pho', 'portalUserPhoto', { body: target })).status).toBe(404);
  });
});

test('T74 a receipt says so if bytes could not be removed yet; housekeeping removes them', async () => {
  const { world, call } = portal;
  const { integration, target } = await withUser('rec');
  const objectKey = (await userRow(world, integration.integrationId, target.externalId))?.['reference'] as {
    objectKey: string;
  };
  const { references } = world.ports;
  const failing = portal.usersWith({
    references: {
      load: references.load.bind(references),
      isStored: references.isStored.bind(references),
      remove: () => Promise.reject(new Error('S3 is away')),
    },
  });
  const { body } = await call('rec', 'portalDeleteUser', { body: target }, failing);
  expect(body).toMatchObject({ face: 'pending', recordRemoved: true });
  expect(await storedFaces(world)).toContain(objectKey.objectKey);
  await world.housekeep();
  expect(await storedFaces(world)).not.toContain(objectKey.objectKey);
});

test('audit events are found by action, author, user and time; entries are not changed', async () => {
  const { world, call } = portal;
  const { target } = await withUser('aud');
  world.advance(100);
  await call('aud', 'portalDisableUser', { body: { ...target, reason: 'left the company' } });
  await call('aud', 'portalEnableUser', { body: { ...target, reason: 'came back' } });
  expect(await actsOf('aud', { act: 'user-enabled' })).toEqual(['user-enabled']);
  expect((await actsOf('aud', { externalId: target.externalId })).toSorted()).toEqual([
    'user-disabled',
    'user-enabled',
  ]);
  expect(await actsOf('aud', { to: String(world.now() - 101) })).toEqual([]);
  expect((await call('aud', 'portalAudit', { query: { from: String(world.now() + 1) } })).status).toBe(400);
  expect(await actsOf('aud', { to: String(world.now() - 1) })).toEqual(['integration-created', 'account-founded']);
  expect(await actsOf('aud', { email: 'aud@harbour-bank.example', limit: '1000' })).toHaveLength(4);
  expect(await actsOf('aud', { email: 'somebody@harbour-bank.example' })).toEqual([]);
  const [first] = ((await call('aud', 'portalAudit')).body as AuditPage).entries;
  const { accountId } = ((await call('aud', 'portalMe')).body as { account: { accountId: string } }).account;
  if (first === undefined) throw new Error('no entry');
  await expect(portal.audit.append(accountId, { ...first, act: 'nothing-happened' })).rejects.toThrow();
});

test.each(['portalDeleteUser', 'portalRequireEnrollment'] as const)(
  'T74 a face past its retention that is still in the bucket is removed immediately by %s, and the receipt says so',
  async (act) => {
    const { world, call } = portal;
    const { target } = await withUser('ret');
    const before = (await storedFaces(world)).length;
    world.advance(366 * DAY);
    const body = act === 'portalDeleteUser' ? target : { ...target, reason: 'lost phone' };
    const answer = await call('ret', act, { body });
    expect(answer.status).toBe(200);
    if (act === 'portalDeleteUser') expect(answer.body).toMatchObject({ face: 'removed', consentRemoved: true });
    expect(await storedFaces(world)).toHaveLength(before - 1);
  },
);
