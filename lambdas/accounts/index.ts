import { SESv2Client } from '@aws-sdk/client-sesv2';
import { createDocumentClient } from '../adapters/dynamodb/document-client.ts';
import { AccountPeopleStore } from '../adapters/dynamodb/people-store.ts';
import { EmailInvitations } from '../adapters/ses/email-invitations.ts';
import { PortalAccountsEnvironment, readEnvironment } from '../environment.ts';
import { behindFrontDoor } from '../http/behind-front-door.ts';
import { operatorPorts } from '../portal-composition.ts';
import { accountsEndpoint } from './endpoint.ts';

const environment = readEnvironment(PortalAccountsEnvironment);
const tables = createDocumentClient();
const ports = operatorPorts('accounts', tables, environment);

const endpoint = accountsEndpoint({
  ...ports,
  people: new AccountPeopleStore(tables, { items: environment.ACCOUNT_ITEM_TABLE }),
  invitationMail: new EmailInvitations(new SESv2Client({}), environment.NOTICE_SENDER),
  publicOrigin: environment.PUBLIC_ORIGIN,
});

export const handler = behindFrontDoor(environment.FRONT_DOOR_SECRET, ports.log, endpoint);
