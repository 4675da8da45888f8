import {
  AdminGetUserCommand,
  type AdminGetUserCommandOutput,
  AdminUpdateUserAttributesCommand,
  type CognitoIdentityProviderClient,
  DescribeUserPoolDomainCommand,
  ResourceNotFoundException,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { CognitoDirectory } from '../../lambdas/adapters/cognito/cognito-directory.ts';
import { loginPrefix } from '../../lib/login-prefix.ts';

export interface OperatorRequest {
  readonly email: string;
  readonly stage: string;
  readonly region: string;
  /** The only account in which the stage may be; undefined: that of the credentials. */
  readonly account: string | undefined;
}

export interface OperatorClients {
  readonly sts: STSClient;
  readonly cognito: CognitoIdentityProviderClient;
}

/** Why no operator was added, in one sentence for the terminal. */
export class OperatorError extends Error {}

/** Finds the pool by its login domain, whose name follows from stage and account. @throws OperatorError */
const findPool = async ({ sts, cognito }: OperatorClients, request: OperatorRequest): Promise<string> => {
  const { stage, region } = request;
  const { Account: account = '' } = await sts.send(new GetCallerIdentityCommand({}));
  if (request.account !== undefined && request.account !== account) {
    throw new OperatorError(
      `These credentials are for account ${account}, but the settings of stage ${stage} name account ${request.account}: use the profile of that account.`,
    );
  }
  const asked = new DescribeUserPoolDomainCommand({ Domain: loginPrefix(stage, account) });
  const { DomainDescription } = await cognito.send(asked).catch((error: unknown) => {
    if (error instanceof ResourceNotFoundException) return { DomainDescription: undefined };
    throw error;
  });
  const poolId = DomainDescription?.UserPoolId;
  if (poolId !== undefined) return poolId;
  throw new OperatorError(
    `Stage ${stage} has no pool of operators in ${region} of account ${account}: deploy it there first, or name another with --stage. If it has an issuer of its own (oidcIssuer), its operators are managed at that issuer.`,
  );
};

const readUser = (cognito: CognitoIdentityProviderClient, UserPoolId: string, Username: string) =>
  cognito.send(new AdminGetUserCommand({ UserPoolId, Username })).catch((error: unknown) => {
    if (error instanceof UserNotFoundException) return null;
    throw error;
  });

const isVerified = ({ UserAttributes = [] }: AdminGetUserCommandOutput): boolean =>
  UserAttributes.some(({ Name, Value }) => Name === 'email_verified' && Value === 'true');

/** The message for a user to whom Cognito sends no password. @throws OperatorError for one who currently cannot sign in */
const describe = (email: string, user: AdminGetUserCommandOutput, poolId: string): string => {
  const by = `aws cognito-idp %s --user-pool-id ${poolId} --username ${email}`;
  if (user.Enabled === false) {
    throw new OperatorError(
      `${email} is disabled in the pool; enable them again with: ${by.replace('%s', 'admin-enable-user')}`,
    );
  }
  switch (user.UserStatus) {
    case 'CONFIRMED':
    case 'RESET_REQUIRED':
      // Not done here: the user may have changed the address of their entry to one that is not theirs.
      if (!isVerified(user)) {
        const command = by.replace('%s', 'admin-update-user-attributes');
        throw new OperatorError(
          `${email} can sign in, but the address is not verified, so no invitation to it is valid. If it is theirs: ${command} --user-attributes Name=email_verified,Value=true`,
        );
      }
      return `${email} is already an operator and has a password; use "Forgot your password?" on the login page to set a new one.`;
    case 'UNCONFIRMED':
      throw new OperatorError(
        `${email} started to sign up and has not entered the code from the e-mail yet; the login page asks for it.`,
      );
    default:
      throw new OperatorError(
        `${email} is in the pool, in the state ${user.UserStatus}, in which nobody can sign in with a password.`,
      );
  }
};

/**
 * Creates an operator who can sign in: a user of the stage's pool with a verified address. Cognito creates the password
 * and sends it only to that address; nobody else sees it. Repeated for an operator who has never signed in, it sends a new one.
 * @returns what was done, for the terminal
 * @throws OperatorError, Problem `unavailable` with the service's error as cause, or the service's error
 */
export const addOperator = async (clients: OperatorClients, request: OperatorRequest): Promise<string> => {
  const { email, stage, region } = request;
  const { cognito } = clients;
  const poolId = await findPool(clients, request);
  const directory = new CognitoDirectory(cognito, poolId);
  const user = await readUser(cognito, poolId, email);
  if (user === null) {
    await directory.admit(email);
    return `${email} is now an operator of stage ${stage} in ${region}; an e-mail from Cognito contains a temporary password and says where to sign in. The first person who signs in to a new stage becomes its owner.`;
  }
  if (user.Enabled === false || user.UserStatus !== 'FORCE_CHANGE_PASSWORD') return describe(email, user, poolId);
  if (!isVerified(user)) {
    // Safe for a user who has never signed in: nobody can have changed the address, and the password is sent to it.
    const UserAttributes = [
      { Name: 'email', Value: email },
      { Name: 'email_verified', Value: 'true' },
    ];
    await cognito.send(new AdminUpdateUserAttributesCommand({ UserPoolId: poolId, Username: email, UserAttributes }));
  }
  await directory.admit(email);
  return `${email} is already an operator but has never signed in; Cognito has sent a new temporary password, and earlier ones no longer work.`;
};
