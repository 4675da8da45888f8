import { describe, expect, test } from 'vitest';
import { type Login, logIn, type Scope } from '../../../action/installer/log-in.ts';
import { tenantFetch } from '../../../action/installer/tenant-domain.ts';

const DOMAIN = 'acme.eu.auth0.com';
const SCOPES: readonly Scope[] = ['read:actions', 'update:actions'];
const CLIENT: Login = { kind: 'client', clientId: 'installer', clientSecret: 'client-secret-canary' };
const tokenWith = (scope: string): string =>
  `e30.${Buffer.from(JSON.stringify({ scope })).toString('base64url')}.signature`;
const GOOD = tokenWith('read:actions update:actions create:actions');

type Answer = readonly [status: number, body: unknown];
/** A tenant's token endpoint that returns the answers in order. */
const endpoint = (...answers: readonly Answer[]) => {
  const asked: { readonly url: string; readonly fields: Record<string, string> }[] = [];
  const waitedMs: number[] = [];
  const said: string[] = [];
  let next = 0;
  const fetch = async (url: string | URL | Request, init?: RequestInit) => {
    asked.push({ url: String(url), fields: Object.fromEntries(init?.body as URLSearchParams) });
    const [status, body] = answers[next++] ?? [500, 'no answer left'];
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status });
  };
  const ports = {
    fetch: fetch as typeof globalThis.fetch,
    pause: async (durationMs: number) => void waitedMs.push(durationMs),
    say: (line: string) => void said.push(line),
  };
  return { asked, waitedMs, said, run: (login: Login) => logIn(ports, DOMAIN, login, SCOPES) };
};

test('client credentials are requested with the audience of the Management API', async () => {
  const tenant = endpoint([200, { access_token: GOOD }]);
  expect(await tenant.run(CLIENT)).toBe(GOOD);
  expect(tenant.asked[0]).toEqual({
    url: `https://${DOMAIN}/oauth/token`,
    fields: {
      grant_type: 'client_credentials',
      client_id: 'installer',
      client_secret: 'client-secret-canary',
      audience: `https://${DOMAIN}/api/v2/`,
    },
  });
});

describe('a refused login', () => {
  test.each([
    [401, { error: 'access_denied', error_description: 'Unauthorized' }, 'access', 'access_denied'],
    [403, { error: 'access_denied' }, 'access', 'authorized for the Auth0 Management API'],
    [200, { token_type: 'Bearer' }, 'access', 'refused'],
    [429, {}, 'failed', '429'],
    [503, '<html>', 'failed', '503'],
  ])('%i %o is %s', async (status, body, reason, text) => {
    const failure = await endpoint([status, body])
      .run(CLIENT)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ reason, message: expect.stringContaining(text) });
    expect(String(failure)).not.toContain('canary');
  });

  test('an unreachable tenant is reported differently from one that refuses', async () => {
    const ports = { fetch: () => Promise.reject(new TypeError('fetch failed')), pause: async () => {}, say: () => {} };
    await expect(logIn(ports, DOMAIN, CLIENT, SCOPES)).rejects.toMatchObject({ reason: 'failed' });
  });
});

test.each([
  ['read:actions', 'update:actions'],
  ['update:actions', 'read:actions'],
  ['read:users', 'read:actions, update:actions'],
  ['', 'read:actions, update:actions'],
])('with "%s" the missing permissions are named before any change: %s', async (scope, missing) => {
  const token = tokenWith(scope);
  await expect(endpoint([200, { access_token: token }]).run(CLIENT)).rejects.toMatchObject({
    reason: 'access',
    message: expect.stringContaining(`${missing}.`),
  });
});

test('an opaque token is left to Auth0 to judge', async () => {
  expect(await endpoint().run({ kind: 'token', accessToken: 'opaque' })).toBe('opaque');
});

describe('device login', () => {
  const DEVICE: Login = { kind: 'device', clientId: 'native' };
  const begun: Answer = [
    200,
    {
      device_code: 'device',
      user_code: 'ABCD-EFGH',
      verification_uri_complete: 'https://acme/activate?c',
      interval: 3,
      expires_in: 30,
    },
  ];
  const pending: Answer = [403, { error: 'authorization_pending' }];

  test('shows address and code, polls at the given interval, slower on request', async () => {
    const tenant = endpoint(begun, pending, [429, { error: 'slow_down' }], pending, [200, { access_token: GOOD }]);
    expect(await tenant.run(DEVICE)).toBe(GOOD);
    expect(tenant.said).toEqual(['Open https://acme/activate?c and confirm the code ABCD-EFGH.']);
    expect(tenant.waitedMs).toEqual([3000, 3000, 8000, 8000]);
    expect(tenant.asked[0]?.fields).toMatchObject({ scope: 'read:actions update:actions' });
  });

  test.each([
    ['denied', [begun, [403, { error: 'access_denied' }]], 'access_denied'],
    ['never confirmed', [begun, ...Array<Answer>(20).fill(pending)], 'in time'],
    ['not allowed for this client', [[403, { error: 'unauthorized_client' }]], 'unauthorized_client'],
  ] as const)('%s', async (_title, answers, text) => {
    await expect(endpoint(...(answers as readonly Answer[])).run(DEVICE)).rejects.toMatchObject({
      reason: 'access',
      message: expect.stringContaining(text),
    });
  });
});

test('only loopback names are reached without TLS, and never through a name server', async () => {
  const reached: string[] = [];
  const fetch = tenantFetch((async (url: URL | string) => {
    reached.push(String(url));
    return new Response();
  }) as typeof globalThis.fetch);
  for (const host of ['tenant.localhost:4002', '127.0.0.1:1', 'localhost.example.com', 'acme.auth0.com']) {
    await fetch(`https://${host}/x`);
  }
  expect(reached).toEqual([
    'http://127.0.0.1:4002/x',
    'http://127.0.0.1:1/x',
    'https://localhost.example.com/x',
    'https://acme.auth0.com/x',
  ]);
});
