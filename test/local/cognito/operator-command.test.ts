import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AdminCreateUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningPart } from '../../../local/aws-wire/listen.ts';
import { startSts } from '../../../local/sts/start-sts.ts';
import { clockEnvironment } from '../../clock/clock-environment.ts';
import { issueFor, newCredentials, ROOT, temporaryFolder } from '../../support/local-aws.ts';
import { POOL_ID, type Pool, startPool } from './pool.ts';
import { signIn } from './sign-in.ts';

const credentials = newCredentials();
let pool: Pool;
let sts: RunningPart;
let stages: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  [pool, sts, stages] = await Promise.all([
    startPool({ credentials }),
    startSts({ port: 0, credentials }),
    temporaryFolder(),
  ]);
  const settings = { prod: {}, dev: {}, pinned: { account: '111122223333' } };
  for (const [stage, values] of Object.entries(settings))
    await writeFile(join(stages.folder, `${stage}.json`), JSON.stringify({ region: 'us-east-1', ...values }));
});
afterAll(() => Promise.all([pool.close(), sts.close(), stages.remove()]));

const ROOT_FOLDER = fileURLToPath(new URL('../../../', import.meta.url));

/** `npm run operator -- …` in a separate process, with nothing of this one's environment but the clock. */
const run = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  new Promise<{ readonly code: number; readonly out: string; readonly problem: string }>((resolve) => {
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: '/nonexistent',
      ...clockEnvironment(),
      AWS_ACCESS_KEY_ID: ROOT.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_MAX_ATTEMPTS: '1',
      AWS_ENDPOINT_URL_STS: sts.url,
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: pool.url,
      ...environment,
    };
    const file = ['--no-warnings', '--import', 'tsx', 'bin/operator/main.ts', '--stages', stages.folder, ...args];
    execFile(process.execPath, file, { cwd: ROOT_FOLDER, env }, (error, out, problem) => {
      resolve({ code: Number(error?.code ?? 0), out: out.trim(), problem: problem.trim() });
    });
  });
const add = (email: string, ...more: string[]) => run(['--email', email, '--stage', 'prod', ...more]);
const mailsTo = (email: string) => pool.mails.filter(({ to }) => to === email).length;

describe('npm run operator', () => {
  test('adds an operator who can sign in, reports where the password is sent, and does not show it', async () => {
    const { code, out } = await add('ann@example.com');
    expect([code, mailsTo('ann@example.com')]).toEqual([0, 1]);
    expect(out).toMatch(/^ann@example.com is now an operator of stage prod in us-east-1; .*temporary password/);
    expect(out).not.toContain(pool.passwordOf('ann@example.com'));
    expect(await signIn(pool, 'ann@example.com', pool.passwordOf('ann@example.com'))).toContain('code=');
    // Again, for an operator who has a password.
    const again = await add('Ann@Example.com');
    expect([again.code, mailsTo('ann@example.com')]).toEqual([0, 1]);
    expect(again.out).toMatch(/is already an operator and has a password; use "Forgot your password\?"/);
  });

  test('sends a new password to an operator who never signed in, and verifies an address that was added by hand', async () => {
    const UserAttributes = [{ Name: 'email', Value: 'bea@example.com' }];
    const user = { UserPoolId: POOL_ID, Username: 'bea@example.com', UserAttributes };
    await pool.cognito.send(new AdminCreateUserCommand({ ...user, DesiredDeliveryMediums: ['EMAIL'] }));
    const { code, out } = await add('bea@example.com');
    expect([code, mailsTo('bea@example.com')]).toEqual([0, 2]);
    expect(out).toMatch(/has never signed in; Cognito has sent a new temporary password/);
    await signIn(pool, 'bea@example.com', pool.passwordOf('bea@example.com'));
    expect((await add('bea@example.com')).out).toMatch(/has a password/);
  });

  test('does not verify the address of an operator who already signs in, but explains how', async () => {
    const UserAttributes = [{ Name: 'email', Value: 'cid@example.com' }];
    const user = { UserPoolId: POOL_ID, Username: 'cid@example.com', UserAttributes };
    await pool.cognito.send(new AdminCreateUserCommand({ ...user, DesiredDeliveryMediums: ['EMAIL'] }));
    await signIn(pool, 'cid@example.com', pool.passwordOf('cid@example.com'));
    const { code, problem } = await add('cid@example.com');
    expect(code).toBe(1);
    expect(problem).toMatch(
      /not verified.*aws cognito-idp admin-update-user-attributes --user-pool-id us-east-1_Operators1 --username cid@example.com/,
    );
  });

  test('reports an e-mail that failed; the next run sends it', async () => {
    pool.breakMail(true);
    const { code, problem } = await add('dee@example.com');
    pool.breakMail(false);
    expect(code).toBe(1);
    expect(problem).toMatch(/dee@example.com is in the pool now, but Cognito could not send .*Run this again/);
    expect((await add('dee@example.com')).out).toMatch(/sent a new temporary password/);
    expect(mailsTo('dee@example.com')).toBe(1);
  });
});

test('npm run operator reports the daily limit of Cognito’s own sender', async () => {
  const small = await startPool({ credentials, mailsPerDay: 0 });
  try {
    const environment = { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: small.url };
    const { code, problem } = await run(['--email', 'fay@example.com', '--stage', 'prod'], environment);
    expect(problem).toMatch(/^Cognito sends no more e-mails today .*run this again tomorrow[^\n]*$/);
    expect(code).toBe(1);
  } finally {
    await small.close();
  }
});

describe('npm run operator reports in one sentence', () => {
  const good = ['--email', 'eve@example.com', '--stage', 'prod'];
  const own = 'no pool of operators in us-east-1 of account 000000000000: .*issuer of its own \\(oidcIssuer\\)';
  const ended = issueFor(credentials, [], { expiresAtMs: 1 });
  const poor = issueFor(credentials, []);
  const environmentOf = ({ accessKeyId, secretAccessKey, sessionToken }: typeof ended) => ({
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  });
  test.each<[string, string[], Record<string, string>, string]>([
    ['that the stage was not deployed, or has its own issuer', [...good, '--stage', 'dev'], {}, own],
    [
      'that the credentials are of another account than the stage',
      [...good, '--stage', 'pinned'],
      {},
      'credentials are for account 000000000000, but the settings of stage pinned name account 111122223333',
    ],
    [
      'that there are no credentials',
      good,
      { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
      'no AWS credentials: .*AWS_PROFILE',
    ],
    ['that credentials have expired', good, environmentOf(ended), 'does not accept these credentials \\(ExpiredToken'],
    [
      'that credentials lack permission',
      good,
      environmentOf(poor),
      'may not do this: .*cognito-idp:DescribeUserPoolDomain',
    ],
    [
      'that nothing answers',
      good,
      { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: 'http://127.0.0.1:9' },
      'Nothing answers for us-east-1',
    ],
  ])('%s', async (_what, args, environment, sentence) => {
    const { code, out, problem } = await run(args, environment);
    expect(problem).toMatch(new RegExp(`^[^\\n]*${sentence}[^\\n]*$`));
    expect([code, out]).toEqual([1, '']);
  });

  test.each([
    [['--email', 'nobody'], /^--email: must be an e-mail address/],
    [[], /^--email: /],
    [['--email', 'a@example.com', '--stage', 'Prod!'], /stage: must be 1 to 16 characters/],
    [['--email', 'a@example.com', '--stage', ''], /stage: is empty/],
    [['--email', 'a@example.com', '--stage', 'qa'], /^Stage qa has no settings: there is no .*qa\.json/],
    [['--email', 'a@example.com', '--region', 'us-east-1'], /^Unknown option '--region'/],
    [['--mail', 'a@example.com'], /^Unknown option '--mail'/],
  ])('what is wrong with %j', async (args, sentence) => {
    const { code, problem } = await run(args);
    expect(problem).toMatch(sentence);
    expect(problem).toContain('npm run operator -- --email OPERATOR');
    expect(code).toBe(1);
  });
});
