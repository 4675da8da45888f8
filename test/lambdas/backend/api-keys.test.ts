import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiKeyShownOnce, type ApiKeyView, SCOPES, type Scope } from '../../../contract/api/portal/api-keys.ts';
import { BACKEND_ROUTES } from '../../../contract/api/routes.ts';
import { rowsOf, storedFaces, userRow, withoutSupportId } from '../../support/inspect.ts';
import { enroll, openLogin } from '../../support/login.ts';
import {
  type BackendRouteName,
  createPortal,
  type Portal,
  type PortalRequest,
  withIntegration,
} from '../portal/portal-world.ts';

let portal: Portal;
let own: Awaited<ReturnType<typeof withIntegration>>;
let other: Awaited<ReturnType<typeof withIntegration>>;
let foreign: Awaited<ReturnType<typeof withIntegration>>;
const SUB = 'auth0|somebody';
beforeAll(async () => {
  portal = await createPortal();
  own = await withIntegration(portal, 'olivia');
  other = await withIntegration(portal, 'olivia');
  foreign = await withIntegration(portal, 'mallory');
  await enroll(portal.world, foreign, SUB);
});
afterAll(() => portal.world.close());

const newKey = async (
  scopes: readonly Scope[] = SCOPES,
  options: { readonly integrationId?: string; readonly expiresInDays?: number; readonly owner?: string } = {},
): Promise<ApiKeyShownOnce> => {
  const { owner = 'olivia', ...rest } = options;
  const { status, body } = await portal.call(owner, 'portalAddApiKey', { body: { name: 'Backend', scopes, ...rest } });
  expect(status).toBe(200);
  return body as ApiKeyShownOnce;
};
const listed = async (owner = 'olivia'): Promise<readonly ApiKeyView[]> =>
  ((await portal.call(owner, 'portalApiKeys')).body as { keys: readonly ApiKeyView[] }).keys;

/** A valid request for each route, and the scope it needs. */
const ROUTES: Readonly<Record<BackendRouteName, { readonly scope: Scope; readonly request: PortalRequest }>> = {
  userStatus: { scope: 'users:read', request: { query: { externalId: SUB } } },
  deleteUser: { scope: 'users:delete', request: { query: { externalId: SUB } } },
  inviteUser: { scope: 'invitations:create', request: { body: { externalId: SUB } } },
};
const NAMES = BACKEND_ROUTES.map(({ name }) => name);
const ask = (apiKey: string | null, name: BackendRouteName, integrationId: string) =>
  portal.callBackend(apiKey, name, { ...ROUTES[name].request, path: { integrationId } });
const codeOf = ({ status, body }: { status: number | undefined; body: unknown }) => [
  status,
  (body as { code?: string }).code,
];

describe('an API key', () => {
  test('is shown once, in a form with a checksum that scanners know; only its hash is stored', async () => {
    const { apiKey, view } = await newKey();
    expect(apiKey).toMatch(/^vfd_live_[0-9A-Za-z]{65}$/);
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    const checksum = [...apiKey.slice(-6)].reduce((sum, digit) => sum * 62 + alphabet.indexOf(digit), 0);
    expect(checksum).toBe(crc32(apiKey.slice(0, -6)));
    const rows = JSON.stringify(await rowsOf(portal.world, 'ACCOUNT_ITEM_TABLE'));
    expect(rows).toContain(createHash('sha256').update(apiKey).digest('hex'));
    for (const text of [rows, JSON.stringify(await listed()), JSON.stringify(portal.world.log)]) {
      expect(text.includes(apiKey.slice(25, -6))).toBe(false);
    }
    expect(view).toMatchObject({ keyId: apiKey.slice(9, 25), lastUsedAt: null, expiresAt: null });
  });

  test('T71 is in neither the answers to its calls nor the log', async () => {
    const { apiKey } = await newKey();
    portal.world.log.splice(0);
    const answers = [await ask(apiKey, 'userStatus', own.integrationId), await ask(`${apiKey}x`, 'userStatus', 'int')];
    expect(JSON.stringify([answers, portal.world.log]).includes(apiKey.slice(25))).toBe(false);
  });

  test('that was revoked is refused from the next call on', async () => {
    const { apiKey, view } = await newKey();
    expect((await ask(apiKey, 'userStatus', own.integrationId)).status).toBe(200);
    const { status } = await portal.call('olivia', 'portalRevokeApiKey', { body: { keyId: view.keyId } });
    expect(status).toBe(204);
    expect(codeOf(await ask(apiKey, 'userStatus', own.integrationId))).toEqual([401, 'key-not-accepted']);
    expect((await listed()).some(({ keyId }) => keyId === view.keyId)).toBe(false);
  });

  test('T68 of another account cannot be seen or revoked', async () => {
    const { apiKey, view } = await newKey();
    expect((await listed('mallory')).some(({ keyId }) => keyId === view.keyId)).toBe(false);
    const refused = await portal.call('mallory', 'portalRevokeApiKey', { body: { keyId: view.keyId } });
    expect(codeOf(refused)).toEqual([404, 'not-found']);
    expect((await ask(apiKey, 'userStatus', own.integrationId)).status).toBe(200);
  });

  test('expires at exactly the second that was set', async () => {
    const { apiKey } = await newKey(SCOPES, { expiresInDays: 1 });
    portal.world.advance(86_399);
    expect((await ask(apiKey, 'userStatus', own.integrationId)).status).toBe(200);
    portal.world.advance(1);
    expect((await ask(apiKey, 'userStatus', own.integrationId)).status).toBe(401);
  });

  test('has its last use noted to the hour, by one write per hour', async () => {
    const { apiKey, view } = await newKey();
    const row = async () => (await listed()).find(({ keyId }) => keyId === view.keyId);
    await ask(apiKey, 'userStatus', own.integrationId);
    const first = (await row())?.lastUsedAt ?? 0;
    expect(portal.world.now() - first).toBeLessThan(3600);
    expect(first % 3600).toBe(0);
    portal.world.advance(first + 3599 - portal.world.now());
    await ask(apiKey, 'userStatus', own.integrationId);
    expect((await row())?.lastUsedAt).toBe(first);
    portal.world.advance(1);
    await ask(apiKey, 'userStatus', own.integrationId);
    expect((await row())?.lastUsedAt).toBe(first + 3600);
  });

  test.each([
    ['no scope', { name: 'x', scopes: [] }],
    ['an unknown scope', { name: 'x', scopes: ['users:write'] }],
    ['a scope twice', { name: 'x', scopes: ['users:read', 'users:read'] }],
    ['no name', { name: ' ', scopes: ['users:read'] }],
    ['more than two years', { name: 'x', scopes: ['users:read'], expiresInDays: 731 }],
    ['T68 a member of its own', { name: 'x', scopes: ['users:read'], keyId: 'mine' }],
  ])('is not created with %s', async (_name, body) => {
    expect((await portal.call('olivia', 'portalAddApiKey', { body })).status).toBe(400);
  });

  test('T77 is one of at most 50 of an account', async () => {
    await portal.found('max');
    await Promise.all(Array.from({ length: 50 }, () => newKey(['users:read'], { owner: 'max' })));
    const { status, body } = await portal.call('max', 'portalAddApiKey', {
      body: { name: 'x', scopes: ['users:read'] },
    });
    expect(codeOf({ status, body })).toEqual([409, 'too-many']);
  });
});

describe('T68 every route of the backend API', () => {
  test.each(NAMES)('%s gives the same 401 to missing, malformed, unknown, revoked and forged keys', async (name) => {
    const { apiKey, view } = await newKey();
    await portal.call('olivia', 'portalRevokeApiKey', { body: { keyId: view.keyId } });
    const live = (await newKey()).apiKey;
    const unknown = (await newKey()).apiKey.replace(/^(vfd_live_)./, '$1!');
    const otherSecret = `${live.slice(0, 25)}${apiKey.slice(25)}`;
    const keys = [null, '', 'x', live.slice(0, -1), `${live}0`, live.toLowerCase(), otherSecret, unknown, apiKey];
    const answers = await Promise.all(keys.map((key) => ask(key, name, own.integrationId)));
    expect(answers.map(codeOf)).toEqual(keys.map(() => [401, 'key-not-accepted']));
    expect(new Set(answers.map(({ answer }) => JSON.stringify(withoutSupportId(answer)))).size).toBe(1);
    expect(answers[0]?.answer.headers?.['www-authenticate']).toBe('Bearer');
  });

  test('compares the whole key: the right id with another secret and a valid checksum is refused', async () => {
    const [one, two] = [(await newKey()).apiKey, (await newKey()).apiKey];
    const body = `${one.slice(0, 25)}${two.slice(25, -6)}`;
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    let rest = crc32(body);
    let checksum = '';
    for (let digit = 0; digit < 6; digit += 1) {
      checksum = alphabet.charAt(rest % 62) + checksum;
      rest = Math.floor(rest / 62);
    }
    expect((await ask(`${body}${checksum}`, 'userStatus', own.integrationId)).status).toBe(401);
  });

  test.each(NAMES)('%s requires its own scope, which no other replaces', async (name) => {
    for (const scope of SCOPES) {
      const { apiKey } = await newKey([scope]);
      const { status, body } = await ask(apiKey, name, own.integrationId);
      if (scope === ROUTES[name].scope) expect([200, 404]).toContain(status);
      else expect(codeOf({ status, body })).toEqual([403, 'scope-not-allowed']);
    }
  });

  test.each(NAMES)(
    'T30 %s treats a foreign integration, and one that the key does not cover, like one that does not exist, and changes nothing',
    async (name) => {
      await enroll(portal.world, other, `auth0|${name}`);
      const before = await rowsOf(portal.world, 'USER_TABLE');
      const everywhere = (await newKey()).apiKey;
      const limited = (await newKey(SCOPES, { integrationId: own.integrationId })).apiKey;
      const answers = [
        await ask(everywhere, name, `int_${'a'.repeat(20)}`),
        await ask(everywhere, name, foreign.integrationId),
        await ask(limited, name, other.integrationId),
        await ask(limited, name, foreign.integrationId),
        await ask(everywhere, name, ''),
      ];
      expect(answers.map(codeOf)).toEqual(answers.map(() => [404, 'not-found']));
      expect(new Set(answers.map(({ answer }) => JSON.stringify(withoutSupportId(answer)))).size).toBe(1);
      expect(await rowsOf(portal.world, 'USER_TABLE')).toEqual(before);
    },
  );
});

describe('the backend API', () => {
  test('T43 returns the state of a user, and no score, picture, consent or counter', async () => {
    const { world } = portal;
    const { apiKey } = await newKey(['users:read'], { integrationId: own.integrationId });
    const sub = world.newExternalId();
    const status = async () =>
      (
        await portal.callBackend(apiKey, 'userStatus', {
          path: own.path,
          query: { externalId: sub },
        })
      ).body;
    const unenrolled = { externalId: sub, enrolledAt: null, lastVerifiedAt: null, lockedUntil: null };
    expect(await status()).toEqual({ ...unenrolled, state: 'not_enrolled' });
    await enroll(world, own, sub);
    const enrolled = { ...unenrolled, state: 'enrolled', enrolledAt: world.now(), lastVerifiedAt: world.now() };
    expect(await status()).toEqual(enrolled);
    for (let login = 0; login < 2; login += 1) {
      const browser = await openLogin(world, own, sub);
      for (let tries = 0; tries < 3; tries += 1) await browser.attempt(world, 'verify', { person: 'eve' });
    }
    expect(await status()).toEqual({ ...enrolled, state: 'locked', lockedUntil: world.now() + 1800 });
  });

  test('T74 deletes a user with the face, says what was removed, and is in the audit log under the key', async () => {
    const { world } = portal;
    const { apiKey, view } = await newKey(['users:delete']);
    const sub = world.newExternalId();
    await enroll(world, own, sub);
    const faces = (await storedFaces(world)).length;
    const request = { path: own.path, query: { externalId: sub } };
    expect((await portal.callBackend(apiKey, 'deleteUser', request)).body).toEqual({
      externalId: sub,
      deletedAt: world.now(),
      face: 'removed',
      consentRemoved: true,
      recordRemoved: true,
      disablementKept: false,
    });
    expect(await storedFaces(world)).toHaveLength(faces - 1);
    expect(await userRow(world, own.integrationId, sub)).not.toHaveProperty('reference');
    expect(codeOf(await portal.callBackend(apiKey, 'deleteUser', request))).toEqual([404, 'not-found']);
    const { entries } = (await portal.call('olivia', 'portalAudit', { query: { externalId: sub } })).body as {
      entries: readonly unknown[];
    };
    expect(entries).toContainEqual(
      expect.objectContaining({ act: 'user-deleted', operatorId: `key:${view.keyId}`, email: null, externalId: sub }),
    );
  });

  test('T26 invites a user to enroll, and is in the audit log under the key', async () => {
    const { world } = portal;
    const closed = await withIntegration(portal, 'olivia');
    await world.change(closed.integrationId, { allowSelfEnrollment: false });
    const { apiKey, view } = await newKey(['invitations:create'], { integrationId: closed.integrationId });
    const sub = world.newExternalId();
    const body = { externalId: sub, withinHours: 24 };
    const invite = () => portal.callBackend(apiKey, 'inviteUser', { path: closed.path, body });
    const by = `key:${view.keyId}`;
    expect((await invite()).body).toEqual({ externalId: sub, at: world.now(), endsAt: world.now() + 86_400, by });
    await enroll(world, closed, sub);
    expect(codeOf(await invite())).toEqual([409, 'already-enrolled']);
    const { entries } = (await portal.call('olivia', 'portalAudit', { query: { externalId: sub } })).body as {
      entries: readonly unknown[];
    };
    expect(entries).toContainEqual(
      expect.objectContaining({ act: 'user-invited', operatorId: by, email: null, externalId: sub }),
    );
  });

  test.each([{}, { externalId: '' }, { externalId: 'a'.repeat(256) }, { externalId: SUB, other: 'x' }])(
    'T68 refuses the query %j',
    async (query) => {
      const { apiKey } = await newKey();
      const answer = await portal.callBackend(apiKey, 'userStatus', { path: own.path, query });
      expect(codeOf(answer)).toEqual([400, 'invalid-request']);
    },
  );
});

test('docs/backend-api.md gives scanners the expression that finds a key', async () => {
  const text = await readFile(new URL('../../../docs/backend-api.md', import.meta.url), 'utf8');
  const expression = /`(\\bvfd_live_[^`]+)`/.exec(text)?.[1] ?? '';
  const { apiKey } = await newKey();
  expect(new RegExp(expression).exec(`const key = "${apiKey}";`)?.[0]).toBe(apiKey);
});
