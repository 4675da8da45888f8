import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ActionLogin, type LoginChange, NOW, SECRET, SETTINGS } from '../support/action-login.ts';
import { loadBuiltAction } from '../support/action-runner.ts';

const action = await loadBuiltAction();

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 }));
afterEach(() => void vi.useRealTimers());

/** Both handlers must refuse: a setting may break while a login waits at the hosted page. */
const expectRefused = async (secrets: LoginChange['secrets'], setting: string): Promise<void> => {
  const source = await new ActionLogin(action).execute();
  const token = source.resultToken();
  for (const run of [(login: ActionLogin) => login.execute(), (login: ActionLogin) => login.answer(token)]) {
    action.lines.length = 0;
    const login = new ActionLogin(action, secrets === undefined ? {} : { secrets });
    await run(login);
    expect(login.denyCode).toBe('face_configuration');
    expect(login.effects.redirects).toEqual([]);
    expect(login.verdict).toBe('denied');
    expect(action.lines).toHaveLength(1);
    expect(action.lines[0]).toContain(`setting ${setting} is missing or malformed`);
    const value = secrets?.[setting];
    if (typeof value === 'string' && value.length > 9) expect(action.lines[0]).not.toContain(value);
  }
};
const expectAccepted = async (secrets: LoginChange['secrets'] = {}): Promise<ActionLogin> => {
  const login = await new ActionLogin(action, { secrets }).execute();
  expect(login.effects.denied).toEqual([]);
  return login;
};

describe('settings that are missing or malformed deny, and the log names the setting but not its value', () => {
  test.each(['INTEGRATION_ID', 'SESSION_SECRET', 'CAPTURE_URL'])('%s', async (name) => {
    for (const value of [undefined, null, '', '   ', 7, {}, true]) await expectRefused({ [name]: value }, name);
  });

  test.each([
    ['INTEGRATION_ID', ['int_', 'INT_AAAAAAAAAAAAAAAAAAAA', 'int_aaaaaaaaaaaaaaaaaaa', 'int_aaaaaaaaaaaaaaaaaaaa/..']],
    ['SESSION_SECRET_PREVIOUS', ['x', `${SECRET}=`, 7]],
    ['MODE', ['Always', 'on_demand', 'off', 'never', 1]],
    ['FRESHNESS_SECONDS', ['-1', '1.5', '1e3', '0x10', '1 hour', '2592001', 'Infinity', 'NaN', 3600]],
    [
      'CLAIM_NAMESPACE',
      [
        'claims/',
        'https://example.com',
        'urn:auth0:',
        'https://exa mple.com/',
        'https:///',
        'https://auth0.com/x/',
        'https://x.eu.auth0.com/',
        'https://webtask.io/',
        'https://a.webtask.run/',
      ],
    ],
    ...['ONLY_CLIENTS', 'EXCEPT_CLIENTS'].map((list): [string, unknown[]] => [
      list,
      ['a,', ',a', 'a,,b', 'a b', 'a;b c', 'ä', `${'a'.repeat(129)}`, 7],
    ]),
    ...['ONLY_ORGANIZATIONS', 'EXCEPT_ORGANIZATIONS'].map((list): [string, unknown[]] => [
      list,
      ['a,', 'org 1', 'org_1;org_2', 'a'.repeat(65), 7],
    ]),
    ...['ONLY_ROLES', 'EXCEPT_ROLES'].map((list): [string, unknown[]] => [
      list,
      ['Staff,', 'Staff,,Teller', 'Staff\nTeller', 'a'.repeat(129), 7],
    ]),
    ['STEP_UP_FRESHNESS_SECONDS', ['-1', '1.5', '5m', '2592001', 300]],
    ...[
      'ALLOW_WITHOUT_BROWSER',
      'STRICT_REFRESH',
      'ENROLL_AT_LOGIN',
      'ENROL_AT_LOGIN',
      'SKIP_TENANT_MFA',
      'ALLOW_BYPASS',
      'DEBUG',
    ].map((flag): [string, unknown[]] => [flag, ['no', 'False', 'TRUE', '0', '1', 'yes', true, false]]),
  ] as [string, unknown[]][])('%s', async (name, values) => {
    for (const value of values) await expectRefused({ [name]: value }, name);
  });

  test('T3 a Session Secret in another form than the portal’s is refused, so no chosen password can be one', async () => {
    const short = Buffer.alloc(31).toString('base64url');
    const long = Buffer.alloc(33).toString('base64url');
    const hostile = ['password', 'a'.repeat(42), 'a'.repeat(44), `${SECRET}=`, SECRET.replace(/.$/, '+'), short, long];
    for (const value of hostile) await expectRefused({ SESSION_SECRET: value }, 'SESSION_SECRET');
  });
});

describe('T32 CAPTURE_URL', () => {
  test.each([
    'http://verify.example.com',
    'http://127.0.0.1:4001',
    'http://localhost.example.com',
    'http://localhost.',
    'http://evillocalhost',
    'http://verify.localhost@example.com',
    'https://user@verify.example.com',
    'https://user:pw@verify.example.com',
    'https://:pw@verify.example.com',
    'https://verify.example.com/path',
    'https://verify.example.com/?a=b',
    'https://verify.example.com/#x',
    'https:\\\\example.com\\x',
    'verify.example.com',
    '//verify.example.com',
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://verify.example.com',
    'https://',
    'https://verify.example.com:99999',
    'https://verify example.com',
  ])('%s is refused', async (url) => {
    await expectRefused({ CAPTURE_URL: url }, 'CAPTURE_URL');
  });

  test.each([
    ['https://verify.example.com', 'https://verify.example.com'],
    [' https://verify.example.com/ ', 'https://verify.example.com'],
    ['HTTPS://Verify.Example.COM:443', 'https://verify.example.com'],
    ['https://verify.example.com:8443', 'https://verify.example.com:8443'],
    ['http://localhost:4001', 'http://localhost:4001'],
    ['http://verified.localhost:4001', 'http://verified.localhost:4001'],
  ])('%s sends users to %s and nowhere else', async (setting, origin) => {
    const login = await expectAccepted({ CAPTURE_URL: setting });
    const url = new URL(login.effects.redirects[0] ?? '');
    expect(url.origin + url.pathname).toBe(`${origin}/s/${SETTINGS.INTEGRATION_ID}`);
    expect([...url.searchParams.keys()]).toEqual(['session_token']);
  });
});

test('blank optional settings mean the defaults, and blanks around a value are removed', async () => {
  const blank = { SESSION_SECRET_PREVIOUS: '', MODE: '', FRESHNESS_SECONDS: '', CLAIM_NAMESPACE: '', DEBUG: '' };
  const login = await expectAccepted({ ...blank, SESSION_SECRET: ` ${SECRET}\n` });
  expect(login.effects.redirects).toHaveLength(1);
  expect(login.sessionClaims['mode']).toBe('always');
});

test('T26 a setting with different values under its name and its former name denies, and the log names both', async () => {
  for (const [value, former] of [
    ['true', 'false'],
    ['false', 'true'],
  ]) {
    action.lines.length = 0;
    const secrets = { ENROLL_AT_LOGIN: value, ENROL_AT_LOGIN: former };
    const login = await new ActionLogin(action, { secrets }).execute();
    expect(login.denyCode).toBe('face_configuration');
    expect(action.lines[0]).toContain('setting ENROLL_AT_LOGIN contradicts ENROL_AT_LOGIN');
  }
});

test('a Marketplace configuration takes precedence over secrets of the same name', async () => {
  const configuration = { CAPTURE_URL: 'https://configured.example.com' };
  const login = await new ActionLogin(action, { configuration }).execute();
  expect(login.effects.redirects[0]).toMatch(/^https:\/\/configured\.example\.com\/s\//);
});

test('DEBUG adds one line per run, without personal data', async () => {
  action.lines.length = 0;
  await expectAccepted();
  expect(action.lines).toEqual([]);
  await expectAccepted({ DEBUG: 'true' });
  expect(action.lines).toHaveLength(1);
  expect(action.lines[0]).toMatch(/^verified debug [0-9A-Z]{4}-[0-9A-Z]{4} oidc-basic-profile always challenge$/);
});
