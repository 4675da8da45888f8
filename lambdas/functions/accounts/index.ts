import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { CognitoDirectory } from '../../adapters/cognito/cognito-directory.ts';
import { AccountStore } from '../../adapters/dynamodb/accounts/account-store.ts';
import { AuditPages } from '../../adapters/dynamodb/accounts/audit-pages.ts';
import { FoundingStore } from '../../adapters/dynamodb/accounts/founding-store.ts';
import { AccountMemberStore } from '../../adapters/dynamodb/accounts/member-store.ts';
import { createDocumentClient } from '../../adapters/dynamodb/table/document-client.ts';
import { EmailInvitations } from '../../adapters/ses/email-invitations.ts';
import { ACCOUNTS_VARIABLES, readEnvironment } from '../../composition/environment.ts';
import { operatorPorts } from '../../composition/portal.ts';
import { behindFrontDoor } from '../../http/behind-front-door.ts';
import { accountsEndpoint } from './endpoint.ts';

const environment = readEnvironment(ACCOUNTS_VARIABLES);
const tables = createDocumentClient();
const ports = operatorPorts('accounts', tables, environment);

const endpoint = accountsEndpoint({
  ...ports,
  accounts: new AccountStore(tables, environment.ACCOUNT_TABLE),
  auditReader: new AuditPages(tables, environment.AUDIT_TABLE),
  founding: new FoundingStore(tables, {
    accounts: environment.ACCOUNT_TABLE,
    items: environment.ACCOUNT_ITEM_TABLE,
  }),
  signUp: environment.PORTAL_SIGN_UP,
  members: new AccountMemberStore(tables, { items: environment.ACCOUNT_ITEM_TABLE }),
  invitationMail: new EmailInvitations(new SESv2Client({}), environment.NOTICE_SENDER),
  signInDirectory: new CognitoDirectory(new CognitoIdentityProviderClient({}), environment.OPERATOR_POOL_ID),
  publicOrigin: environment.PUBLIC_ORIGIN,
});

export const handler = behindFrontDoor(environment.FRONT_DOOR_SECRET, ports.log, endpoint);
