import {
  AdminCreateUserCommand,
  type AdminCreateUserCommandInput,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CognitoDirectory } from '../../../lambdas/adapters/cognito/cognito-directory.ts';
import { clientOf, issueFor, newCredentials } from '../../support/local-aws.ts';
import { POOL_ID, type Pool, startPool } from './pool.ts';
import { signIn } from './sign-in.ts';

const credentials = newCredentials();
let pool: Pool;
let directory: CognitoDirectory;
beforeAll(async () => {
  pool = await startPool({ credentials });
  directory = new CognitoDirectory(pool.cognito, POOL_ID);
});
afterAll(() => pool.close());

const read = async (email: string) => {
  const command = new AdminGetUserCommand({ UserPoolId: POOL_ID, Username: email });
  const { UserAttributes = [], UserStatus } = await pool.cognito.send(command);
  return { status: UserStatus, ...Object.fromEntries(UserAttributes.map(({ Name = '', Value }) => [Name, Value])) };
};
const mailsTo = (email: string) => pool.mails.filter(({ to }) => to === email).length;

describe('the pool of operators', () => {
  test('gets a user with a verified address, and sends the password itself', async () => {
    expect(await directory.admit('ann@example.com')).toBe(true);
    expect(await read('ann@example.com')).toMatchObject({
      status: 'FORCE_CHANGE_PASSWORD',
      email: 'ann@example.com',
      email_verified: 'true',
    });
    expect(pool.passwordOf('ann@example.com')).toMatch(/^.{14}$/);
  });

  test('sends a new password to a user who never signed in, whatever the case of the address, and the old one expires', async () => {
    await directory.admit('bea@example.com');
    const first = pool.passwordOf('bea@example.com');
    expect(await directory.admit('Bea@Example.com')).toBe(true);
    expect(mailsTo('bea@example.com')).toBe(2);
    await expect(signIn(pool, 'bea@example.com', first)).rejects.toThrow('Incorrect username or password.');
    await signIn(pool, 'bea@example.com', pool.passwordOf('bea@example.com'));
  });

  test('leaves a user who has signed in unchanged, and sends them nothing', async () => {
    await directory.admit('cid@example.com');
    await signIn(pool, 'cid@example.com', pool.passwordOf('cid@example.com'));
    expect(await read('cid@example.com')).toMatchObject({ status: 'CONFIRMED' });
    expect(await directory.admit('cid@example.com')).toBe(false);
    expect(mailsTo('cid@example.com')).toBe(1);
  });

  test('reports an e-mail that failed, and sends it the next time', async () => {
    pool.breakMail(true);
    for (const _again of [1, 2]) {
      await expect(directory.admit('dee@example.com')).rejects.toMatchObject({ code: 'unavailable' });
    }
    pool.breakMail(false);
    expect(await directory.admit('dee@example.com')).toBe(true);
    await signIn(pool, 'dee@example.com', pool.passwordOf('dee@example.com'));
  });

  test('is not called if the issuer is another one', async () => {
    const nowhere = new CognitoIdentityProviderClient(clientOf('http://127.0.0.1:9'));
    expect(await new CognitoDirectory(nowhere, '').admit('eve@example.com')).toBe(false);
    await expect(new CognitoDirectory(nowhere, POOL_ID).admit('eve@example.com')).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  test.each([
    [['cognito-idp:AdminCreateUser'], true],
    [['cognito-idp:AdminGetUser'], false],
  ])('a role that may %s is allowed: %s', async (roleActions, isAllowed) => {
    const issued = issueFor(credentials, roleActions);
    const { accessKeyId, secretAccessKey, sessionToken } = issued;
    const client = { ...clientOf(pool.url), credentials: { accessKeyId, secretAccessKey, sessionToken } };
    const limited = new CognitoDirectory(new CognitoIdentityProviderClient(client), POOL_ID);
    // New, and existing.
    for (const _again of [1, 2]) {
      const outcome = await limited
        .admit(`${roleActions[0]?.split(':')[1]}@example.com`)
        .catch(({ cause }) => cause.name);
      expect(outcome).toBe(isAllowed ? true : 'AccessDeniedException');
    }
  });
});

describe('the emulated service is as strict as the real one', () => {
  const email = (Value: string) => ({ Name: 'email', Value });
  const good = { UserPoolId: POOL_ID, Username: 'zed@example.com', DesiredDeliveryMediums: ['EMAIL' as const] };
  test.each<[string, Partial<AdminCreateUserCommandInput>, string]>([
    ['another pool', { UserPoolId: 'us-east-1_Other' }, 'ResourceNotFoundException'],
    ['a name that is not an address', { Username: 'zed' }, 'InvalidParameterException'],
    ['no address to send to', {}, 'InvalidParameterException'],
    ['an address that is not the name', { UserAttributes: [email('yan@example.com')] }, 'InvalidParameterException'],
    [
      'no delivery medium, which means SMS',
      { UserAttributes: [email('zed@example.com')], DesiredDeliveryMediums: undefined },
      'InvalidParameterException',
    ],
    ['an unknown attribute', { UserAttributes: [{ Name: 'role', Value: 'owner' }] }, 'InvalidParameterException'],
    [
      'a weak password',
      { UserAttributes: [email('zed@example.com')], TemporaryPassword: 'short' },
      'InvalidPasswordException',
    ],
    [
      'a repeated e-mail to an unknown user',
      { UserAttributes: [email('zed@example.com')], MessageAction: 'RESEND' },
      'UserNotFoundException',
    ],
  ])('%s', async (_what, more, name) => {
    await expect(pool.cognito.send(new AdminCreateUserCommand({ ...good, ...more }))).rejects.toMatchObject({ name });
  });
});
