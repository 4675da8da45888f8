import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { PortalIntegrationStore } from '../../adapters/dynamodb/integrations/portal-integration-store.ts';
import { createDocumentClient } from '../../adapters/dynamodb/table/document-client.ts';
import { PortalUserStore } from '../../adapters/dynamodb/users/portal-user-store.ts';
import { SealedReferenceStore } from '../../adapters/s3/sealed-reference-store.ts';
import { readEnvironment, USERS_VARIABLES } from '../../composition/environment.ts';
import { operatorPorts } from '../../composition/portal.ts';
import { behindFrontDoor } from '../../http/behind-front-door.ts';
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
  users: new PortalUserStore(tables, { users: environment.USER_TABLE, jobs: environment.DUE_WORK_TABLE }),
  references: new SealedReferenceStore(new S3Client({}), new KMSClient({}), {
    bucket: environment.FACE_BUCKET,
    keyId: environment.FACE_KEY_ID,
  }),
});

export const handler = behindFrontDoor(environment.FRONT_DOOR_SECRET, ports.log, endpoint);
