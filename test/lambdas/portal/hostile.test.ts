import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditPage } from '../../../contract/api/portal/operator.ts';
import { PORTAL_ROUTES } from '../../../contract/api/routes.ts';
import { queryPage } from '../../../lambdas/adapters/dynamodb/table/query-page.ts';
import type { Act } from '../../../lambdas/core/accounts/audit.ts';
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
let accountId: string;
const SUB = 'auth0|somebody';
beforeAll(async () => {
  portal = await createPortal();
  own = await withIntegration(portal, 'olivia');
  await enroll(portal.world, own, SUB);
  const { body } = await portal.call('olivia', 'portalMe');
  ({ accountId } = (body as { account: { accountId: string } }).account);
});
afterAll(() => portal.world.close());

describe('T68 a cursor that was never issued', () => {
  const encode = (text: string) => Buffer.from(text).toString('base64url');
  const CURSORS = [
    '',
    'x',
    '#',
    '1900000000#',
    'NaN#x',
    '-1#auth0|a',
    '1e999#a',
    '\u0000',
    '\uffff',
    'a'.repeat(300),
    '{}',
  ];
  const lists: readonly [PortalRouteName, Readonly<Record<string, string>>][] = [
    ['portalUsers', {}],
    ['portalUsers', { prefix: 'auth0|' }],
    ['portalUsers', { state: 'enrolled' }],
    ['portalUsers', { state: 'locked' }],
    ['portalTransactions', {}],
    ['portalTransactions', { outcome: 'enrolled' }],
    ['portalTransactions', { externalId: SUB }],
    ['portalTransactions', { supportId: 'AAAA-AAAA' }],
    ['portalConsents', {}],
    ['portalAudit', {}],
    ['portalAudit', { act: 'integration-created' }],
  ];
  test.each(lists)(
    '%s %j is refused or begins elsewhere in the caller’s own list, and is not a failure of ours',
    async (name, query) => {
      for (const cursor of [...CURSORS.map(encode), 'a', '====', "'", '%00']) {
        const { status } = await portal.call('olivia', name, { path: own.path, query: { ...query, cursor } });
        expect([cursor, [200, 400].includes(status ?? 0)]).toEqual([cursor, true]);
      }
    },
  );
});

test.each([
  ['milliseconds', 1_900_000_000_000],
  ['the year 1970', 1],
  ['a fraction', 1_900_000_000.5],
])('T67 a sign-in whose time is %s counts as one of unknown time', async (_, authTime) => {
  const signedInAgo = portal.world.now() - authTime;
  const { status, body } = await portal.call('olivia', 'portalMe', { signedInAgo });
  expect([status, (body as { code: string }).code]).toEqual([403, 'sign-in-time-unknown']);
});

test('T49 if DynamoDB refuses such a place it is the caller’s fault; any other failure is ours', async () => {
  const failing = (name: string) => ({
    send: () =>
      Promise.reject(Object.assign(new Error('The provided starting key is outside query boundaries'), { name })),
  });
  const cases = [
    ['ValidationException', { accountId: 'a' }, 'invalid-request'],
    // Without such a place in the request the fault is ours, and trying again fixes nothing.
    ['ValidationException', undefined, 'internal-error'],
    ['ProvisionedThroughputExceededException', { accountId: 'a' }, 'unavailable'],
  ] as const;
  for (const [name, ExclusiveStartKey, code] of cases) {
    const query = { TableName: 'audit', ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }) };
    await expect(queryPage(failing(name), query)).rejects.toMatchObject({ code });
  }
});

/** A request for each route that changes something, its audit event, and who calls. */
interface Change {
  readonly act: Act;
  readonly request: () => Promise<PortalRequest> | PortalRequest;
  readonly who?: string;
  /** Whose audit log holds it; else Olivia's. */
  readonly reader?: string;
}
const target = () => ({ integrationId: own.integrationId, externalId: SUB });
const reason = 'asked by the person';
const fresh = async () => {
  const one = await withIntegration(portal, 'olivia');
  await enroll(portal.world, one, SUB);
  return { integrationId: one.integrationId, externalId: SUB };
};
const newWebhook = async () => {
  const body = { url: 'https://hooks.example.com/verified', events: ['user.enrolled'] };
  const { webhookId } = (await portal.call('olivia', 'portalAddWebhook', { body })).body as { webhookId: string };
  return { webhookId };
};
const newKey = async () => {
  const { body } = await portal.call('olivia', 'portalAddApiKey', { body: { name: 'K', scopes: ['users:read'] } });
  return (body as { view: { keyId: string } }).view;
};
const invited = async (email: string) => {
  const { body } = await portal.call('olivia', 'portalInvite', { body: { email, role: 'viewer' } });
  const token = portal.mails.at(-1)?.link.split('#')[1] ?? '';
  return { ...(body as { invitation: { invitationId: string } }).invitation, token };
};
const member = async (subject: string) => {
  await portal.join(subject, accountId, 'viewer');
  const { operatorId } = (await portal.call(subject, 'portalMe')).body as { operatorId: string };
  return operatorId;
};

const CHANGES: Readonly<Partial<Record<PortalRouteName, Change>>> = {
  portalAddIntegration: { act: 'integration-created', request: () => ({ body: { options: OPTIONS } }) },
  portalEditIntegration: {
    act: 'integration-changed',
    request: () => ({ path: own.path, body: { options: { attemptsPerSession: 2 } } }),
  },
  portalRotateSecret: {
    act: 'secret-rotated',
    request: () => ({ path: own.path, body: { generation: 1, overlapSeconds: 60 } }),
  },
  portalDeleteIntegration: {
    act: 'integration-deleted',
    request: async () => ({ path: (await withIntegration(portal, 'olivia')).path, body: { name: OPTIONS.name } }),
  },
  portalFoundAccount: { act: 'account-founded', who: 'gia', reader: 'gia', request: () => ({}) },
  portalEditAccount: { act: 'account-changed', request: () => ({ body: { name: 'Harbour Bank' } }) },
  portalInvite: {
    act: 'person-invited',
    request: () => ({ body: { email: 'a@harbour-bank.example', role: 'viewer' } }),
  },
  portalRevokeInvitation: {
    act: 'invitation-revoked',
    request: async () => ({ body: { invitationId: (await invited('b@harbour-bank.example')).invitationId } }),
  },
  portalAcceptInvitation: {
    act: 'invitation-accepted',
    who: 'cleo',
    request: async () => ({ body: { token: (await invited('cleo@harbour-bank.example')).token } }),
  },
  portalChangeRole: {
    act: 'role-changed',
    request: async () => ({ body: { operatorId: await member('dana'), role: 'admin' } }),
  },
  portalRemovePerson: { act: 'person-removed', request: async () => ({ body: { operatorId: await member('erik') } }) },
  portalLeave: {
    act: 'person-left',
    who: 'fred',
    request: async () => {
      await member('fred');
      return {};
    },
  },
  portalUnlockUser: { act: 'user-unlocked', request: () => ({ body: target() }) },
  portalDisableUser: { act: 'user-disabled', request: async () => ({ body: { ...(await fresh()), reason } }) },
  portalEnableUser: { act: 'user-enabled', request: async () => ({ body: { ...(await fresh()), reason } }) },
  portalRequireEnrollment: {
    act: 'user-enrollment-required',
    request: async () => ({ body: { ...(await fresh()), reason } }),
  },
  portalRequireEnrolment: {
    act: 'user-enrollment-required',
    request: async () => ({ body: { ...(await fresh()), reason } }),
  },
  portalInviteUser: { act: 'user-invited', request: () => ({ body: { ...target(), externalId: 'auth0|new' } }) },
  portalUninviteUser: {
    act: 'user-invitation-revoked',
    request: async () => {
      const body = { ...target(), externalId: 'auth0|new2' };
      await portal.call('olivia', 'portalInviteUser', { body });
      return { body };
    },
  },
  portalUserPhoto: { act: 'user-photo-viewed', request: () => ({ body: target() }) },
  portalDeleteUser: { act: 'user-deleted', request: async () => ({ body: await fresh() }) },
  portalAddApiKey: { act: 'api-key-created', request: () => ({ body: { name: 'K', scopes: ['users:read'] } }) },
  portalRevokeApiKey: { act: 'api-key-revoked', request: async () => ({ body: { keyId: (await newKey()).keyId } }) },
  portalAddWebhook: {
    act: 'webhook-created',
    request: () => ({ body: { url: 'https://hooks.example.com/', events: ['user.enrolled'] } }),
  },
  portalEditWebhook: {
    act: 'webhook-changed',
    request: async () => ({ path: await newWebhook(), body: { enabled: false } }),
  },
  portalRotateWebhookSecret: {
    act: 'webhook-secret-rotated',
    request: async () => ({ path: await newWebhook(), body: { generation: 1, overlapSeconds: 60 } }),
  },
  portalTestWebhook: { act: 'webhook-tested', request: async () => ({ path: await newWebhook() }) },
  portalDeleteWebhook: { act: 'webhook-deleted', request: async () => ({ path: await newWebhook() }) },
};

const CHANGING = PORTAL_ROUTES.filter(({ method }) => method !== 'GET').map(({ name }) => name);
const changeOf = (name: PortalRouteName): Change => {
  const change = CHANGES[name];
  if (change === undefined) throw new Error(`${name} changes something: say here what the audit log then holds`);
  return change;
};
const newest = async (reader = 'olivia') => {
  const { body } = await portal.call(reader, 'portalAudit', { query: { limit: '1' } });
  return (body as Partial<AuditPage>).entries?.[0];
};

test.each(CHANGING)('%s is recorded in the audit log, with its author', async (name) => {
  const { act, request, who = 'olivia', reader } = changeOf(name);
  const wanted = await request();
  const before = await newest(reader);
  const { status } = await portal.call(who, name, wanted);
  expect([200, 204]).toContain(status);
  const entry = await newest(reader);
  expect(entry?.entryId).not.toBe(before?.entryId);
  expect(entry).toMatchObject({ act, at: portal.world.now() });
  if (entry?.email !== null) expect(entry?.email).toBe(`${who}@harbour-bank.example`);
});

const WITH_BODY = CHANGING.filter(
  (name) => !['portalFoundAccount', 'portalLeave', 'portalTestWebhook', 'portalDeleteWebhook'].includes(name),
);
test.each(WITH_BODY)('T68 T69 %s refuses unknown members, and then does nothing', async (name) => {
  const { request, who = 'olivia' } = changeOf(name);
  const { body, ...rest } = await request();
  const before = await newest();
  for (const extra of [
    { accountId: 'acc_other' },
    { role: 'owner' },
    { operatorId: 'x' },
    { ['__proto__']: { role: 'owner' } },
  ]) {
    if (Object.keys(extra).some((member) => Object.hasOwn(body as object, member))) continue;
    const { status, body: answer } = await portal.call(who, name, { ...rest, body: { ...(body as object), ...extra } });
    expect([extra, status, (answer as { code: string }).code]).toEqual([extra, 400, 'invalid-request']);
  }
  expect(await newest()).toEqual(before);
});
