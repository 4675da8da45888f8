import {
  AdminCreateUserCommand,
  type CognitoIdentityProviderClient,
  UnsupportedUserStateException,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider';
import type { SignInDirectory } from '../../core/portal/people.ts';
import { unavailable } from '../../core/problem.ts';

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
      if (!(error instanceof UsernameExistsException)) return unavailable('Cognito AdminCreateUser')(error);
    }
    return this.#sendAgain(user);
  }

  /** A new temporary password for who never signed in; false for who has a password already. */
  async #sendAgain(user: ConstructorParameters<typeof AdminCreateUserCommand>[0]): Promise<boolean> {
    try {
      await this.#cognito.send(new AdminCreateUserCommand({ ...user, MessageAction: 'RESEND' }));
      return true;
    } catch (error) {
      if (error instanceof UnsupportedUserStateException) return false;
      return unavailable('Cognito AdminCreateUser')(error);
    }
  }
}
