import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Members } from '../../../contract/api/portal/members.ts';
import type { AuditPage } from '../../../contract/api/portal/operator.ts';
import { AuditStore } from '../../../lambdas/adapters/dynamodb/accounts/audit-store.ts';
import { type AuditLog, type AuditPorts, underAudit } from '../../../lambdas/core/accounts/audit.ts';
import { Problem } from '../../../lambdas/core/model/problem.ts';
import { rowsOf } from '../../support/inspect.ts';
import { createPortal, OPTIONS, type Portal, withIntegration } from './portal-world.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await createPortal();
});
afterAll(() => portal.world.close());

const entriesOf = async (who: string, query: Readonly<Record<string, string>> = {}) =>
  ((await portal.call(who, 'portalAudit', { query })).body as AuditPage).entries;
/** What is on record since the account was created. */
const recordedFor = async (who: string) =>
  (await entriesOf(who))
    .filter(({ act }) => act !== 'account-founded')
    .map(({ act, outcome, problem }) => [act, outcome, problem]);

describe('an action that is refused', () => {
  test('is recorded as refused, with the reason: the last owner did not leave', async () => {
    await portal.found('una');
    expect((await portal.call('una', 'portalLeave')).status).toBe(409);
    expect(await recordedFor('una')).toEqual([['person-left', 'refused', 'last-owner']]);
  });

  test('is recorded as refused, with the reason: the last owner keeps the role', async () => {
    await portal.found('ugo');
    const { people } = (await portal.call('ugo', 'portalPeople')).body as Members;
    const body = { operatorId: people[0]?.operatorId, role: 'viewer' };
    expect((await portal.call('ugo', 'portalChangeRole', { body })).status).toBe(409);
    expect(await recordedFor('ugo')).toEqual([['role-changed', 'refused', 'last-owner']]);
  });

  test('is recorded as refused, with the reason: no consent text was changed', async () => {
    const { path } = await withIntegration(portal, 'uli');
    const consent = { ...OPTIONS.consent, text: 'Another text under the name of the current one, long enough.' };
    const { status } = await portal.call('uli', 'portalEditIntegration', { path, body: { options: { consent } } });
    expect(status).toBe(400);
    expect(await recordedFor('uli')).toEqual([
      ['consent-changed', 'refused', 'invalid-option'],
      ['integration-changed', 'refused', 'invalid-option'],
      ['integration-created', 'done', null],
    ]);
  });

  test('is recorded as refused, with the reason: a consent under the name of an earlier version', async () => {
    const { path } = await withIntegration(portal, 'ute');
    const textOf = (word: string) => `The words of ${word}, which lawyers have made long enough.`;
    const change = (version: string, text: string) =>
      portal.call('ute', 'portalEditIntegration', {
        path,
        body: { options: { consent: { version, text: textOf(text) } } },
      });
    await change('v2', 'two');
    await change(OPTIONS.consent.version, 'three');
    expect((await recordedFor('ute')).slice(0, 2)).toEqual([
      ['consent-changed', 'refused', 'invalid-option'],
      ['integration-changed', 'refused', 'invalid-option'],
    ]);
  });
});

/** The world's log, with something that happens at one of its writes. */
const withLog = (append: (write: () => Promise<void>, entry: Parameters<AuditLog['append']>[1]) => Promise<void>) => {
  const store = new AuditStore(portal.world.documents, portal.world.tables.AUDIT_TABLE);
  const noted: string[] = [];
  const ports: AuditPorts = {
    clock: portal.world.now,
    log: (code) => void noted.push(code),
    audit: { append: (account, entry) => append(() => store.append(account, entry), entry) },
  };
  return { ports, noted };
};
const actorOf = async (who: string) => {
  const { account, operatorId } = await portal.found(who);
  return { accountId: account.accountId, operatorId, email: null };
};
const DELETION = { act: 'webhook-deleted', detail: 'wh_x' } as const;

describe('an action and its audit event', () => {
  test('no action is carried out that cannot be recorded', async () => {
    const { ports } = withLog(() => Promise.reject(new Problem('unavailable', 'no table')));
    let isDone = false;
    const run = underAudit(ports, await actorOf('vic'), DELETION, async () => {
      isDone = true;
    });
    await expect(run).rejects.toMatchObject({ code: 'unavailable' });
    expect([isDone, await recordedFor('vic')]).toEqual([false, []]);
  });

  test('one whose outcome cannot be recorded stays attempted, and is not an error for the operator', async () => {
    const { ports, noted } = withLog((write, { outcome }) =>
      outcome === 'attempted' ? write() : Promise.reject(new Problem('unavailable', 'no table')),
    );
    expect(await underAudit(ports, await actorOf('vea'), DELETION, async () => 'done')).toBe('done');
    expect([noted, await recordedFor('vea')]).toEqual([
      ['act-outcome-not-noted'],
      [['webhook-deleted', 'attempted', null]],
    ]);
  });

  test('while it runs it is recorded as attempted; after an error of ours the record does not claim that it was done, or that it was not', async () => {
    const { ports } = withLog((write) => write());
    const run = underAudit(ports, await actorOf('vin'), DELETION, async () => {
      expect(await recordedFor('vin')).toEqual([['webhook-deleted', 'attempted', null]]);
      throw new Problem('unavailable', 'the table did not answer');
    });
    await expect(run).rejects.toMatchObject({ code: 'unavailable' });
    expect(await recordedFor('vin')).toEqual([['webhook-deleted', 'failed', 'unavailable']]);
  });

  test('an outcome is written once, and the entry of the attempt stays', async () => {
    const { ports } = withLog((write) => write());
    const actor = await actorOf('val');
    await underAudit(ports, actor, DELETION, async () => {});
    const [entry] = await entriesOf('val');
    if (entry === undefined) throw new Error('no entry');
    const { audit } = portal;
    await expect(audit.append(actor.accountId, { ...entry, outcome: 'refused' })).rejects.toThrow();
    await expect(audit.append(actor.accountId, { ...entry, outcome: 'attempted' })).rejects.toThrow();
    const rows = (await rowsOf(portal.world, 'AUDIT_TABLE')).filter(({ entryId }) => entryId === entry.entryId);
    expect(rows.map(({ outcome }) => outcome)).toEqual(['attempted', 'done']);
  });
});

test('entries older than outcomes are read as what they were', async () => {
  const { accountId } = await actorOf('wil');
  const row = { accountId, operatorId: 'o', act: 'person-left', at: 1_800_000_000, entryId: 'e' };
  await portal.world.putRow('AUDIT_TABLE', { ...row, entryKey: `${row.at}#${row.entryId}` });
  await portal.call('wil', 'portalEditAccount', { body: { name: 'Harbour Group' } });
  expect(await recordedFor('wil')).toEqual([
    ['account-changed', 'done', null],
    ['person-left', null, null],
  ]);
});

test('an entry whose table holds only the attempt is still found by its filter, once', async () => {
  const { ports } = withLog((write, { outcome }) => (outcome === 'attempted' ? write() : Promise.reject(new Error())));
  const actor = await actorOf('wes');
  for (let count = 0; count < 3; count += 1) await underAudit(ports, actor, DELETION, async () => {});
  await portal.call('wes', 'portalEditAccount', { body: { name: 'Harbour Group' } });
  expect(await entriesOf('wes', { act: 'webhook-deleted' })).toHaveLength(3);
  expect(await entriesOf('wes', { act: 'account-changed' })).toHaveLength(1);
});

test('what another request ended in parallel is revoked once', async () => {
  await portal.found('xia');
  const body = { name: 'K', scopes: ['users:read'] };
  const { view } = (await portal.call('xia', 'portalAddApiKey', { body })).body as { view: { keyId: string } };
  const revoke = () => portal.call('xia', 'portalRevokeApiKey', { body: { keyId: view.keyId } });
  const statuses = (await Promise.all([revoke(), revoke(), revoke()])).map(({ status }) => status);
  expect(statuses.filter((status) => status === 204)).toHaveLength(1);
  const done = (await recordedFor('xia')).filter(([act, outcome]) => act === 'api-key-revoked' && outcome === 'done');
  expect(done).toHaveLength(1);
});

describe('an action that was renamed', () => {
  const FORMER = 'user-enrolment-required';
  const CURRENT = 'user-enrollment-required';

  test('is found and shown under the current name, whenever it was written and by whichever name it is filtered', async () => {
    const { path, integrationId } = await withIntegration(portal, 'umar');
    expect(path).toBeDefined();
    const body = { integrationId, externalId: 'auth0|1', reason: 'another person' };
    await portal.call('umar', 'portalInviteUser', { body: { integrationId, externalId: 'auth0|1' } });
    // As release 0.1 wrote it: two entries of one event.
    const { accountId } = (await portal.found('umar')).account;
    const before = new AuditStore(portal.world.documents, portal.world.tables.AUDIT_TABLE);
    const at = portal.world.now();
    const entry = { entryId: '00000000-former', at, operatorId: 'umar', email: null, act: FORMER, detail: 'then' };
    const about = { integrationId, externalId: 'auth0|1', problem: null };
    await before.append(accountId, { ...entry, ...about, outcome: 'attempted' });
    await before.append(accountId, { ...entry, ...about, outcome: 'done' });
    portal.world.advance(1);
    for (const name of ['portalRequireEnrollment', 'portalRequireEnrolment'] as const) {
      expect((await portal.call('umar', name, { body })).status).toBe(200);
      portal.world.advance(1);
    }
    for (const act of [CURRENT, FORMER]) {
      const found = await entriesOf('umar', { act });
      expect(found.map((one) => [one.act, one.outcome])).toEqual(Array(3).fill([CURRENT, 'done']));
      expect(found.at(-1)?.detail).toBe('then');
      expect(await entriesOf('umar', { act, externalId: 'auth0|2' })).toEqual([]);
    }
  });
});
