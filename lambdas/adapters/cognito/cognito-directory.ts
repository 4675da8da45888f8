import {
  AdminCreateUserCommand,
  type CognitoIdentityProviderClient,
  LimitExceededException,
  TooManyRequestsException,
  UnsupportedUserStateException,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider';
import type { SignInDirectory } from '../../core/accounts/members.ts';
import { Problem, unavailable } from '../../core/model/problem.ts';

/** Cognito does not say when its daily e-mail limit is reset. */
const DAILY_LIMIT_RETRY_SECONDS = 3600;
const RATE_LIMIT_RETRY_SECONDS = 60;

/** What a refused AdminCreateUser means. Of its limits, the daily one of Cognito's own e-mail sender is the one reached in practice. */
const refused = (error: unknown): never => {
  const tooMany = (reason: string, retryAfterSeconds: number): never => {
    throw new Problem('too-many-invitations', reason, { cause: error, retryAfterSeconds });
  };
  if (error instanceof LimitExceededException) {
    return tooMany('Cognito sends no more e-mail today', DAILY_LIMIT_RETRY_SECONDS);
  }
  if (error instanceof TooManyRequestsException) {
    return tooMany('Cognito limits the rate of calls', RATE_LIMIT_RETRY_SECONDS);
  }
  return unavailable('Cognito AdminCreateUser')(error);
};

/** Operators in a Cognito user pool with e-mail addresses as user names. Cognito sends them their passwords. */
export class CognitoDirectory implements SignInDirectory {
  readonly #cognito: CognitoIdentityProviderClient;
  readonly #poolId: string | null;

  /** @param poolId empty: the issuer is not ours, and nothing is done */
  constructor(cognito: CognitoIdentityProviderClient, poolId: string) {
    this.#cognito = cognito;
    this.#poolId = poolId === '' ? null : poolId;
  }

  async admit(email: string): Promise<boolean> {
    if (this.#poolId === null) return false;
    const user = {
      UserPoolId: this.#poolId,
      Username: email,
      // Verified by what follows: only whoever reads the mail of this address gets the password.
      UserAttributes: [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
      ],
      DesiredDeliveryMediums: ['EMAIL' as const],
    };
    try {
      await this.#cognito.send(new AdminCreateUserCommand(user));
      return true;
    } catch (error) {
      if (!(error instanceof UsernameExistsException)) return refused(error);
    }
    return this.#sendAgain(user);
  }

  /**
   * A new temporary password for a user who was admitted and never signed in. False for all others, who are left unchanged: those who
   * have a password, who began to sign up and have not entered the code (UNCONFIRMED), or who are disabled. Of these, a user created by
   * hand may have an unverified address, and could not accept an invitation; the portal then mentions `npm run operator`.
   */
  async #sendAgain(user: ConstructorParameters<typeof AdminCreateUserCommand>[0]): Promise<boolean> {
    try {
      await this.#cognito.send(new AdminCreateUserCommand({ ...user, MessageAction: 'RESEND' }));
      return true;
    } catch (error) {
      if (error instanceof UnsupportedUserStateException) return false;
      return refused(error);
    }
  }
}
