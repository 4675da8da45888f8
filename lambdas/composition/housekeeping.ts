import { setTimeout as pause } from 'node:timers/promises';
import { KMSClient } from '@aws-sdk/client-kms';
import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { S3Client } from '@aws-sdk/client-s3';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { fromMilliseconds } from '../../contract/protocol/epoch-seconds.ts';
import { boundedCalls } from '../adapters/bounded-calls.ts';
import { WebhookStore } from '../adapters/dynamodb/accounts/webhook-store.ts';
import { IntegrationStore } from '../adapters/dynamodb/integrations/integration-store.ts';
import { JobStore } from '../adapters/dynamodb/jobs/job-store.ts';
import { SessionFacesStore } from '../adapters/dynamodb/sessions/session-faces-store.ts';
import { createDocumentClient } from '../adapters/dynamodb/table/document-client.ts';
import { UserStore } from '../adapters/dynamodb/users/user-store.ts';
import { HttpsWebhookSender } from '../adapters/https/webhook-sender.ts';
import { KmsKeyVault } from '../adapters/kms/key-vault.ts';
import { KmsWebhookSecretVault } from '../adapters/kms/webhook-secret-vault.ts';
import { RekognitionEngine } from '../adapters/rekognition/rekognition-engine.ts';
import { SealedReferenceStore } from '../adapters/s3/sealed-reference-store.ts';
import { EmailNotices } from '../adapters/ses/email-notices.ts';
import { runJobs } from '../core/jobs/run-jobs.ts';
import type { Destinations } from '../core/webhooks/destination.ts';
import { createLog } from '../http/log.ts';
import { HOUSEKEEPING_VARIABLES, readEnvironment } from './environment.ts';

/** AWS behind housekeeping; `destinations` says where webhooks may go. Called by a schedule, every minute; one at a time. */
export const housekeepingHandler = (destinations: Destinations) => {
  const environment = readEnvironment(HOUSEKEEPING_VARIABLES);
  const tables = createDocumentClient();
  const kms = new KMSClient(boundedCalls());
  const rekognition = new RekognitionClient({ region: environment.LIVENESS_REGION, ...boundedCalls() });
  const run = runJobs({
    queue: new JobStore(tables, environment.DUE_WORK_TABLE),
    integrations: new IntegrationStore(tables, environment.INTEGRATION_TABLE),
    users: new UserStore(tables, environment.USER_TABLE),
    sessions: new SessionFacesStore(tables, environment.SESSION_TABLE),
    faces: new RekognitionEngine(rekognition),
    references: new SealedReferenceStore(new S3Client(boundedCalls()), kms, {
      bucket: environment.FACE_BUCKET,
      keyId: environment.FACE_KEY_ID,
    }),
    keyVault: new KmsKeyVault(kms, environment.INTEGRATION_KEY_ID),
    notices: new EmailNotices(new SESv2Client(boundedCalls()), environment.NOTICE_SENDER),
    webhooks: new WebhookStore(tables, environment.ACCOUNT_ITEM_TABLE),
    webhookSecrets: new KmsWebhookSecretVault(kms, environment.INTEGRATION_KEY_ID),
    webhookSender: new HttpsWebhookSender(destinations),
    clock: () => fromMilliseconds(Date.now()),
    pause,
    log: createLog('housekeeping'),
  });
  return async (): Promise<{ readonly lookedAt: number }> => ({ lookedAt: await run() });
};
