import {
  DescribeManagedLoginBrandingByClientCommand,
  DescribeUserPoolCommand,
  DescribeUserPoolDomainCommand,
  ListUsersCommand,
  type UserType,
} from '@aws-sdk/client-cognito-identity-provider';
import { loginPrefix } from '../../../lib/login-prefix.ts';
import type { Clients } from '../clients.ts';
import { resourcesOf } from '../declared.ts';
import type { Deployed, Pool } from '../facts.ts';
import { orNull } from '../reading.ts';

/** Users on one page, the most that Cognito gives. */
const PAGE = 60;

const canSignIn = ({ Enabled, UserStatus, Attributes = [] }: UserType): boolean =>
  Enabled === true &&
  UserStatus === 'CONFIRMED' &&
  Attributes.some(({ Name, Value }) => Name === 'email_verified' && Value === 'true');

/**
 * Whether anyone can sign in. Cognito cannot be asked for `email_verified` alone if a user lacks it (API reference, ListUsers,
 * AttributesToGet), so whole users are read, and nothing of them is kept.
 */
const hasOperator = async ({ cognito }: Clients, UserPoolId: string): Promise<boolean> => {
  let PaginationToken: string | undefined;
  do {
    const Filter = 'cognito:user_status = "CONFIRMED"';
    const page = await cognito.send(new ListUsersCommand({ UserPoolId, Filter, Limit: PAGE, PaginationToken }));
    if ((page.Users ?? []).some(canSignIn)) return true;
    PaginationToken = page.PaginationToken;
  } while (PaginationToken !== undefined);
  return false;
};

export interface PoolOwner {
  readonly stage: string;
  readonly account: string;
}

/** The pool of operators; null for a stage whose operators sign in at an issuer of their own. */
export const readPool = async (clients: Clients, deployed: Deployed, owner: PoolOwner): Promise<Pool | null> => {
  const [pool] = resourcesOf(deployed, 'AWS::Cognito::UserPool');
  const [client] = resourcesOf(deployed, 'AWS::Cognito::UserPoolClient');
  if (pool === undefined || client === undefined) return null;
  const { cognito } = clients;
  const UserPoolId = pool.physicalId;
  const style = new DescribeManagedLoginBrandingByClientCommand({ UserPoolId, ClientId: client.physicalId });
  const [described, domain, branding, isOperated] = await Promise.all([
    cognito.send(new DescribeUserPoolCommand({ UserPoolId })),
    cognito.send(new DescribeUserPoolDomainCommand({ Domain: loginPrefix(owner.stage, owner.account) })),
    orNull(cognito.send(style), 'ResourceNotFoundException'),
    hasOperator(clients, UserPoolId),
  ]);
  return {
    managedLoginVersion: domain.DomainDescription?.ManagedLoginVersion ?? null,
    hasStyle: branding?.ManagedLoginBranding !== undefined,
    isMfaRequired: described.UserPool?.MfaConfiguration === 'ON',
    isSignUpOpen: described.UserPool?.AdminCreateUserConfig?.AllowAdminCreateUserOnly !== true,
    hasOperator: isOperated,
  };
};
