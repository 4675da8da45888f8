import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { createDocumentClient } from '../adapters/dynamodb/document-client.ts';
import { PortalIntegrationStore } from '../adapters/dynamodb/portal-integration-store.ts';
import { PortalUserStore } from '../adapters/dynamodb/portal-user-store.ts';
import { SealedReferenceStore } from '../adapters/s3/sealed-reference-store.ts';
import { readEnvironment, USERS_VARIABLES } from '../environment.ts';
import { behindFrontDoor } from '../http/behind-front-door.ts';
import { operatorPorts } from '../portal-composition.ts';
import { usersEndpoint } from './endpoint.ts';

const environment = readEnvironment(USERS_VARIABLES);
const tables = createDocumentClient();
const ports = operatorPorts('users', tables, environment);

const endpoint = usersEndpoint({
  ...ports,
  integrations: new PortalIntegrationStore(tables, {
    integrations: environment.INTEGRATION_TABLE,
    items: environment.ACCOUNT_ITEM_TABLE,
  }),
  users: new PortalUserStore(tables, { users: environment.USER_TABLE, dueWork: environment.DUE_WORK_TABLE }),
  references: new SealedReferenceStore(new S3Client({}), new KMSClient({}), {
    bucket: environment.FACE_BUCKET,
    keyId: environment.FACE_KEY_ID,
  }),
});

export const handler = behindFrontDoor(environment.FRONT_DOOR_SECRET, ports.log, endpoint);
