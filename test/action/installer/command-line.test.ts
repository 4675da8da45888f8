import { describe, expect, test } from 'vitest';
import { HELP, readCommandLine } from '../../../action/installer/command-line.ts';
import { parseSecretLines, secretSource } from '../../../action/installer/secret-input.ts';
import { readDomain } from '../../../action/installer/tenant-domain.ts';

const read = (text: string) => readCommandLine(text.split(' ').filter((word) => word !== ''));
/** A value like a secret given on the command line by mistake. */
const CANARY = 'C4nary-C4nary-C4nary-C4nary-C4nary-C4nary-1';
const failure = (run: () => unknown): { readonly reason: string; readonly message: string } => {
  try {
    run();
  } catch (error) {
    return error as { reason: string; message: string };
  }
  throw new Error('nothing was thrown');
};

test('help is shown for no arguments, --help and -h', () => {
  for (const line of ['', '--help', 'auth0 install -h']) expect(read(line)).toBeNull();
});

test('help names every option, command, exit code and variable', () => {
  for (const command of ['install', 'status', 'upgrade', 'rotate', 'uninstall'])
    expect(HELP).toContain(`  ${command} `);
  for (const option of ['domain', 'integration', 'capture-url', 'setting', 'name', 'dry-run', 'no-flow', 'force']) {
    expect(HELP).toContain(`--${option}`);
  }
  for (const scope of ['read', 'create', 'update', 'delete']) expect(HELP).toContain(`${scope}:actions`);
  expect(HELP.split('\n').filter((line) => line.length > 110)).toEqual([]);
});

test('an installation in full', () => {
  const line = `auth0 install --domain T.eu.auth0.com --integration int_1 --capture-url https://v.example --setting MODE=on-demand
    --setting CLAIM_NAMESPACE=https://a.example/?b=c/ --client-id abc --dry-run --yes`;
  expect(readCommandLine(line.split(/\s+/))).toMatchObject({
    command: 'install',
    domain: 'T.eu.auth0.com',
    settings: {
      INTEGRATION_ID: 'int_1',
      CAPTURE_URL: 'https://v.example',
      MODE: 'on-demand',
      CLAIM_NAMESPACE: 'https://a.example/?b=c/',
    },
    clientId: 'abc',
    isDryRun: true,
    isConfirmed: true,
    isPlaced: true,
    isDevice: false,
  });
});

describe('T71 a secret on the command line is refused, and not repeated', () => {
  test.each([
    `auth0 install --client-secret ${CANARY}`,
    `auth0 install --client-secret=${CANARY}`,
    `auth0 install --session-secret=${CANARY}`,
    `auth0 install --setting SESSION_SECRET=${CANARY}`,
    `auth0 install --token ${CANARY}`,
    `auth0 install ${CANARY}`,
    `auth0 ${CANARY}`,
    `auth0 install --${CANARY}`,
    `auth0 install --setting ${CANARY}`,
  ])('%s', (line) => {
    const { reason, message } = failure(() => read(line));
    expect(reason).toBe('usage');
    expect(message).not.toContain(CANARY);
  });
});

test.each([
  ['auth0 status --integration int_1', '--integration belongs to install'],
  ['auth0 upgrade --setting MODE=always', '--setting belongs to install'],
  ['auth0 install --finish', '--finish belongs to rotate'],
  ['auth0 install --json', '--json belongs to status'],
  ['install', 'verified auth0'],
  ['auth0 install --domain', 'lacks its value'],
])('%s gets an error that says what is wrong', (line, message) => {
  expect(failure(() => read(line))).toMatchObject({ reason: 'usage', message: expect.stringContaining(message) });
});

describe('the domain', () => {
  test.each([
    ['acme.eu.auth0.com', 'acme.eu.auth0.com'],
    ['https://Acme.EU.auth0.com/', 'acme.eu.auth0.com'],
    [' tenant.localhost:4002 ', 'tenant.localhost:4002'],
  ])('%s', (text, domain) => {
    expect(readDomain(text)).toBe(domain);
  });
  test.each([
    'http://acme.auth0.com',
    'acme.auth0.com/path',
    'a@b',
    'a b',
    'acme.auth0.com?x=1',
    '-a.com',
    undefined,
    '',
  ])('%s is refused', (text) => {
    expect(failure(() => readDomain(text)).reason).toBe('usage');
  });
});

describe('secrets', () => {
  const source = (options: Partial<Parameters<typeof secretSource>[0]>, seen: string[] = []) =>
    secretSource({ environment: {}, lines: null, ask: null, ...options }, (value) => void seen.push(value));

  test('standard input takes precedence over the environment, and that over a question', async () => {
    const environment = { VERIFIED_SESSION_SECRET: 'from environment' };
    const lines = parseSecretLines('# a comment\n\nVERIFIED_SESSION_SECRET=from=lines \r\n');
    const ask = async () => 'from a question';
    expect(source({ environment, lines, ask }).given('SESSION_SECRET')).toBe('from=lines');
    expect(source({ environment, ask }).given('SESSION_SECRET')).toBe('from environment');
    expect(await source({ ask }).require('SESSION_SECRET')).toBe('from a question');
  });

  test('a question is asked once, and every secret is registered so that no output shows it', async () => {
    const [seen, questions]: [string[], string[]] = [[], []];
    const ask = async (question: string) => {
      questions.push(question);
      return CANARY;
    };
    const secrets = source({ ask }, seen);
    await secrets.require('SESSION_SECRET');
    await secrets.require('SESSION_SECRET');
    expect(questions).toEqual(['Session Secret:']);
    expect(seen).toContain(CANARY);
  });

  test('without a terminal the missing variable is named', async () => {
    await expect(source({}).require('SESSION_SECRET')).rejects.toMatchObject({
      reason: 'usage',
      message: expect.stringContaining('VERIFIED_SESSION_SECRET'),
    });
  });

  test('T71 a malformed line of standard input is reported by number, not by text', () => {
    const { message } = failure(() => parseSecretLines(`AUTH0_CLIENT_SECRET=x\n${CANARY}`));
    expect(message).toContain('line 2');
    expect(message).not.toContain(CANARY);
  });
});
