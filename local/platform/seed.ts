import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { KMSClient } from '@aws-sdk/client-kms';
import { z } from 'zod';
import type { IntegrationOptionsInput } from '../../contract/api/portal/integration-options.ts';
import { isIntegrationId, isSessionSecret } from '../../contract/protocol/derive-keys.ts';
import { fromMilliseconds } from '../../contract/protocol/epoch-seconds.ts';
import { FoundingStore } from '../../lambdas/adapters/dynamodb/accounts/founding-store.ts';
import { AccountItemStore } from '../../lambdas/adapters/dynamodb/accounts/operator-items.ts';
import { PortalIntegrationStore } from '../../lambdas/adapters/dynamodb/integrations/portal-integration-store.ts';
import { createDocumentClient } from '../../lambdas/adapters/dynamodb/table/document-client.ts';
import { KmsKeyVault } from '../../lambdas/adapters/kms/key-vault.ts';
import { type Operator, operatorIdOf } from '../../lambdas/core/accounts/operator.ts';
import { defaultConsent } from '../../lambdas/core/integrations/default-consent.ts';
import { changeIntegration, createIntegration } from '../../lambdas/core/integrations/manage-integration.ts';
import { NO_EDITS } from '../../lambdas/core/model/edits.ts';
import { readIfExists, writeDurably } from '../aws-wire/durable-file.ts';
import { StartError } from '../aws-wire/listen.ts';
import type { TableNames } from '../dynamodb/create-tables.ts';

/** What the local Auth0 admin knows: the integration as it was shown once, and the demo app's client secret. */
const Seed = z.object({
  integrationId: z.string().refine(isIntegrationId),
  sessionSecret: z.string().refine(isSessionSecret),
  clientSecret: z.string(),
});
export type Seed = z.infer<typeof Seed>;

const ORGANIZATION = 'Harbour Bank';

/** Owner of the seeded account. */
export const OPERATOR = {
  userId: 'auth0|operator',
  email: 'operator@example.com',
  name: 'Olivia Operator',
  password: 'harbour-operator',
  emailVerified: true,
} as const;

/** What the portal does, with this machine's endpoints and without a browser. */
export const administration = (tables: TableNames, keyId: string) => {
  const documents = createDocumentClient();
  const integrations = new PortalIntegrationStore(documents, {
    integrations: tables.INTEGRATION_TABLE,
    items: tables.ACCOUNT_ITEM_TABLE,
  });
  const accountTables = { accounts: tables.ACCOUNT_TABLE, items: tables.ACCOUNT_ITEM_TABLE };
  const keySealer = new KmsKeyVault(new KMSClient({}), keyId);
  const clock = () => fromMilliseconds(Date.now());
  return {
    operators: new AccountItemStore(documents, accountTables),
    founding: new FoundingStore(documents, accountTables),
    clock,
    createIntegration: createIntegration({ integrations, keySealer, clock }),
    changeIntegration: changeIntegration({ integrations, clock }),
    readIntegration: (integrationId: string) => integrations.read(integrationId),
  };
};

type Administration = ReturnType<typeof administration>;

/** The seeded operator as the tenant of this start names them: another port is another issuer, hence another operator. */
const ownerOf = (issuer: string, accountId: string, { clock }: Administration): Operator => {
  const { email, userId: subject } = OPERATOR;
  const operatorId = operatorIdOf({ issuer, subject });
  return { operatorId, accountId, email, role: 'owner', since: clock() };
};

/** Undefined for text that is not JSON. */
const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * At the first start creates account and integration through the core, and stores what an admin would have copied; later reads it.
 * @throws StartError if the stored file is damaged or belongs to another database
 */
export const seed = async (
  folder: string,
  admin: Administration,
  issuer: string,
  options: Partial<IntegrationOptionsInput> & { readonly domains: string[] },
): Promise<Seed> => {
  const path = join(folder, 'seed.json');
  const stored = await readIfExists(path);
  if (stored !== null) {
    const known = Seed.safeParse(parseJson(stored.toString('utf8')));
    const integration = known.success ? await admin.readIntegration(known.data.integrationId) : null;
    if (!known.success || integration === null) {
      throw new StartError(
        'The data folder is damaged: its parts do not belong together; "npm start -- --reset" starts from scratch.',
      );
    }
    await admin.operators.join(ownerOf(issuer, integration.accountId, admin));
    return known.data;
  }
  const account = { accountId: `acc_${randomUUID()}`, name: ORGANIZATION, createdAt: admin.clock(), edits: NO_EDITS };
  const { accountId } = account;
  await admin.founding.found(account, ownerOf(issuer, accountId, admin), true);
  const shownOnce = await admin.createIntegration(accountId, {
    name: 'Local login',
    consent: defaultConsent(ORGANIZATION),
    branding: { displayName: ORGANIZATION },
    ...options,
  });
  const created = { ...shownOnce, clientSecret: randomBytes(32).toString('base64url') };
  await writeDurably(path, JSON.stringify(created));
  return created;
};
