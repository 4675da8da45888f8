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

/** Cognito does not say when its day of e-mails ends. */
const DAILY_LIMIT_RETRY_SECONDS = 3600;
const RATE_LIMIT_RETRY_SECONDS = 60;

/** What a refused AdminCreateUser means: of its limits the daily one of its own e-mail sender is the one that people meet. */
const refused = (error: unknown): never => {
  const tooMany = (reason: string, retryAfterSeconds: number): never => {
    throw new Problem('too-many-invitations', reason, { cause: error, retryAfterSeconds });
  };
  if (error instanceof LimitExceededException) {
    return tooMany('Cognito sends no more e-mail today', DAILY_LIMIT_RETRY_SECONDS);
  }
  if (error instanceof TooManyRequestsException) {
    return tooMany('Cognito is asked too often', RATE_LIMIT_RETRY_SECONDS);
  }
  return unavailable('Cognito AdminCreateUser')(error);
};

/** Operators in a Cognito user pool whose users are named by their e-mail address. Cognito sends them their passwords. */
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
      // Verified by what follows: only who reads the mail of this address gets the password.
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
   * A new temporary password for who was let in and never signed in. False for everybody else, who is left as they are: who has a
   * password, who began to sign up and has not entered the code (UNCONFIRMED), who is disabled. Of these somebody made by hand may
   * have an address that is not verified, and could accept no invitation; the portal then names `npm run operator`.
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
