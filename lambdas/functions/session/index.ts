import { randomBytes } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { fromMilliseconds } from '../../../contract/protocol/epoch-seconds.ts';
import { SecretUseStore } from '../../adapters/dynamodb/integrations/secret-use-store.ts';
import { TenantContactStore } from '../../adapters/dynamodb/integrations/tenant-contact-store.ts';
import { createDocumentClient } from '../../adapters/dynamodb/table/document-client.ts';
import { KmsKeyVault } from '../../adapters/kms/key-vault.ts';
import { EmailNotices } from '../../adapters/ses/email-notices.ts';
import { readEnvironment, SESSION_VARIABLES } from '../../composition/environment.ts';
import { loginStores } from '../../composition/login-stores.ts';
import { FACE_ENGINE } from '../../core/model/face-engine.ts';
import { behindFrontDoor } from '../../http/behind-front-door.ts';
import { createLog } from '../../http/log.ts';
import { sessionEndpoint } from './endpoint.ts';

const environment = readEnvironment(SESSION_VARIABLES);
const tables = createDocumentClient();

const log = createLog('session');

const endpoint = sessionEndpoint({
  publicOrigin: environment.PUBLIC_ORIGIN,
  ...loginStores(tables, environment),
  tenantContacts: new TenantContactStore(tables, environment.SESSION_TABLE),
  secretUses: new SecretUseStore(tables, environment.SESSION_TABLE),
  keyVault: new KmsKeyVault(new KMSClient({}), environment.INTEGRATION_KEY_ID),
  clock: () => fromMilliseconds(Date.now()),
  randomToken: () => randomBytes(32).toString('base64url'),
  linkMail: new EmailNotices(new SESv2Client({}), environment.NOTICE_SENDER),
  engine: FACE_ENGINE,
  log,
});

export const handler = behindFrontDoor(environment.FRONT_DOOR_SECRET, log, endpoint);
