import { join } from 'node:path';
import { deriveSessionKeys } from '../../contract/protocol/derive-keys.ts';
import type { EpochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import { operatorIdOf } from '../../lambdas/core/accounts/operator.ts';
import { defaultConsent } from '../../lambdas/core/integrations/default-consent.ts';
import { readIfExists, writeDurably } from '../aws-wire/durable-file.ts';
import type { TableNames } from '../dynamodb/create-tables.ts';
import { type administration, OPERATOR } from '../platform/seed.ts';
import { makeDemoData } from './make-demo-data.ts';

const DOMAIN = 'harbour-bank.eu.auth0.com';

/** Adds an integration with a month of logins to the seeded account, once per data folder. */
export const addDemoData = async (options: {
  readonly people: number;
  readonly days: number;
  readonly clock: () => EpochSeconds;
  readonly tables: TableNames;
  readonly keys: { readonly integrations: string; readonly faces: string };
  readonly bucket: string;
  readonly admin: ReturnType<typeof administration>;
  readonly issuer: string;
  readonly folder: string;
  readonly report: (line: string) => void;
}): Promise<void> => {
  const { admin, report, ...rest } = options;
  const marker = join(options.folder, 'demo-data.json');
  if ((await readIfExists(marker)) !== null) return;
  const identity = { issuer: options.issuer, subject: OPERATOR.userId, email: OPERATOR.email };
  const operator = await admin.operators.find(operatorIdOf(identity));
  if (operator === null) throw new Error('the seeded operator does not exist');
  const created = await admin.createIntegration(operator.accountId, {
    name: 'Customers of Harbour Bank',
    domains: [DOMAIN],
    consent: defaultConsent('Harbour Bank'),
    branding: { displayName: 'Harbour Bank' },
  });
  const integration = await admin.readIntegration(created.integrationId);
  if (integration === null) throw new Error('the demo integration does not exist');
  const logins = await makeDemoData({
    ...rest,
    integration: {
      integrationId: created.integrationId,
      keys: deriveSessionKeys(created.sessionSecret, created.integrationId),
      domain: DOMAIN,
      consentVersion: integration.consent.version,
      sessionTimeoutSeconds: integration.sessionTimeoutSeconds,
    },
    operator,
    onProgress: (done, all) => report(`demo data: ${done.toLocaleString('en')} of ${all.toLocaleString('en')} logins`),
  });
  await writeDurably(marker, JSON.stringify({ integrationId: created.integrationId, logins }));
};
