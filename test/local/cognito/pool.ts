import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { loginPrefix } from '../../../lib/login-prefix.ts';
import type { PoolMail } from '../../../local/cognito/pool-users.ts';
import { type CognitoOptions, type RunningCognito, startCognito } from '../../../local/cognito/start-cognito.ts';
import { clientOf, newCredentials } from '../../support/local-aws.ts';

export const POOL_ID = 'us-east-1_Operators1';
export const CLIENT_ID = '1example23456789';

export interface Pool extends RunningCognito {
  readonly cognito: CognitoIdentityProviderClient;
  readonly mails: PoolMail[];
  /** The password in the newest e-mail to the address. */
  readonly passwordOf: (email: string) => string;
  /** Whether e-mail is refused from now on. */
  breakMail(isBroken: boolean): void;
}

/** A pool of operators for tests, whose e-mails are collected in a list. */
export const startPool = async (options: Partial<CognitoOptions> = {}): Promise<Pool> => {
  const mails: PoolMail[] = [];
  let isBroken = false;
  const running = await startCognito({
    credentials: newCredentials(),
    poolId: POOL_ID,
    clientId: CLIENT_ID,
    domain: loginPrefix('prod', '000000000000'),
    appUrl: 'https://verify.example.com/portal/',
    managedLoginVersion: 2,
    invitation: { subject: 'Your sign-in', body: '<p>{username}</p><p>password<br>{####}</p>' },
    deliver: (mail) => {
      if (isBroken) throw new Error('Email address is not verified.');
      mails.push(mail);
    },
    ...options,
  });
  return {
    ...running,
    // Sets its clock by the pool's, as SDKs do.
    cognito: new CognitoIdentityProviderClient({ ...clientOf(running.url), maxAttempts: 3 }),
    mails,
    passwordOf: (email) => {
      const mail = mails.findLast(({ to }) => to === email);
      return /password<br>(.{14,}?)<\/p>/.exec(mail?.body ?? '')?.[1] ?? '';
    },
    breakMail: (broken) => {
      isBroken = broken;
    },
  };
};
