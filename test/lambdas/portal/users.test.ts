import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { UserPage } from '../../../contract/api/portal/users.ts';
import { PortalUserStore } from '../../../lambdas/adapters/dynamodb/users/portal-user-store.ts';
import type { EventJob } from '../../../lambdas/core/model/webhook.ts';
import type { HttpHandler } from '../../../lambdas/http/endpoint.ts';
import { rowsOf, storedFaces, userRow } from '../../support/inspect.ts';
import { enroll, openLogin, readReturnPage } from '../../support/login.ts';
import { START } from '../../support/world.ts';
import { createPortal, type Portal, withIntegration } from './portal-world.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await createPortal();
});
afterAll(() => portal.world.close());

const REFERENCE = { referenceId: 'r', objectKey: 'faces/none', wrappedKey: '', engine: 'e', enrolledAt: START };

/** Reads page after page to the end. */
const readAll = async (read: (cursor: string | null) => Promise<UserPage>): Promise<readonly string[]> => {
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const page: UserPage = await read(cursor);
    found.push(...page.users.map(({ externalId }) => externalId));
    ({ cursor } = page);
  } while (cursor !== null);
  return found;
};

describe('users', () => {
  test('are listed page by page in order, each once, by prefix and by state', async () => {
    const { world, call } = portal;
    const { integrationId, path } = await withIntegration(portal, 'pia');
    const ids = Array.from(
      { length: 260 },
      (_, index) => `${index % 2 ? 'auth0' : 'google'}|${String(index).padStart(4, '0')}`,
    );
    const row = (externalId: string, index: number) => ({
      integrationId,
      externalId,
      version: 1,
      lastAttemptAt: world.now(),
      ...(index % 10 === 0 ? { failures: 5, failingIn: integrationId } : {}),
      ...(index % 3 === 0 ? { reference: REFERENCE, listedAs: `${integrationId}#enrolled` } : {}),
    });
    await Promise.all(
      ids.map((id, index) =>
        world.documents.send(new PutCommand({ TableName: world.tables.USER_TABLE, Item: row(id, index) })),
      ),
    );
    const list = (query: Record<string, string>) =>
      readAll(async (cursor) => {
        const { body } = await call('pia', 'portalUsers', {
          path,
          query: { ...query, ...(cursor === null ? {} : { cursor }) },
        });
        return body as UserPage;
      });
    expect(await list({ limit: '7' })).toEqual([...ids].sort());
    expect(await list({ limit: '100', prefix: 'google|' })).toEqual(ids.filter((id) => id.startsWith('google')).sort());
    const locked = ids.filter((_, index) => index % 10 === 0).sort();
    expect((await list({ limit: '5', state: 'locked' })).toSorted()).toEqual(locked);
    expect((await list({ limit: '100', state: 'locked', prefix: 'auth0|' })).length).toBe(0);
    const enrolled = ids.filter((_, index) => index % 3 === 0 && index % 10 !== 0).sort();
    expect(await list({ limit: '11', state: 'enrolled' })).toEqual(enrolled);
    expect(await list({ prefix: 'nobody' })).toEqual([]);
  });

  test('T68 a cursor of another integration reads nothing there', async () => {
    const { call } = portal;
    const [one, other] = [await withIntegration(portal, 'pia'), await withIntegration(portal, 'pia')];
    await enroll(portal.world, one, 'auth0|b');
    await enroll(portal.world, one, 'auth0|c');
    const first = (await call('pia', 'portalUsers', { path: one.path, query: { limit: '1' } })).body as UserPage;
    const query = { limit: '1', cursor: first.cursor ?? '' };
    expect((await call('pia', 'portalUsers', { path: other.path, query })).body).toEqual({ users: [], cursor: null });
    expect((await call('pia', 'portalUsers', { path: one.path, query: { cursor: 'a b' } })).status).toBe(400);
  });

  test('T55 who are locked by starts alone are listed as locked, after those who failed, and can be unlocked', async () => {
    const { world, call } = portal;
    const { integrationId, path } = await withIntegration(portal, 'stella');
    const starts = { starts: 20, startsSince: world.now() };
    const failures = { failures: 5, lastAttemptAt: world.now(), failingIn: integrationId };
    const rows = [
      { externalId: 'auth0|both', ...starts, ...failures },
      { externalId: 'auth0|failed', ...failures },
      { externalId: 'auth0|over', starts: 20, startsSince: world.now() - 3600 },
      { externalId: 'auth0|some', starts: 19, startsSince: world.now() },
      { externalId: 'auth0|spent', reference: REFERENCE, ...starts },
      { externalId: 'auth0|spent2', ...starts },
    ];
    for (const row of rows) await world.putRow('USER_TABLE', { integrationId, version: 1, ...row });
    const locked = (limit: string) =>
      readAll(async (cursor) => {
        const query = { state: 'locked', limit, ...(cursor === null ? {} : { cursor }) };
        return (await call('stella', 'portalUsers', { path, query })).body as UserPage;
      });
    for (const limit of ['1', '2', '100']) {
      const found = await locked(limit);
      expect(found.slice(0, 2).toSorted()).toEqual(['auth0|both', 'auth0|failed']);
      expect(found.slice(2)).toEqual(['auth0|spent', 'auth0|spent2']);
    }
    const target = { integrationId, externalId: 'auth0|spent' };
    const unlocked = await call('stella', 'portalUnlockUser', { body: target });
    expect(unlocked.body).toMatchObject({ state: 'enrolled', lockedUntil: null });
    expect(await locked('100')).not.toContain('auth0|spent');
  });

  test('who are locked can be unlocked, and log in again', async () => {
    const { world, call } = portal;
    const one = await withIntegration(portal, 'uma');
    const sub = world.newExternalId();
    await enroll(world, one, sub);
    for (let login = 0; login < 2; login += 1) {
      const browser = await openLogin(world, one, sub);
      for (let tries = 0; tries < 3; tries += 1) await browser.attempt(world, 'verify', { person: 'eve' });
    }
    const target = { integrationId: one.integrationId, externalId: sub };
    expect((await call('uma', 'portalUser', { query: target })).body).toMatchObject({ state: 'locked', failures: 5 });
    expect((await call('uma', 'portalUnlockUser', { body: target })).body).toMatchObject({
      state: 'enrolled',
      failures: 0,
    });
    expect((await (await openLogin(world, one, sub)).attempt(world, 'verify')).outcome).toBe('verified');
  });
});

describe('T54 an unlock', () => {
  /** A user with `failures` failed attempts, and the `users` Lambda with `between` happening once after the row was read. */
  const failed = async (owner: string, failures: number) => {
    const { world } = portal;
    const one = await withIntegration(portal, owner);
    const sub = world.newExternalId();
    await enroll(world, one, sub);
    const tries = async (count: number) => {
      const browser = await openLogin(world, one, sub);
      for (let tried = 0; tried < count; tried += 1) await browser.attempt(world, 'verify', { person: 'eve' });
    };
    for (let left = failures; left > 0; left -= 3) await tries(Math.min(left, 3));
    const unlock = (handler?: HttpHandler) =>
      portal.call(owner, 'portalUnlockUser', { body: { integrationId: one.integrationId, externalId: sub } }, handler);
    const sentEvents = async () => {
      const works = (await rowsOf(world, 'DUE_WORK_TABLE')).map(({ work }) => work as EventJob | undefined);
      return works.filter((work) => work?.type === 'user.unlocked' && work.externalId === sub).length;
    };
    return { tries, unlock, sentEvents };
  };
  const interrupted = (between: (count: number) => Promise<unknown>) => {
    const { documents, tables } = portal.world;
    const users = new PortalUserStore(documents, { users: tables.USER_TABLE, jobs: tables.DUE_WORK_TABLE });
    let count = 0;
    const clearFailures: PortalUserStore['clearFailures'] = async (...values) => {
      count += 1;
      await between(count);
      return users.clearFailures(...values);
    };
    return portal.usersWith({
      users: new Proxy(users, {
        get: (target, member) => {
          const value: unknown = member === 'clearFailures' ? clearFailures : Reflect.get(target, member, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      }),
    });
  };

  test('after another one is reported once', async () => {
    const { unlock, sentEvents } = await failed('una', 5);
    const slow = interrupted(async (count) => {
      if (count === 1) expect((await unlock()).status).toBe(200);
    });
    expect((await unlock(slow)).body).toMatchObject({ state: 'enrolled', failures: 0 });
    expect(await sentEvents()).toBe(1);
  });

  test('reports it if it ends a lock that has just begun', async () => {
    const { tries, unlock, sentEvents } = await failed('ursa', 3);
    const slow = interrupted(async (count) => {
      if (count === 1) await tries(2);
    });
    expect((await unlock(slow)).body).toMatchObject({ state: 'enrolled', failures: 0 });
    expect(await sentEvents()).toBe(1);
  });

  test('during which attempts keep coming is refused, and changes nothing', async () => {
    const { tries, unlock, sentEvents } = await failed('ulla', 1);
    const slow = interrupted(() => tries(1));
    expect(await unlock(slow)).toMatchObject({ status: 409, body: { code: 'changed-meanwhile' } });
    expect(await sentEvents()).toBe(0);
    expect((await unlock()).body).toMatchObject({ failures: 0 });
  });
});

describe('T74 deleting a user', () => {
  test('removes face and row immediately, says so, and a login in flight cannot bring them back', async () => {
    const { world, call } = portal;
    const one = await withIntegration(portal, 'del');
    const sub = world.newExternalId();
    await enroll(world, one, sub);
    const before = (await storedFaces(world)).length;
    const inFlight = await openLogin(world, one, sub);
    const { livenessSessionId } = JSON.parse((await inFlight.start('verify')).body ?? '');
    world.faces.play(livenessSessionId, {});
    const target = { integrationId: one.integrationId, externalId: sub };
    const { body } = await call('del', 'portalDeleteUser', { body: target });
    expect(body).toEqual({
      externalId: sub,
      deletedAt: world.now(),
      face: 'removed',
      consentRemoved: true,
      recordRemoved: true,
      disablementKept: false,
    });
    expect(await storedFaces(world)).toHaveLength(before - 1);
    expect((await call('del', 'portalUser', { query: target })).status).toBe(404);
    expect(JSON.parse((await inFlight.complete('verify', 1)).body ?? '').outcome).toBe('conflict');
    const { payload } = await readReturnPage(world, one, await inFlight.giveBack());
    expect(payload).toMatchObject({ res: 'conflict', event: null });
    expect(await userRow(world, one.integrationId, sub)).not.toHaveProperty('reference');
  });

  test('while they enroll leaves no face behind', async () => {
    const { world, call } = portal;
    const one = await withIntegration(portal, 'del');
    const sub = world.newExternalId();
    const browser = await openLogin(world, one, sub);
    const { livenessSessionId } = JSON.parse((await browser.start('enroll', '2026-11')).body ?? '');
    world.faces.play(livenessSessionId, {});
    const before = (await storedFaces(world)).length;
    await call('del', 'portalDeleteUser', { body: { integrationId: one.integrationId, externalId: sub } });
    expect(JSON.parse((await browser.complete('enroll', 1)).body ?? '').outcome).toBe('conflict');
    world.advance(3601);
    await world.housekeep();
    expect((await storedFaces(world)).length).toBeLessThanOrEqual(before);
    expect(await userRow(world, one.integrationId, sub)).not.toHaveProperty('reference');
  });

  test('lets them enroll again', async () => {
    const { world, call } = portal;
    const one = await withIntegration(portal, 'del');
    const sub = world.newExternalId();
    await enroll(world, one, sub, 'alice');
    await call('del', 'portalDeleteUser', { body: { integrationId: one.integrationId, externalId: sub } });
    await enroll(world, one, sub, 'bob');
    expect(await userRow(world, one.integrationId, sub)).not.toHaveProperty('removeAt');
    expect((await (await openLogin(world, one, sub)).attempt(world, 'verify', { person: 'bob' })).outcome).toBe(
      'verified',
    );
  });
});
