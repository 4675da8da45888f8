import { expect, test, vi } from 'vitest';
import { SEED_USERS } from '../../../local/platform/start-platform.ts';
import { loopbackFetch } from '../../support/browserless-agent.ts';
import { of } from './made-world.ts';
import { newcomer, WireLogin } from './wire-login.ts';
import { type Calls, callsWith, signInOperator } from './wire-operator.ts';

const [, BOB] = SEED_USERS;
const ok = { status: 200 };

/** External ID of the only enrolled user. */
const enrolledUser = async (operator: Calls, integrationId: string): Promise<string> => {
  const { body } = await operator.get(`/api/portal/integrations/${integrationId}/users?state=enrolled`);
  return body.users[0].externalId;
};

/** The token in the last invitation to an address. */
const mailedToken = async (email: string): Promise<string> => {
  const page = await (await loopbackFetch(of().world.platform.mailbox)).text();
  const about = page.slice(page.indexOf(email));
  return /\/portal\/invitation#([\w.-]+)/.exec(about)?.[1] ?? '';
};

test('operators read users, logins, figures, consents and the audit log', async () => {
  const { world, operator } = of();
  const { integrationId } = world.platform;
  const externalId = await enrolledUser(operator, integrationId);
  const below = `/api/portal/integrations/${integrationId}`;
  const user = `integrationId=${integrationId}&externalId=${encodeURIComponent(externalId)}`;
  const { body: logins } = await operator.get(`${below}/transactions`);
  const paths = [
    '/api/portal/me',
    '/api/portal/account',
    '/api/portal/people',
    '/api/portal/audit',
    '/api/portal/integrations',
    '/api/portal/webhooks',
    '/api/portal/api-keys',
    below,
    `${below}/connection`,
    `${below}/consents`,
    `${below}/statistics?per=hour`,
    ...['', '?state=not_enrolled', '?state=locked', '?state=disabled'].map((query) => `${below}/users${query}`),
    ...[
      `externalId=${encodeURIComponent(externalId)}`,
      `supportId=${logins.transactions[0].supportId}`,
      'outcome=verified',
    ].map((query) => `${below}/transactions?${query}`),
    `/api/portal/user?${user}`,
  ];
  for (const path of paths) expect(await operator.get(path), path).toMatchObject(ok);
});

test('operators act on a user: photo, disable, enable, new enrollment, invitation, deletion', async () => {
  const { world, operator } = of();
  const { integrationId } = world.platform;
  const externalId = await enrolledUser(operator, integrationId);
  const target = { integrationId, externalId };
  const reason = 'Checked as deployed';
  const act = async (name: string, body: object) =>
    expect(await operator.post(`/api/portal/user/${name}`, body), name).toMatchObject({
      status: expect.toSatisfy((status) => [200, 204].includes(status)),
    });
  await act('photo', target);
  await act('disable', { ...target, reason });
  await act('enable', { ...target, reason });
  await act('unlock', target);
  await act('require-enrollment', { ...target, reason });
  const invited = { integrationId, externalId: `auth0|${'i'.repeat(24)}` };
  await act('invite', invited);
  await act('uninvite', invited);
  await act('delete', target);
});

test('an owner works on the account: people, API keys, webhooks', async () => {
  const { world, operator, receiver } = of();
  const colleague = newcomer();
  const done = async (answer: ReturnType<Calls['get']>) => {
    const given = await answer;
    expect([200, 204], JSON.stringify(given)).toContain(given.status);
    return given.body;
  };
  await done(operator.patch('/api/portal/account', { name: 'Harbour Bank AG' }));
  const { invitation } = await done(
    operator.post('/api/portal/people/invitations', { email: colleague.email, role: 'viewer' }),
  );
  await done(operator.post('/api/portal/people/invitations/revoke', { invitationId: invitation.invitationId }));
  await done(operator.post('/api/portal/people/invitations', { email: BOB.email, role: 'viewer' }));
  const bob = await signInOperator(world.platform, BOB);
  await done(bob.post('/api/portal/invitations/accept', { token: await mailedToken(BOB.email) }));
  const { people } = await done(operator.get('/api/portal/people'));
  const { operatorId } = people.find(({ email }: { email: string }) => email === BOB.email);
  await done(operator.post('/api/portal/people/role', { operatorId, role: 'admin' }));
  await done(operator.post('/api/portal/people/remove', { operatorId }));
  const founder = await signInOperator(world.platform, colleague, true);
  expect(await founder.get('/api/portal/me')).toMatchObject({ status: 403 });
  await done(founder.get('/api/portal/newcomer'));
  await done(founder.post('/api/portal/account', {}));
  const key = await done(
    operator.post('/api/portal/api-keys', {
      name: 'Backend',
      scopes: ['users:read', 'users:delete', 'invitations:create'],
      integrationId: world.platform.integrationId,
    }),
  );
  const backend = callsWith(world.platform, key.apiKey);
  const path = `/api/v1/integrations/${world.platform.integrationId}/user`;
  await done(backend.get(`${path}?externalId=nobody`));
  await done(backend.post(`${path}/invitation`, { externalId: 'invited' }));
  const enrolling = new WireLogin(world);
  await enrolling.begin(newcomer(), true);
  await enrolling.attempt('enroll');
  const externalId = await enrolledUser(operator, world.platform.integrationId);
  await done(backend.delete(`${path}?externalId=${encodeURIComponent(externalId)}`));
  await done(operator.post('/api/portal/api-keys/revoke', { keyId: key.view.keyId }));
  const url = `http://127.0.0.1:${receiver.port}/second`;
  const { webhookId } = await done(operator.post('/api/portal/webhooks', { url, events: ['key.created'] }));
  await done(operator.post(`/api/portal/webhooks/${webhookId}/test`, {}));
  await done(operator.post(`/api/portal/webhooks/${webhookId}/secrets`, { generation: 1, overlapSeconds: 60 }));
  await done(operator.patch(`/api/portal/webhooks/${webhookId}`, { enabled: false }));
  await done(operator.post(`/api/portal/webhooks/${webhookId}/delete`, {}));
});

test('an integration is created, changed, its secret rotated, and deleted with its users', async () => {
  const { world, operator } = of();
  const { body: first } = await operator.get(`/api/portal/integrations/${world.platform.integrationId}`);
  const created = await operator.post('/api/portal/integrations', { options: { ...first.options, name: 'Second' } });
  expect(created).toMatchObject(ok);
  const path = `/api/portal/integrations/${created.body.integrationId}`;
  expect(await operator.patch(path, { options: { attemptsPerSession: 2 } })).toMatchObject(ok);
  expect(await operator.post(`${path}/secrets`, { generation: 1, overlapSeconds: 0 })).toMatchObject(ok);
  const invited = { integrationId: created.body.integrationId, externalId: 'auth0|of-second' };
  expect(await operator.post('/api/portal/user/invite', invited)).toMatchObject(ok);
  expect((await operator.post(`${path}/delete`, { name: 'Second' })).status).toBe(204);
  // Housekeeping removes the users of a deleted integration.
  const dropped = { action: 'dynamodb:DeleteItem', roleArn: world.roleOf('housekeeping'), isAllowed: true };
  await vi.waitFor(
    () =>
      expect(world.decided.filter(({ resource }) => resource.includes('User'))).toContainEqual(
        expect.objectContaining(dropped),
      ),
    { timeout: 60_000, interval: 200 },
  );
});
