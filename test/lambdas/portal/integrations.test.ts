import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PortalIntegrationStore } from '../../../lambdas/adapters/dynamodb/integrations/portal-integration-store.ts';
import { changeIntegration } from '../../../lambdas/core/integrations/manage-integration.ts';
import { rowsOf, storedFaces } from '../../support/inspect.ts';
import { Browser, claimsFor, enroll, openLogin, readReturnPage, signToken } from '../../support/login.ts';
import { DOMAIN } from '../../support/world.ts';
import { createPortal, OPTIONS, type Portal, withIntegration } from './portal-world.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await createPortal();
});
afterAll(() => portal.world.close());

test('a new integration works immediately; its secret is shown once, and not stored', async () => {
  const { world, call } = portal;
  const { integrationId, sessionSecret, path } = await withIntegration(portal, 'ida');
  const browser = await openLogin(world, { integrationId, sessionSecret }, world.newExternalId());
  expect((await browser.attempt(world, 'enroll')).outcome).toBe('enrolled');
  const { body } = await call('ida', 'portalIntegration', { path });
  expect(body).toMatchObject({
    integrationId,
    options: { name: OPTIONS.name, enabled: true, livenessThreshold: 90, similarityThreshold: 99 },
    secrets: [{ generation: 1, fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/), endsAt: null }],
  });
  for (const table of ['INTEGRATION_TABLE', 'ACCOUNT_ITEM_TABLE', 'SESSION_TABLE'] as const) {
    expect(JSON.stringify(await rowsOf(world, table))).not.toContain(sessionSecret);
  }
  expect(JSON.stringify(world.log)).not.toContain(sessionSecret);
});

test('T53 an edit that read the integration before it was switched off does not switch it on again', async () => {
  const { world, call } = portal;
  const { integrationId, path } = await withIntegration(portal, 'olga');
  const { INTEGRATION_TABLE: integrations, ACCOUNT_ITEM_TABLE: items } = world.tables;
  const store = new PortalIntegrationStore(world.documents, { integrations, items });
  const read = async (id: string) => {
    const row = await store.read(id);
    await call('olga', 'portalEditIntegration', { path, body: { options: { enabled: false } } });
    return row;
  };
  const { changeOptions } = store;
  const ports = { integrations: { read, changeOptions, newestConsent: async () => null }, clock: world.now };
  await changeIntegration(ports)(integrationId, { name: 'Renamed' });
  const { body } = await call('olga', 'portalIntegration', { path });
  expect(body).toMatchObject({ options: { name: 'Renamed', enabled: false, domains: OPTIONS.domains } });
});

test('the list shows the account’s integrations, newest first', async () => {
  const { world, call, found } = portal;
  await found('lea');
  for (const name of ['One', 'Two', 'Three']) {
    await call('lea', 'portalAddIntegration', { body: { options: { ...OPTIONS, name } } });
    world.advance(1);
  }
  const { body } = await call('lea', 'portalIntegrations');
  expect((body as { integrations: { name: string }[] }).integrations.map(({ name }) => name)).toEqual([
    'Three',
    'Two',
    'One',
  ]);
});

test.each([
  [{ similarityThreshold: 94.9 }, '#/options/similarityThreshold'],
  [{ livenessThreshold: 79 }, '#/options/livenessThreshold'],
  [{ domains: [] }, '#/options/domains'],
  [{ domains: ['https://tenant.eu.auth0.com'] }, '#/options/domains/0'],
  [
    { lockout: { enabled: true, maxFailedAttempts: 99, windowSeconds: 60, lockSeconds: 60 } },
    '#/options/lockout/maxFailedAttempts',
  ],
  [{ keys: [] }, '#/options/keys'],
  [{ accountId: 'acc_other' }, '#/options/accountId'],
  [{ name: 'a\nb' }, '#/options/name'],
])('T41 T68 %j is refused by name, and nothing changes', async (options, pointer) => {
  const { path } = await withIntegration(portal, 'max');
  const before = (await portal.call('max', 'portalIntegration', { path })).body;
  const { status, body } = await portal.call('max', 'portalEditIntegration', { path, body: { options } });
  expect(status).toBe(400);
  expect(body).toMatchObject({ code: 'invalid-option', errors: [{ pointer }] });
  expect((await portal.call('max', 'portalIntegration', { path })).body).toEqual(before);
});

test('some options change and the rest stays', async () => {
  const { path } = await withIntegration(portal, 'max');
  const change = { options: { enabled: false, attemptsPerSession: 2 } };
  const { body } = await portal.call('max', 'portalEditIntegration', { path, body: change });
  expect(body).toMatchObject({ options: { enabled: false, attemptsPerSession: 2, name: OPTIONS.name } });
});

describe('T13 a rotation', () => {
  test('keeps the old secret for the overlap and no longer; both open logins in that time', async () => {
    const { world, call } = portal;
    const old = await withIntegration(portal, 'rosa');
    const { body } = await call('rosa', 'portalRotateSecret', {
      path: old.path,
      body: { generation: 1, overlapSeconds: 600 },
    });
    const renewed = body as { integrationId: string; sessionSecret: string };
    expect(renewed.sessionSecret).not.toBe(old.sessionSecret);
    for (const each of [old, renewed]) {
      const browser = await openLogin(world, each, world.newExternalId());
      await browser.attempt(world, 'enroll');
      expect((await readReturnPage(world, each, await browser.giveBack())).payload['res']).toBe('enrolled');
    }
    world.advance(600);
    const token = await signToken(claimsFor(world, old, 'auth0|late'), world.keysOf(old).request);
    expect((await new Browser(world.handlers).open(old.integrationId, token)).statusCode).toBe(400);
    await openLogin(world, renewed, world.newExternalId());
  });

  test('of many concurrent ones: every secret that was shown is a generation of its own', async () => {
    const { path } = await withIntegration(portal, 'rosa');
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        portal.call('rosa', 'portalRotateSecret', { path, body: { generation: 1, overlapSeconds: 60 } }),
      ),
    );
    // One that reads after another has written is a rotation of its own; there must never be two secrets of one generation.
    const statuses = answers.map(({ status }) => status);
    expect(statuses.every((status) => status === 200 || status === 409)).toBe(true);
    const { body } = await portal.call('rosa', 'portalIntegration', { path });
    const [newest] = (body as { secrets: { generation: number }[] }).secrets;
    expect(newest?.generation).toBe(1 + statuses.filter((status) => status === 200).length);
  });
});

test('deleting requires the typed name, ends its logins, and removes it from the list', async () => {
  const { world, call } = portal;
  const one = await withIntegration(portal, 'dora');
  const wrong = await call('dora', 'portalDeleteIntegration', { path: one.path, body: { name: 'customer login' } });
  expect(wrong.body).toMatchObject({ code: 'invalid-option', errors: [{ pointer: '#/name' }] });
  expect((await call('dora', 'portalDeleteIntegration', { path: one.path, body: { name: OPTIONS.name } })).status).toBe(
    204,
  );
  expect((await call('dora', 'portalIntegrations')).body).toEqual({ integrations: [] });
  const token = await signToken(claimsFor(world, one, 'auth0|a'), world.keysOf(one).request);
  expect((await new Browser(world.handlers).open(one.integrationId, token)).statusCode).toBe(400);
});

test('every action is in the audit log, before it is done, with its author, newest first', async () => {
  const { world, call } = portal;
  const one = await withIntegration(portal, 'gus');
  world.advance(1);
  await call('gus', 'portalEditIntegration', {
    path: one.path,
    body: { options: { name: 'New name', enabled: false } },
  });
  world.advance(1);
  await call('gus', 'portalRotateSecret', { path: one.path, body: { generation: 1, overlapSeconds: 0 } });
  const { body } = await call('gus', 'portalAudit');
  expect((body as { entries: unknown[] }).entries).toMatchObject([
    { act: 'secret-rotated', integrationId: one.integrationId, detail: 'overlap 0 s' },
    { act: 'integration-changed', integrationId: one.integrationId, detail: 'enabled, name' },
    { act: 'integration-created', email: 'gus@harbour-bank.example' },
    { act: 'account-founded', email: 'gus@harbour-bank.example', detail: 'harbour-bank.example' },
  ]);
});

test('T74 T75 deleting an integration removes its users and their faces promptly, even those that a login under way still adds', async () => {
  const { world, call } = portal;
  const [one, other] = [await withIntegration(portal, 'gina'), await withIntegration(portal, 'gina')];
  for (let count = 0; count < 3; count += 1) await enroll(world, one, world.newExternalId());
  await enroll(world, other, world.newExternalId());
  const before = (await storedFaces(world)).length;
  await call('gina', 'portalDeleteIntegration', { path: one.path, body: { name: OPTIONS.name } });
  await world.housekeep();
  expect(await rowsOf(world, 'USER_TABLE', one.integrationId)).toEqual([]);
  expect(await storedFaces(world)).toHaveLength(before - 3);
  expect(await rowsOf(world, 'USER_TABLE', other.integrationId)).toHaveLength(1);
  const late = { integrationId: one.integrationId, externalId: 'auth0|late', version: 1, failures: 0 };
  await world.documents.send(new PutCommand({ TableName: world.tables.USER_TABLE, Item: late }));
  world.advance(3600);
  await world.housekeep();
  expect(await rowsOf(world, 'USER_TABLE', one.integrationId)).toEqual([]);
});

describe('the connection of an integration', () => {
  const seen = async (path: { integrationId: string }) =>
    (await portal.call('cora', 'portalConnection', { path })).body;

  test('shows the last login that was accepted, and from which domain', async () => {
    const one = await withIntegration(portal, 'cora');
    expect(await seen(one.path)).toEqual({ accepted: null, refused: null, unproven: null });
    await openLogin(portal.world, one, 'auth0|somebody');
    const accepted = { at: portal.world.now(), domain: DOMAIN };
    expect(await seen(one.path)).toEqual({ accepted, refused: null, unproven: null });
  });

  test('T14 shows why a login was refused, and nothing from an unsigned token', async () => {
    const { world } = portal;
    const one = await withIntegration(portal, 'cora');
    const key = world.keysOf(one).request;
    const cases = [
      [{ iss: 'other.eu.auth0.com' }, key, { reason: 'domain', domain: 'other.eu.auth0.com' }],
      [{ iat: world.now() - 400, exp: world.now() + 60 }, key, { reason: 'time', domain: null }],
      [{ aud: 'verified:other' }, key, { reason: 'form', domain: null }],
    ] as const;
    for (const [claims, secret, expected] of cases) {
      const token = await signToken({ ...claimsFor(world, one, 'auth0|x'), ...claims }, secret);
      expect((await new Browser(world.handlers).open(one.integrationId, token)).statusCode).toBe(400);
      expect(await seen(one.path)).toEqual({
        accepted: null,
        refused: { at: world.now(), ...expected },
        unproven: null,
      });
    }
    await portal.call('cora', 'portalEditIntegration', { path: one.path, body: { options: { enabled: false } } });
    const token = await signToken(claimsFor(world, one, 'auth0|x'), key);
    await new Browser(world.handlers).open(one.integrationId, token);
    expect(await seen(one.path)).toMatchObject({ refused: { reason: 'disabled', domain: DOMAIN } });
  });

  test('T77 a flood of bad links writes one row, once in ten seconds; with unknown integrations none', async () => {
    const { world } = portal;
    const one = await withIntegration(portal, 'cora');
    const rows = async () =>
      (await rowsOf(world, 'SESSION_TABLE')).filter((row) => String(row['sessionKey']).startsWith('opening#'));
    const before = (await rows()).length;
    const bad = await signToken(claimsFor(world, one, 'auth0|x'), '0'.repeat(64));
    for (let count = 0; count < 20; count += 1) {
      await new Browser(world.handlers).open(one.integrationId, bad);
      await new Browser(world.handlers).open(`int_${String.fromCharCode(97 + count).repeat(20)}`, bad);
    }
    const first = world.now();
    world.advance(9);
    await new Browser(world.handlers).open(one.integrationId, bad);
    expect(await seen(one.path)).toMatchObject({ unproven: { at: first, reason: 'signature' } });
    world.advance(1);
    await new Browser(world.handlers).open(one.integrationId, bad);
    expect(await seen(one.path)).toMatchObject({ unproven: { at: world.now() } });
    expect(await rows()).toHaveLength(before + 1);
  });

  test('T14 whoever knows only the integration’s id can neither hide nor change what the tenant’s own logins reported', async () => {
    const { world } = portal;
    const one = await withIntegration(portal, 'cora');
    const key = world.keysOf(one).request;
    await openLogin(world, one, 'auth0|somebody');
    const foreign = { ...claimsFor(world, one, 'auth0|x'), iss: 'other.eu.auth0.com' };
    await new Browser(world.handlers).open(one.integrationId, await signToken(foreign, key));
    const { accepted, refused } = (await seen(one.path)) as { accepted: object; refused: object };
    world.advance(60);
    for (const claims of [foreign, claimsFor(world, one, 'auth0|y')]) {
      await new Browser(world.handlers).open(one.integrationId, await signToken(claims, '0'.repeat(64)));
    }
    const unproven = { at: world.now(), reason: 'signature' };
    expect(await seen(one.path)).toEqual({ accepted, refused, unproven });
  });
});
