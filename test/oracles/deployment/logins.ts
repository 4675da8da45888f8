import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { SessionView } from '../../../contract/api/session.ts';
import { deriveSessionKeys } from '../../../contract/protocol/derive-keys.ts';
import { epochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { AccountStore } from '../../../lambdas/adapters/dynamodb/accounts/account-store.ts';
import { PortalIntegrationStore } from '../../../lambdas/adapters/dynamodb/integrations/portal-integration-store.ts';
import { KmsKeyVault } from '../../../lambdas/adapters/kms/key-vault.ts';
import { createAccount } from '../../../lambdas/core/accounts/manage-account.ts';
import { defaultConsent } from '../../../lambdas/core/integrations/default-consent.ts';
import { createIntegration } from '../../../lambdas/core/integrations/manage-integration.ts';
import type { HttpAnswer } from '../../../lambdas/http/endpoint.ts';
import { approaching, recordClip } from '../../support/liveness-clip.ts';
import { streamLiveness } from '../../support/liveness-streamer.ts';
import { Browser, claimsFor, readReturnPage, signToken } from '../../support/login.ts';
import { DOMAIN, type TestIntegration } from '../../support/world.ts';
import { type Cloud, REGION } from './cloud.ts';
import { deployedHandlers } from './deployed-handlers.ts';
import type { DeployedService } from './deployed-service.ts';

const now = () => epochSeconds(Math.floor(Date.now() / 1000));
const tenant = {
  now,
  keysOf: ({ sessionSecret, integrationId }: TestIntegration) => deriveSessionKeys(sessionSecret, integrationId),
};

const clientOf = ({ url, environment }: Cloud) => ({
  endpoint: url,
  region: REGION,
  credentials: {
    accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
    sessionToken: environment['AWS_SESSION_TOKEN'] ?? '',
  },
});

/** An integration, written as the portal's function would, since nobody can sign in to the portal there. */
export const writeIntegration = async (cloud: Cloud, { variables }: DeployedService): Promise<TestIntegration> => {
  const name = (variable: string): string => variables[variable] ?? '';
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientOf(cloud)), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const keySealer = new KmsKeyVault(new KMSClient(clientOf(cloud)), name('INTEGRATION_KEY_ID'), Date.now);
  const integrations = new PortalIntegrationStore(documents, {
    integrations: name('INTEGRATION_TABLE'),
    items: name('ACCOUNT_ITEM_TABLE'),
  });
  const accounts = new AccountStore(documents, name('ACCOUNT_TABLE'));
  const { accountId } = await createAccount({ accounts, clock: now })('Oracle');
  return createIntegration({ integrations, keySealer, clock: now })(accountId, {
    name: 'Oracle',
    domains: [DOMAIN],
    consent: defaultConsent('Harbour Bank'),
    branding: { displayName: 'Harbour Bank' },
    challenge: 'FaceMovementChallenge',
  });
};

const Started = z.object({
  state: z.literal('started'),
  attempt: z.number(),
  livenessSessionId: z.string(),
  credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string(), sessionToken: z.string() }),
});

export interface WholeLogin {
  readonly cloud: Cloud;
  readonly service: DeployedService;
  readonly rekognitionUrl: string;
  readonly integration: TestIntegration;
  readonly sub: string;
  /** Of the small movements in front of the camera. */
  readonly seed: number;
}

/** @throws Error if the answer is another one */
const bodyOf = (step: string, status: number, { statusCode, body = '' }: HttpAnswer): string => {
  if (statusCode !== status) throw new Error(`${step} answered ${statusCode}: ${body}`);
  return body;
};

/**
 * One login of a person through the deployed functions: link, page, face, and back to the tenant.
 *
 * @returns the claims of the signed result
 */
export const wholeLogin = async (task: 'enroll' | 'verify', login: WholeLogin) => {
  const { cloud, service, rekognitionUrl, integration, sub, seed } = login;
  const [frontDoorSecret = ''] = (service.variables['FRONT_DOOR_SECRET'] ?? '').split(',');
  const browser = new Browser(deployedHandlers({ cloudUrl: cloud.url, apiId: service.apiId, frontDoorSecret }));
  const token = await signToken(claimsFor(tenant, integration, sub), tenant.keysOf(integration).request);
  bodyOf('the link', 303, await browser.open(integration.integrationId, token));
  const { consent } = SessionView.parse(JSON.parse(bodyOf('the page', 200, await browser.send('readSession'))));
  const started = Started.parse(JSON.parse(bodyOf('start', 200, await browser.start(task, consent?.version))));
  const video = await recordClip(approaching(task === 'enroll' ? 'A' : 'A again', { seed }));
  const { credentials, livenessSessionId: sessionId } = started;
  await streamLiveness({ endpoint: rekognitionUrl, region: REGION, credentials, sessionId, video });
  bodyOf('complete', 200, await browser.complete(task, started.attempt));
  return (await readReturnPage(tenant, integration, await browser.giveBack())).payload;
};
