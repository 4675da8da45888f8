import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FRESH_PERMISSIONS, PERMISSION_ROLES } from '../../../contract/api/portal/permissions.ts';
import { PORTAL_ROUTES } from '../../../contract/api/routes.ts';
import { FoundingStore } from '../../../lambdas/adapters/dynamodb/accounts/founding-store.ts';
import { NO_EDITS } from '../../../lambdas/core/model/edits.ts';
import { rowsOf } from '../../support/inspect.ts';
import { enroll } from '../../support/login.ts';
import {
  createPortal,
  OPTIONS,
  type Portal,
  type PortalRequest,
  type PortalRouteName,
  withIntegration,
} from './portal-world.ts';

let portal: Portal;
let own: Awaited<ReturnType<typeof withIntegration>>;
const SUB = 'auth0|somebody';
beforeAll(async () => {
  portal = await createPortal();
  await portal.found('mallory');
  own = await withIntegration(portal, 'olivia');
  await enroll(portal.world, own, SUB);
  const { body } = await portal.call('olivia', 'portalMe');
  const { accountId } = (body as { account: { accountId: string } }).account;
  await portal.join('adam', accountId, 'admin');
  await portal.join('vera', accountId, 'viewer');
});
afterAll(() => portal.world.close());

/** A valid request for each route, at an integration of one's choice. */
const requestFor = (name: PortalRouteName, integrationId: string): PortalRequest => {
  const path = { integrationId };
  const target = { integrationId, externalId: SUB };
  const requests: Readonly<Record<PortalRouteName, PortalRequest>> = {
    portalMe: {},
    portalNewcomer: {},
    portalFoundAccount: {},
    portalAudit: {},
    portalIntegrations: {},
    portalAddIntegration: { body: { options: OPTIONS } },
    portalIntegration: { path },
    portalEditIntegration: { path, body: { options: { name: 'Renamed' } } },
    portalConsents: { path },
    portalConsent: { query: { integrationId, version: OPTIONS.consent.version } },
    portalRotateSecret: { path, body: { generation: 1, overlapSeconds: 60 } },
    portalDeleteIntegration: { path, body: { name: OPTIONS.name } },
    portalUsers: { path },
    portalUser: { query: target },
    portalUnlockUser: { body: target },
    portalDisableUser: { body: { ...target, reason: 'left the company' } },
    portalEnableUser: { body: { ...target, reason: 'came back' } },
    portalRequireEnrollment: { body: { ...target, reason: 'new picture' } },
    portalRequireEnrolment: { body: { ...target, reason: 'new picture' } },
    portalInviteUser: { body: target },
    portalUninviteUser: { body: target },
    portalUserPhoto: { body: target },
    portalDeleteUser: { body: target },
    portalTransactions: { path },
    portalApiKeys: {},
    portalAddApiKey: { body: { name: 'Backend', scopes: ['users:read'], integrationId } },
    portalRevokeApiKey: { body: { keyId: 'A'.repeat(16) } },
    portalStatistics: { path },
    portalWebhooks: {},
    portalAddWebhook: { body: { url: 'https://hooks.example.com/verified', events: ['user.enrolled'] } },
    portalEditWebhook: { path: { webhookId: 'wh_x' }, body: { enabled: true } },
    portalRotateWebhookSecret: { path: { webhookId: 'wh_x' }, body: { generation: 1, overlapSeconds: 60 } },
    portalTestWebhook: { path: { webhookId: 'wh_x' } },
    portalDeleteWebhook: { path: { webhookId: 'wh_x' } },
    portalAccount: {},
    portalEditAccount: { body: { name: 'Harbour Bank' } },
    portalPeople: {},
    portalInvite: { body: { email: 'new@harbour-bank.example', role: 'viewer' } },
    portalRevokeInvitation: { body: { invitationId: 'unknown' } },
    portalAcceptInvitation: { body: { token: 'unknown.token' } },
    portalChangeRole: { body: { operatorId: 'unknown', role: 'viewer' } },
    portalRemovePerson: { body: { operatorId: 'unknown' } },
    // The only owner cannot; the answer says so.
    portalLeave: {},
    portalConnection: { path },
  };
  return requests[name];
};
const NAMES = PORTAL_ROUTES.map(({ name }) => name);
/** Routes that name an integration. */
const AT_INTEGRATION = NAMES.filter((name) => JSON.stringify(requestFor(name, 'int_x')).includes('int_x'));

describe('T68 every route', () => {
  test.each(NAMES)('%s lets nobody in whom the gateway has not authorized', async (name) => {
    const { status, body } = await portal.call(null, name, requestFor(name, own.integrationId));
    expect([status, (body as { code: string }).code]).toEqual([401, 'not-signed-in']);
  });

  test.each(AT_INTEGRATION)(
    'T30 %s treats a foreign integration like one that does not exist, and changes nothing',
    async (name) => {
      const before = await rowsOf(portal.world, 'INTEGRATION_TABLE');
      const usersBefore = await rowsOf(portal.world, 'USER_TABLE', own.integrationId);
      const foreign = await portal.call('mallory', name, requestFor(name, own.integrationId));
      const unknown = await portal.call('mallory', name, requestFor(name, `int_${'a'.repeat(20)}`));
      expect(foreign.status).toBe(404);
      const withoutId = (body: unknown) => ({ ...(body as object), supportId: '' });
      expect(withoutId(foreign.body)).toEqual(withoutId(unknown.body));
      expect(await rowsOf(portal.world, 'INTEGRATION_TABLE')).toEqual(before);
      expect(await rowsOf(portal.world, 'USER_TABLE', own.integrationId)).toEqual(usersBefore);
    },
  );

  const ROLE_OF = { vera: 'viewer', adam: 'admin', olivia: 'owner' } as const;
  test.each(NAMES)('T68 %s is open to the permitted roles, and to no other', async (name) => {
    const { permission } = PORTAL_ROUTES.find((route) => route.name === name) ?? { permission: 'admin' };
    if (permission === 'unregistered') return;
    // Leaving would remove the members that other tests need; people.test.ts shows who can.
    if (name === 'portalLeave') return;
    for (const operator of ['vera', 'adam', 'olivia'] as const) {
      // Refused calls at the real integration; allowed ones where they do not disturb other tests.
      const isAllowed = PERMISSION_ROLES[permission].includes(ROLE_OF[operator]);
      const target = isAllowed ? (await withIntegration(portal, 'olivia')).integrationId : own.integrationId;
      const { status, body } = await portal.call(operator, name, requestFor(name, target));
      // A new integration has no users: their routes then answer 404, which comes after the check of roles.
      if (isAllowed) expect([operator, [200, 204, 404].includes(status ?? 0)]).toEqual([operator, true]);
      else expect([operator, status, (body as { code: string }).code]).toEqual([operator, 403, 'role-not-allowed']);
    }
  });

  test.each(PORTAL_ROUTES.filter(({ permission }) => FRESH_PERMISSIONS.includes(permission)).map(({ name }) => name))(
    'T67 %s requires a sign-in within the last five minutes',
    async (name) => {
      const request = requestFor(name, own.integrationId);
      for (const signedInAgo of [301, 43_200]) {
        const { status, body } = await portal.call('olivia', name, { ...request, signedInAgo });
        expect([status, (body as { code: string }).code]).toEqual([403, 'reauthentication-required']);
      }
    },
  );
});

describe('T66 a token that the gateway lets in', () => {
  const POOL = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123';
  const outcomeOf = async (claims: PortalRequest['claims']) => {
    const { status, body } = await portal.call('toni', 'portalNewcomer', { claims: claims ?? {} });
    return status === 200 ? 'let in' : (body as { code: string }).code;
  };

  test.each<[string, PortalRequest['claims']]>([
    [
      'an access token of Cognito, issued to the portal',
      { iss: POOL, aud: undefined, client_id: 'p', token_use: 'access' },
    ],
    ['one that is bound to a resource', { iss: POOL, client_id: 'p', token_use: 'access' }],
    ['a token of Cognito that does not say what it is for', { iss: POOL }],
    ['a token of Cognito in another spelling', { iss: POOL, token_use: 'ID' }],
    ['a token of any issuer that is not meant for the portal', { aud: undefined, client_id: 'verified-portal' }],
    ['a token of any issuer that says it is for access', { token_use: 'access' }],
  ])('makes nobody an operator if it is %s', async (_name, claims) => {
    expect(await outcomeOf(claims)).toBe('not-signed-in');
  });

  test('identifies an operator if it is an ID token, of Cognito or of an issuer without `token_use`', async () => {
    expect(await outcomeOf({ iss: POOL, token_use: 'id', 'cognito:username': 'toni' })).toBe('let in');
    expect(await outcomeOf({})).toBe('let in');
  });
});

describe('founding an account', () => {
  test('creates one for each operator, once, even with many concurrent requests', async () => {
    const many = await Promise.all(Array.from({ length: 8 }, () => portal.found('nora')));
    expect(new Set(many.map(({ account }) => account.accountId)).size).toBe(1);
    expect(many[0]).toMatchObject({ role: 'owner', email: 'nora@harbour-bank.example' });
  });

  test('T80 if sign-up is closed only the very first operator gets an account, even of many concurrent ones', async () => {
    const closed = await createPortal(false);
    try {
      const names = ['ann', 'ben', 'cat', 'dan', 'eve'];
      const mayFound = async (name: string) =>
        ((await closed.call(name, 'portalNewcomer')).body as { mayFound?: boolean }).mayFound;
      expect(await mayFound('ann')).toBe(true);
      const answers = await Promise.all(names.map((name) => closed.call(name, 'portalFoundAccount')));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403, 403, 403]);
      const refused = names[answers.findIndex(({ status }) => status === 403)] ?? '';
      expect(answers.find(({ status }) => status === 403)?.body).toMatchObject({ code: 'no-account' });
      expect(await mayFound(refused)).toBe(false);
      // Nothing is recorded for an account that does not exist.
      const noted = (await rowsOf(closed.world, 'AUDIT_TABLE')).length;
      expect((await closed.call(refused, 'portalFoundAccount')).status).toBe(403);
      expect(await rowsOf(closed.world, 'AUDIT_TABLE')).toHaveLength(noted);
    } finally {
      await closed.world.close();
    }
  });

  test('T80 in a standby stage nobody does, as long as the accounts that it stands by for are not there', async () => {
    const standby = await createPortal(false);
    try {
      const accounts = standby.accountsWith({ signUp: 'never' });
      expect((await standby.call('ann', 'portalNewcomer', {}, accounts)).body).toMatchObject({ mayFound: false });
      const answer = await standby.call('ann', 'portalFoundAccount', {}, accounts);
      expect(answer).toMatchObject({ status: 403, body: { code: 'no-account' } });
      expect(await rowsOf(standby.world, 'ACCOUNT_TABLE')).toEqual([]);
    } finally {
      await standby.world.close();
    }
  });

  test('T80 an account that an earlier release created, without a record of the first one, is found', async () => {
    const closed = await createPortal(false);
    try {
      const { documents, tables } = closed.world;
      await closed.found('ina');
      const Key = { accountId: 'deployment', itemKey: 'first-account' };
      const { Attributes } = await documents.send(
        new DeleteCommand({ TableName: tables.ACCOUNT_ITEM_TABLE, Key, ReturnValues: 'ALL_OLD' }),
      );
      expect(Attributes).toBeDefined();
      expect((await closed.call('jan', 'portalNewcomer')).body).toMatchObject({ mayFound: false });
      expect((await closed.call('jan', 'portalFoundAccount')).status).toBe(403);
      expect(await rowsOf(closed.world, 'ACCOUNT_TABLE')).toHaveLength(1);
    } finally {
      await closed.world.close();
    }
  });

  test('T66 once sign-up is closed after accounts were founded, nobody can found another', async () => {
    const open = await createPortal(true);
    try {
      await open.found('flo');
      const founding = new FoundingStore(open.world.documents, {
        accounts: open.world.tables.ACCOUNT_TABLE,
        items: open.world.tables.ACCOUNT_ITEM_TABLE,
      });
      expect(await founding.isFirst()).toBe(false);
      const account = { accountId: 'acc_other', name: 'Other', createdAt: open.world.now(), edits: NO_EDITS };
      const owner = {
        operatorId: 'gus',
        accountId: 'acc_other',
        email: null,
        role: 'owner',
        since: open.world.now(),
      } as const;
      expect(await founding.found(account, owner, true)).toBe(false);
    } finally {
      await open.world.close();
    }
  });
});
