import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { fromMilliseconds } from '../../../contract/protocol/epoch-seconds.ts';
import { ApiKeyStore } from '../../adapters/dynamodb/accounts/api-key-store.ts';
import { AuditStore } from '../../adapters/dynamodb/accounts/audit-store.ts';
import { PortalIntegrationStore } from '../../adapters/dynamodb/integrations/portal-integration-store.ts';
import { createDocumentClient } from '../../adapters/dynamodb/table/document-client.ts';
import { PortalUserStore } from '../../adapters/dynamodb/users/portal-user-store.ts';
import { SealedReferenceStore } from '../../adapters/s3/sealed-reference-store.ts';
import { BACKEND_VARIABLES, readEnvironment } from '../../composition/environment.ts';
import { KEY_REQUESTS_PER_MINUTE } from '../../core/api-keys/throttle.ts';
import { behindFrontDoor } from '../../http/behind-front-door.ts';
import { createLog } from '../../http/log.ts';
import { backendApi } from './endpoint.ts';

const environment = readEnvironment(BACKEND_VARIABLES);
const tables = createDocumentClient();
const log = createLog('backend');
const items = environment.ACCOUNT_ITEM_TABLE;

const endpoint = backendApi({
  audit: new AuditStore(tables, environment.AUDIT_TABLE),
  apiKeys: new ApiKeyStore(tables, { items, jobs: environment.DUE_WORK_TABLE }),
  integrations: new PortalIntegrationStore(tables, { integrations: environment.INTEGRATION_TABLE, items }),
  users: new PortalUserStore(tables, { users: environment.USER_TABLE, jobs: environment.DUE_WORK_TABLE }),
  references: new SealedReferenceStore(new S3Client({}), new KMSClient({}), {
    bucket: environment.FACE_BUCKET,
    keyId: environment.FACE_KEY_ID,
  }),
  requestsPerMinute: KEY_REQUESTS_PER_MINUTE,
  clock: () => fromMilliseconds(Date.now()),
  log,
});

export const handler = behindFrontDoor(environment.FRONT_DOOR_SECRET, log, endpoint);
