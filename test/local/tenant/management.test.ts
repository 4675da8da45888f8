import { ManagementClient } from 'auth0';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { GRANT } from '../../../local/tenant/openid/tenant-client.ts';
import { loopbackFetch } from '../../support/browserless-agent.ts';
import { ALICE, API, APPS, CLAIM, logIn, ORGANIZATION, type TenantWorld, tenantWorld } from './tenant-world.ts';

const READ = [
  'read:actions',
  'read:users',
  'read:clients',
  'read:tenant_settings',
  'read:organizations',
  'read:connections',
];
const WRITE = ['create:actions', 'update:actions', 'delete:actions', 'create:users', 'update:users', 'delete:users'];
const machine = (clientId: string, managementScopes: readonly string[]) => ({
  clientId,
  clientSecret: `${clientId}-secret-of-more-than-32-characters`,
  name: clientId,
  redirectUris: [],
  logoutUris: [],
  metadata: {},
  grantTypes: [GRANT.client],
  managementScopes,
});
const BANK = {
  ...machine('bank', []),
  redirectUris: ['http://bank.localhost/callback'],
  grantTypes: [GRANT.code, GRANT.device],
};

let world: TenantWorld;
let host: string;
let tokens: Readonly<Record<string, string>>;
beforeAll(async () => {
  const clients = [machine('admin', [...READ, ...WRITE]), machine('viewer', ['read:actions']), BANK];
  world = await tenantWorld([`exports.onExecutePostLogin = async () => {};`], { clients });
  host = new URL(world.issuer).host;
  const tokenOf = async (client: string) => {
    const fields = { client_id: client, client_secret: `${client}-secret-of-more-than-32-characters` };
    const audience = `https://${host}/api/v2/`;
    return (await world.askToken({ grant_type: GRANT.client, audience, ...fields })).body['access_token'] ?? '';
  };
  tokens = { admin: await tokenOf('admin'), viewer: await tokenOf('viewer') };
});
afterAll(() => world.close());

/** Auth0's own SDK, over http to this machine. */
const sdk = (client = 'admin') =>
  new ManagementClient({
    domain: host,
    token: tokens[client] ?? '',
    maxRetries: 0,
    fetch: (url: string | URL | Request, init?: RequestInit) =>
      loopbackFetch(String(url).replace('https:', 'http:'), init as object) as unknown as Promise<Response>,
  });

const revealing = (value: number, secret = false) =>
  `exports.onExecutePostLogin = async (event, api) => { api.idToken.setCustomClaim('${CLAIM}', ${secret ? 'event.secrets.WORD' : value}); };`;
const claimOfLogin = async () => {
  const login = await world.begin();
  return (await world.redeem(login, await logIn(world.browser(), login))).claims()?.[CLAIM];
};
const create = async (name: string, code = revealing(1)) => {
  const triggers = [{ id: 'post-login' as const, version: 'v3' }];
  const { id = '' } = await sdk().actions.create({ name, supported_triggers: triggers, code, runtime: 'node22' });
  return id;
};
const bind = (...names: string[]) =>
  sdk().actions.triggers.bindings.updateMany('post-login', {
    bindings: names.map((value) => ({ ref: { type: 'action_name', value }, display_name: value })),
  });

describe('Actions', () => {
  beforeEach(async () => {
    for await (const { id = '' } of await sdk().actions.list()) await sdk().actions.delete(id, { force: true });
  });

  test('what is created, deployed and bound runs in the next login; a new draft only once it is deployed', async () => {
    const id = await create('custom');
    expect(await sdk().actions.get(id)).toMatchObject({ status: 'built', all_changes_deployed: false });
    await sdk().actions.deploy(id);
    await bind('custom');
    expect(await claimOfLogin()).toBe(1);
    await sdk().actions.update(id, { code: revealing(2) });
    expect(await claimOfLogin()).toBe(1);
    await sdk().actions.deploy(id);
    expect(await claimOfLogin()).toBe(2);
    expect(await sdk().actions.get(id)).toMatchObject({ all_changes_deployed: true, deployed_version: { number: 2 } });
  });

  test('an earlier version is restored', async () => {
    const id = await create('custom');
    await sdk().actions.deploy(id);
    await bind('custom');
    await sdk().actions.update(id, { code: revealing(2) });
    await sdk().actions.deploy(id);
    const versions = [];
    for await (const version of await sdk().actions.versions.list(id)) versions.push(version);
    expect(versions.map(({ number }) => number)).toEqual([2, 1]);
    await sdk().actions.versions.deploy(id, versions[1]?.id ?? '');
    expect(await claimOfLogin()).toBe(1);
  });

  test('secrets are written and never read back; the Action has them', async () => {
    const id = await create('custom', revealing(0, true));
    await sdk().actions.update(id, { secrets: [{ name: 'WORD', value: 'secret-canary' }] });
    await sdk().actions.deploy(id);
    await bind('custom');
    expect(await claimOfLogin()).toBe('secret-canary');
    const shown = [await sdk().actions.get(id), ...(await sdk().actions.list()).data];
    expect(JSON.stringify(shown)).not.toContain('secret-canary');
    expect(shown[0]).toMatchObject({ secrets: [{ name: 'WORD' }] });
  });

  test.each([
    ['does not parse', 'exports.onExecutePostLogin = async (event => {'],
    ['is larger than 100 kB', `//${'x'.repeat(100_000)}`],
    ['has a handler that is not an async function', 'exports.onExecutePostLogin = () => {};'],
  ])('code that %s is not built and cannot be deployed', async (_title, code) => {
    const id = await create('broken', code);
    expect(await sdk().actions.get(id)).toMatchObject({ status: 'failed' });
    await expect(sdk().actions.deploy(id)).rejects.toMatchObject({
      statusCode: 400,
      body: { message: expect.stringContaining("'built' state") },
    });
  });

  test.each([
    ['a name twice', () => create('custom'), 409],
    ['an Action that is not deployed in the flow', () => bind('custom'), 400],
    ['an unknown Action in the flow', () => bind('nobody'), 400],
    ['an unknown id', () => sdk().actions.get('nobody'), 404],
  ])('refuses %s', async (_title, act, statusCode) => {
    await create('custom');
    await expect(act()).rejects.toMatchObject({ statusCode });
  });

  test('an Action in the flow is deleted by force only', async () => {
    const id = await create('custom');
    await sdk().actions.deploy(id);
    await bind('custom');
    await expect(sdk().actions.delete(id)).rejects.toMatchObject({ statusCode: 409 });
    await sdk().actions.delete(id, { force: true });
    expect((await sdk().actions.triggers.bindings.list('post-login')).data).toEqual([]);
    expect(await claimOfLogin()).toBeUndefined();
  });

  test('the flow keeps its order', async () => {
    for (const name of ['a', 'b']) await sdk().actions.deploy(await create(name));
    await bind('b', 'a');
    const { data } = await sdk().actions.triggers.bindings.list('post-login');
    expect(data.map(({ display_name }) => display_name)).toEqual(['b', 'a']);
  });
});

describe('an admin’s change persists; until then, an Action that the tenant is started with follows its file', () => {
  const codeOf = (value: number) => [revealing(value)];
  const claimIn = async (
    folder: string,
    actions: string[],
    act: (known: TenantWorld) => Promise<unknown> = async () => {},
  ) => {
    const started = await tenantWorld(actions, { folder });
    try {
      await act(started);
      const login = await started.begin();
      return (await started.redeem(login, await logIn(started.browser(), login))).claims()?.[CLAIM];
    } finally {
      await started.stop();
    }
  };

  test('restart after restart', async () => {
    const first = await tenantWorld(codeOf(1));
    await first.stop();
    const { folder } = first;
    const seedOf = ({ registry }: TenantWorld) => registry.list()[0]?.id ?? '';
    const change = async ({ registry }: TenantWorld, id: string) => {
      await registry.update(id, { code: revealing(9), runtime: 'node22', dependencies: [], secrets: null });
      await registry.deploy(id);
    };
    expect(await claimIn(folder, codeOf(2))).toBe(2);
    expect(await claimIn(folder, codeOf(3), (known) => change(known, seedOf(known)))).toBe(9);
    expect(await claimIn(folder, codeOf(4))).toBe(9);
    expect(await claimIn(folder, codeOf(5), (known) => known.registry.remove(seedOf(known), true))).toBeUndefined();
    expect(await claimIn(folder, codeOf(6))).toBeUndefined();
    await first.close();
  });

  test('while it is running: a new file is used until an admin has changed the Action, and one that Auth0 refuses changes nothing', async () => {
    const running = await tenantWorld(codeOf(1));
    const { registry } = running;
    const claim = async () => {
      const login = await running.begin();
      return (await running.redeem(login, await logIn(running.browser(), login))).claims()?.[CLAIM];
    };
    const [{ id, name } = { id: '', name: '' }] = registry.list();
    const renew = (code: string) => registry.renewSeed({ name, code, secrets: {} });
    try {
      expect(await renew(revealing(2))).toBe(true);
      expect(await claim()).toBe(2);
      await expect(renew('exports.onExecutePostLogin = async (')).rejects.toThrow(SyntaxError);
      expect(await claim()).toBe(2);
      await registry.update(id, { code: revealing(9), runtime: 'node22', dependencies: [], secrets: null });
      await registry.deploy(id);
      expect(await renew(revealing(3))).toBe(false);
      expect(await claim()).toBe(9);
    } finally {
      await running.close();
    }
  });
});

describe('access', () => {
  test('a missing scope is named, as at Auth0', async () => {
    const refused = sdk('viewer').actions.delete('x');
    await expect(refused).rejects.toMatchObject({
      statusCode: 403,
      body: {
        statusCode: 403,
        error: 'Forbidden',
        message: 'Insufficient scope, expected any of: delete:actions',
        errorCode: 'insufficient_scope',
      },
    });
    await sdk('viewer').actions.list();
  });

  test('a token for another API is refused', async () => {
    const login = await world.begin({ audience: API, scope: 'openid read:balance' });
    const { access_token } = await world.redeem(login, await logIn(world.browser(), login));
    const answer = await loopbackFetch(new URL('api/v2/actions/actions', world.issuer), {
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(answer.status).toBe(401);
  });

  test('a user gets no token for it through an app that was not granted it', async () => {
    const page = await world.browser().open((await world.begin({ audience: `https://${host}/api/v2/` })).url);
    expect(page.url.searchParams.get('error')).toBe('access_denied');
  });

  test('a part that is not emulated is answered as such', async () => {
    const answer = await loopbackFetch(new URL('api/v2/guardian/factors', world.issuer), {
      headers: { authorization: `Bearer ${tokens['admin']}` },
    });
    expect([answer.status, await answer.json()]).toEqual([404, expect.objectContaining({ errorCode: 'not_emulated' })]);
  });
});

describe('users and views', () => {
  test('a user is created, found, changed and deleted, and logs in with the new password', async () => {
    const newUser = {
      email: 'new@example.com',
      password: 'first-password',
      connection: 'Username-Password-Authentication',
    };
    const { user_id: id = '' } = await sdk().users.create({ ...newUser, app_metadata: { plan: 'a', old: 1 } });
    await expect(sdk().users.create(newUser)).rejects.toMatchObject({ statusCode: 409 });
    await sdk().users.update(id, { password: 'second-password', app_metadata: { plan: 'b', old: null } });
    const login = await world.begin();
    const changed = { email: newUser.email, password: 'second-password' };
    expect((await world.redeem(login, await logIn(world.browser(), login, changed))).claims()?.sub).toBe(id);
    expect(await sdk().users.get(id)).toMatchObject({
      email: newUser.email,
      app_metadata: { plan: 'b' },
      logins_count: 1,
    });
    expect((await sdk().users.list({ q: 'email:"new@example.com"' })).data.map(({ user_id }) => user_id)).toEqual([id]);
    await sdk().users.delete(id);
    await expect(sdk().users.get(id)).rejects.toMatchObject({ statusCode: 404 });
  });

  test('no password and no hash is returned', async () => {
    const text = JSON.stringify((await sdk().users.list()).data);
    expect(text).toContain(ALICE.email);
    expect(text).not.toMatch(/passwordHash|salt|[0-9a-f]{40}/);
  });

  test('apps, organizations and settings are shown, client secrets are not', async () => {
    const { data } = await sdk().clients.list();
    expect(data.map(({ client_id }) => client_id)).toContain(APPS[0]);
    expect(JSON.stringify(data)).not.toContain('secret-of-more');
    expect((await sdk().organizations.list()).data).toMatchObject([{ id: ORGANIZATION.id }]);
    expect(await sdk().tenants.settings.get()).toMatchObject({ friendly_name: 'tenant.localhost' });
  });
});
