import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConnectionView } from '../../../contract/api/portal/connection.ts';
import type { IntegrationView } from '../../../contract/api/portal/integrations.ts';
import type { AuditPage } from '../../../contract/api/portal/operator.ts';
import { RECORD_RETENTION } from '../../../contract/api/portal/record-retention.ts';
import type { StatisticsView, TransactionPage } from '../../../contract/api/portal/transactions.ts';
import type { UserPage } from '../../../contract/api/portal/users.ts';
import { rowsOf, userRow } from '../../support/inspect.ts';
import { Browser, claimsFor, enroll, openLogin, signToken } from '../../support/login.ts';
import { createPortal, type Portal, withIntegration } from './portal-world.ts';

const DAY = 86_400;
const HOUR = 3600;

let portal: Portal;
beforeAll(async () => {
  portal = await createPortal();
});
afterAll(() => portal.world.close());

/** An integration with one ended login, and every way to read about it. */
const withLogin = async (owner: string) => {
  const { world, call } = portal;
  const one = await withIntegration(portal, owner);
  const sub = world.newExternalId();
  await enroll(world, one, sub);
  const endedAt = world.now();
  const span = { from: String(endedAt - DAY), to: String(endedAt + DAY) };
  const recordsBy = async (query: Readonly<Record<string, string>>) => {
    const { body } = await call(owner, 'portalTransactions', { path: one.path, query: { ...span, ...query } });
    return (body as TransactionPage).transactions;
  };
  const [record] = await recordsBy({});
  if (record === undefined) throw new Error('no record of the login');
  const { supportId } = record;
  const filters = [
    {},
    { externalId: sub },
    { supportId },
    { outcome: 'enrolled' },
    { mode: 'always' },
    { externalId: sub, outcome: 'enrolled' },
  ];
  return {
    ...one,
    sub,
    endedAt,
    /** How many records each filter finds. */
    found: async () => Promise.all(filters.map(async (filter) => (await recordsBy(filter)).length)),
    logins: async () => {
      const { body } = await call(owner, 'portalStatistics', { path: one.path, query: span });
      return (body as StatisticsView).total.logins;
    },
    acts: async (query: Readonly<Record<string, string>> = {}) => {
      const { body } = await call(owner, 'portalAudit', { query: { ...span, ...query } });
      return (body as AuditPage).entries.map(({ act }) => act);
    },
  };
};

describe('T56 T74 what a login and an operator leave behind ends,', () => {
  test('and from that second on it is shown nowhere, although the rows are still there', async () => {
    const { world } = portal;
    const { recordDays, auditDays } = RECORD_RETENTION;
    const login = await withLogin('ria');
    world.advance(recordDays * DAY - 1);
    expect(await login.found()).toEqual([1, 1, 1, 1, 1, 1]);
    world.advance(1);
    expect(await login.found()).toEqual([0, 0, 0, 0, 0, 0]);
    // Figures of an hour last as long as the last record that they count.
    expect(await login.logins()).toBe(1);
    world.advance(HOUR);
    expect(await login.logins()).toBe(0);
    expect(await login.acts()).toEqual(['integration-created', 'account-founded']);
    world.advance((auditDays - recordDays) * DAY);
    expect(await login.acts()).toEqual([]);
    expect(await login.acts({ act: 'integration-created' })).toEqual([]);
    expect(await rowsOf(world, 'TRANSACTION_TABLE', login.integrationId)).toHaveLength(1);
    expect(await rowsOf(world, 'STATISTICS_TABLE', login.integrationId)).toHaveLength(1);
  });

  test('by the end that is written with each row, for DynamoDB to delete it', async () => {
    const { world } = portal;
    const { integrationId, endedAt } = await withLogin('rob');
    const end = endedAt + RECORD_RETENTION.recordDays * DAY;
    expect(await rowsOf(world, 'TRANSACTION_TABLE', integrationId)).toMatchObject([{ removeAt: end }]);
    const hourEnd = end - (endedAt % HOUR) + HOUR;
    expect(await rowsOf(world, 'STATISTICS_TABLE', integrationId)).toMatchObject([{ logins: 1, removeAt: hourEnd }]);
    const events = await rowsOf(world, 'AUDIT_TABLE');
    const ends = events.filter((row) => row['integrationId'] === integrationId || row['at'] === endedAt);
    expect(ends.length).toBeGreaterThan(0);
    for (const { at, removeAt } of ends) expect(removeAt).toBe(Number(at) + RECORD_RETENTION.auditDays * DAY);
  });

  test('but the end of figures is not moved by a later login of the same hour', async () => {
    const { world } = portal;
    const login = await withLogin('rut');
    const { integrationId } = login;
    const [row = {}] = await rowsOf(world, 'STATISTICS_TABLE', integrationId);
    const removeAt = Number(row['removeAt']) - DAY;
    for (let shard = 0; shard < 16; shard += 1) {
      const hourKey = String(row['hourKey']).replace(/#\d+$/, `#${shard}`);
      await world.putRow('STATISTICS_TABLE', { ...row, hourKey, removeAt });
    }
    const browser = await openLogin(world, login, login.sub);
    await browser.send('endSession', { reason: 'declined' });
    const rows = await rowsOf(world, 'STATISTICS_TABLE', integrationId);
    expect(rows.filter((each) => each['outcome_declined'] === 1)).toHaveLength(1);
    expect(new Set(rows.map((each) => each['removeAt']))).toEqual(new Set([removeAt]));
  });

  test('and rows of a release that wrote no end stay visible', async () => {
    const { world } = portal;
    const login = await withLogin('roy');
    for (const table of ['TRANSACTION_TABLE', 'STATISTICS_TABLE'] as const) {
      for (const { removeAt: _end, ...row } of await rowsOf(world, table, login.integrationId))
        await world.putRow(table, row);
    }
    world.advance(RECORD_RETENTION.recordDays * DAY + HOUR);
    expect([await login.found(), await login.logins()]).toEqual([[1, 1, 1, 1, 1, 1], 1]);
  });
});

test('T56 a user who was invited and never came is gone 30 days after the invitation, although the row is still there', async () => {
  const { world, call } = portal;
  const { integrationId, path } = await withIntegration(portal, 'ron');
  const externalId = world.newExternalId();
  const target = { integrationId, externalId };
  const body = { ...target, withinHours: 1 };
  expect((await call('ron', 'portalInviteUser', { body })).status).toBe(200);
  const listed = async () =>
    ((await call('ron', 'portalUsers', { path })).body as UserPage).users.map((user) => user.externalId);
  world.advance(HOUR + 30 * DAY - 1);
  expect(await listed()).toEqual([externalId]);
  world.advance(1);
  expect(await listed()).toEqual([]);
  expect((await call('ron', 'portalUser', { query: target })).status).toBe(404);
  expect(await userRow(world, integrationId, externalId)).toMatchObject({ removeAt: world.now() });
});

test('T56 what is noted of an integration’s logins is shown as long as it is kept, although a later login keeps the row', async () => {
  const { world, call } = portal;
  const one = await withIntegration(portal, 'rex');
  const contacts = async () => {
    const { accepted, unproven } = (await call('rex', 'portalConnection', one)).body as ConnectionView;
    return [accepted?.at ?? null, unproven?.at ?? null];
  };
  const lastUse = async () =>
    ((await call('rex', 'portalIntegration', one)).body as IntegrationView).secrets[0]?.lastUsedAt ?? null;
  await openLogin(world, one, world.newExternalId());
  const usedAt = world.now();
  world.advance(DAY);
  const unproven = await signToken(claimsFor(world, one, 'auth0|x'), '0'.repeat(64));
  await new Browser(world.handlers).open(one.integrationId, unproven);
  const triedAt = world.now();
  world.advance(29 * DAY - 1);
  expect(await contacts()).toEqual([usedAt, triedAt]);
  world.advance(1);
  expect(await contacts()).toEqual([null, triedAt]);
  world.advance(DAY);
  expect(await contacts()).toEqual([null, null]);
  world.advance(370 * DAY - DAY - 1);
  expect(await lastUse()).toBe(usedAt);
  world.advance(1);
  expect(await lastUse()).toBeNull();
});
