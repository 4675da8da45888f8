import { createHash } from 'node:crypto';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConsentPage, ConsentView } from '../../../contract/api/portal/consents.ts';
import { PortalIntegrationStore } from '../../../lambdas/adapters/dynamodb/integrations/portal-integration-store.ts';
import { changeIntegration } from '../../../lambdas/core/integrations/manage-integration.ts';
import { rowsOf } from '../../support/inspect.ts';
import { enroll, openLogin } from '../../support/login.ts';
import { createPortal, OPTIONS, type Portal, withIntegration } from './portal-world.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await createPortal();
});
afterAll(() => portal.world.close());

type Path = { readonly integrationId: string };
const RETENTION = { retentionDays: 365 };
const textOf = (version: string) => `The words of ${version}, which lawyers have made long enough.`;
const consentOf = (version: string, text = textOf(version)) => ({ version, text, ...RETENTION });
const change = (who: string, path: Path, consent: object) =>
  portal.call(who, 'portalEditIntegration', { path, body: { options: { consent } } });
const history = async (who: string, path: Path, query = {}) =>
  (await portal.call(who, 'portalConsents', { path, query })).body as ConsentPage;
const words = async (who: string, { integrationId }: Path, version: string) =>
  portal.call(who, 'portalConsent', { query: { integrationId, version } });

/** Turns an integration into one created before a history of texts was kept. */
const withoutHistory = async (integrationId: string): Promise<void> => {
  const { world } = portal;
  const items = (await rowsOf(world, 'ACCOUNT_ITEM_TABLE')).filter(({ itemKey }) =>
    new RegExp(`^consent(-name)?#${integrationId}#`).test(String(itemKey)),
  );
  expect(items).toHaveLength(2);
  for (const { accountId, itemKey } of items) {
    await world.documents.send(
      new DeleteCommand({ TableName: world.tables.ACCOUNT_ITEM_TABLE, Key: { accountId, itemKey } }),
    );
  }
};

describe('T75 the versions of a consent', () => {
  test('each change creates a version with number, hash, time and author; earlier ones stay readable', async () => {
    const { world } = portal;
    const { path } = await withIntegration(portal, 'cleo');
    const created = world.now();
    world.advance(60);
    expect((await change('cleo', path, consentOf('2026-12'))).status).toBe(200);
    const by = 'cleo@harbour-bank.example';
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    const [first, second] = [
      { number: 1, version: '2026-11', textSha256: hash(OPTIONS.consent.text), since: created, by, isCurrent: false },
      { number: 2, version: '2026-12', textSha256: hash(textOf('2026-12')), since: world.now(), by, isCurrent: true },
    ];
    expect(await history('cleo', path)).toEqual({ consents: [second, first], cursor: null });
    expect((await words('cleo', path, '2026-11')).body).toEqual({ ...first, text: OPTIONS.consent.text });
    expect((await words('cleo', path, '2026-12')).body).toEqual({ ...second, text: textOf('2026-12') });
    expect((await words('cleo', path, '2026-13')).status).toBe(404);
  });

  test('a user’s consent leads to its text, even after the text was changed and agreed to again', async () => {
    const { world, call } = portal;
    const one = await withIntegration(portal, 'cora');
    const sub = world.newExternalId();
    await enroll(world, one, sub);
    await change('cora', one.path, consentOf('v2'));
    const target = { integrationId: one.integrationId, externalId: sub };
    const agreed = async () =>
      ((await call('cora', 'portalUser', { query: target })).body as { consent: ConsentView }).consent;
    const before = await agreed();
    const read = (await words('cora', one.path, before.version)).body as ConsentView;
    expect([read.textSha256, read.text]).toEqual([before.textSha256, OPTIONS.consent.text]);
    world.advance(1);
    await (await openLogin(world, one, sub)).attempt(world, 'verify');
    expect(await agreed()).toMatchObject({ version: 'v2', at: world.now() });
    const { body } = await call('cora', 'portalTransactions', { path: one.path });
    const { transactions } = body as { transactions: { consentVersion: string | null }[] };
    expect(transactions.map(({ consentVersion }) => consentVersion)).toEqual(['v2', '2026-11']);
    world.advance(1);
    await (await openLogin(world, one, sub)).attempt(world, 'verify');
    const later = (await call('cora', 'portalTransactions', { path: one.path })).body as typeof body;
    expect(later).toMatchObject({ transactions: [{ consentVersion: null }, {}, {}] });
  });

  test('a user’s consent is not matched with a text that was changed under its name before a history was kept', async () => {
    const { world, call } = portal;
    const one = await withIntegration(portal, 'olga');
    const sub = world.newExternalId();
    await enroll(world, one, sub);
    const query = { integrationId: one.integrationId, externalId: sub };
    const agreed = async () => (await call('olga', 'portalUser', { query })).body;
    expect(await agreed()).toMatchObject({ consent: { version: '2026-11', isTextOnRecord: true } });
    await withoutHistory(one.integrationId);
    expect(await agreed()).toMatchObject({ consent: { version: '2026-11', isTextOnRecord: true } });
    const [row] = await rowsOf(world, 'INTEGRATION_TABLE', one.integrationId);
    await world.putRow('INTEGRATION_TABLE', { ...row, consent: consentOf('2026-11') });
    expect(await agreed()).toMatchObject({ consent: { version: '2026-11', isTextOnRecord: false } });
    await change('olga', one.path, consentOf('v2'));
    expect(await agreed()).toMatchObject({ consent: { version: '2026-11', isTextOnRecord: false } });
  });

  test.each([
    ['of the current text', 'v2'],
    ['of an earlier text', 'v1'],
  ])('a changed text cannot take the name %s, and nothing changes', async (_case, version) => {
    const { path } = await withIntegration(portal, 'carl');
    await change('carl', path, consentOf('v1'));
    await change('carl', path, consentOf('v2'));
    const before = await history('carl', path);
    const refused = await change('carl', path, consentOf(version, textOf('other words')));
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ code: 'invalid-option', errors: [{ pointer: '#/options/consent/version' }] });
    expect(await history('carl', path)).toEqual(before);
    expect((await words('carl', path, version)).body).toMatchObject({ text: textOf(version) });
  });

  test('a changed retention time or other options create no version', async () => {
    const { call } = portal;
    const { path } = await withIntegration(portal, 'cleo');
    await change('cleo', path, { ...OPTIONS.consent, retentionDays: 30 });
    await call('cleo', 'portalEditIntegration', { path, body: { options: { name: 'Renamed', enabled: false } } });
    expect((await history('cleo', path)).consents).toHaveLength(1);
  });

  test('a change that also switches the integration off has both effects', async () => {
    const { call } = portal;
    const { path } = await withIntegration(portal, 'cleo');
    const options = { enabled: false, consent: consentOf('v2') };
    const { body } = await call('cleo', 'portalEditIntegration', { path, body: { options } });
    expect(body).toMatchObject({ options });
    expect((await history('cleo', path)).consents.map(({ version }) => version)).toEqual(['v2', '2026-11']);
  });

  test('each accepted one of many concurrent changes is a version of its own, and the last is the current one', async () => {
    const { call } = portal;
    const { path } = await withIntegration(portal, 'cleo');
    const names = Array.from({ length: 8 }, (_, index) => `v${index}`);
    const statuses = await Promise.all(names.map(async (name) => (await change('cleo', path, consentOf(name))).status));
    expect(statuses.every((status) => status === 200 || status === 409)).toBe(true);
    const { consents } = await history('cleo', path);
    expect(consents.map(({ number }) => number)).toEqual(consents.map((_, index) => consents.length - index));
    expect(consents).toHaveLength(1 + statuses.filter((status) => status === 200).length);
    const { body } = await call('cleo', 'portalIntegration', { path });
    expect(body).toMatchObject({ options: { consent: consentOf(consents[0]?.version ?? '') } });
  });

  test('a retention time that is changed while somebody changes the text leaves the text alone', async () => {
    const { world, call } = portal;
    const { path, integrationId } = await withIntegration(portal, 'cleo');
    const { INTEGRATION_TABLE: integrations, ACCOUNT_ITEM_TABLE: items } = world.tables;
    const store = new PortalIntegrationStore(world.documents, { integrations, items });
    const read = async (id: string) => {
      const row = await store.read(id);
      await change('cleo', path, consentOf('v2'));
      return row;
    };
    const { changeOptions } = store;
    const ports = {
      integrations: { read, changeOptions, newestConsent: store.newestConsent.bind(store) },
      clock: world.now,
    };
    const stale = { consent: { ...OPTIONS.consent, retentionDays: 10 } };
    const base = { consent: OPTIONS.consent };
    await changeIntegration(ports)(integrationId, stale, { base });
    const { body } = await call('cleo', 'portalIntegration', { path });
    expect(body).toMatchObject({ options: { consent: { ...consentOf('v2'), retentionDays: 10 } } });
  });

  test('an integration that is older than the history has its first version, before and after a change', async () => {
    const { path, integrationId } = await withIntegration(portal, 'otto');
    await withoutHistory(integrationId);
    const first = { number: 1, version: '2026-11', since: null, by: null };
    expect((await history('otto', path)).consents).toMatchObject([{ ...first, isCurrent: true }]);
    expect((await words('otto', path, '2026-11')).body).toMatchObject({ ...first, text: OPTIONS.consent.text });
    await change('otto', path, consentOf('v2'));
    expect((await history('otto', path)).consents).toMatchObject([{ number: 2 }, { ...first, isCurrent: false }]);
    expect((await words('otto', path, '2026-11')).body).toMatchObject({ ...first, text: OPTIONS.consent.text });
  });

  test('the list is paged', async () => {
    const { path } = await withIntegration(portal, 'cleo');
    for (let count = 2; count <= 12; count += 1) await change('cleo', path, consentOf(`v${count}`));
    const seen: number[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: ConsentPage = await history('cleo', path, { limit: '5', ...(cursor === '' ? {} : { cursor }) });
      seen.push(...page.consents.map(({ number }) => number));
      cursor = page.cursor;
    }
    expect(seen).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  test('the change is in the audit log with the names of both versions', async () => {
    const { path, integrationId } = await withIntegration(portal, 'alma');
    await change('alma', path, consentOf('v2'));
    const { body } = await portal.call('alma', 'portalAudit', { query: { act: 'consent-changed' } });
    expect(body).toMatchObject({ entries: [{ integrationId, detail: '2026-11 → v2' }] });
  });
});
