import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { KMSClient } from '@aws-sdk/client-kms';
import { z } from 'zod';
import { isIntegrationId, isSessionSecret } from '../../contract/protocol/derive-keys.ts';
import { fromMilliseconds } from '../../contract/protocol/epoch-seconds.ts';
import { AccountStore } from '../../lambdas/adapters/dynamodb/account-store.ts';
import { createDocumentClient } from '../../lambdas/adapters/dynamodb/document-client.ts';
import { IntegrationStore } from '../../lambdas/adapters/dynamodb/integration-store.ts';
import { KmsKeyVault } from '../../lambdas/adapters/kms/key-vault.ts';
import { defaultConsent } from '../../lambdas/core/default-consent.ts';
import type { IntegrationOptionsInput } from '../../lambdas/core/integration-bounds.ts';
import { createAccount } from '../../lambdas/core/manage-account.ts';
import { changeIntegration, createIntegration } from '../../lambdas/core/manage-integration.ts';
import { readIfExists, writeDurably } from '../aws-wire/durable-file.ts';
import { StartError } from '../aws-wire/listen.ts';
import type { TableNames } from '../dynamodb/create-tables.ts';

/** What the local Auth0 admin holds: the integration as it was shown once, and the demo app's client secret. */
const Seed = z.object({
  integrationId: z.string().refine(isIntegrationId),
  sessionSecret: z.string().refine(isSessionSecret),
  clientSecret: z.string(),
});
export type Seed = z.infer<typeof Seed>;

const ORGANISATION = 'Harbour Bank';

/** The administration that the portal will use, on this machine's endpoints. */
export const administration = (tables: TableNames, keyId: string) => {
  const documents = createDocumentClient();
  const integrations = new IntegrationStore(documents, tables.INTEGRATION_TABLE);
  const keySealer = new KmsKeyVault(new KMSClient({}), keyId);
  const clock = () => fromMilliseconds(Date.now());
  return {
    createAccount: createAccount({ accounts: new AccountStore(documents, tables.ACCOUNT_TABLE), clock }),
    createIntegration: createIntegration({ integrations, keySealer, clock }),
    changeIntegration: changeIntegration({ integrations }),
    readIntegration: (integrationId: string) => integrations.read(integrationId),
  };
};

/**
 * At the first start makes account and integration through the core, and keeps what an admin would have copied; later reads it.
 * @throws StartError if the kept file is damaged or belongs to another database
 */
export const seed = async (
  folder: string,
  admin: ReturnType<typeof administration>,
  options: Partial<IntegrationOptionsInput> & { readonly domains: string[] },
): Promise<Seed> => {
  const path = join(folder, 'seed.json');
  const stored = await readIfExists(path);
  if (stored !== null) {
    const known = Seed.safeParse(JSON.parse(stored.toString('utf8')));
    if (!known.success || (await admin.readIntegration(known.data.integrationId)) === null) {
      throw new StartError(
        'The data folder is damaged: its parts do not belong together; "npm start -- --reset" begins anew.',
      );
    }
    return known.data;
  }
  const { accountId } = await admin.createAccount(ORGANISATION);
  const shownOnce = await admin.createIntegration(accountId, {
    name: 'Local login',
    consent: defaultConsent(ORGANISATION),
    branding: { displayName: ORGANISATION },
    ...options,
  });
  const made = { ...shownOnce, clientSecret: randomBytes(32).toString('base64url') };
  await writeDurably(path, JSON.stringify(made));
  return made;
};
