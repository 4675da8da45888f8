import { createHash, randomBytes } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { addSeconds, type EpochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import { AuditStore } from '../../lambdas/adapters/dynamodb/accounts/audit-store.ts';
import { PortalIntegrationStore } from '../../lambdas/adapters/dynamodb/integrations/portal-integration-store.ts';
import { SecretUseStore } from '../../lambdas/adapters/dynamodb/integrations/secret-use-store.ts';
import { TenantContactStore } from '../../lambdas/adapters/dynamodb/integrations/tenant-contact-store.ts';
import { JobStore } from '../../lambdas/adapters/dynamodb/jobs/job-store.ts';
import { SessionStore } from '../../lambdas/adapters/dynamodb/sessions/session-store.ts';
import { createDocumentClient } from '../../lambdas/adapters/dynamodb/table/document-client.ts';
import { PortalUserStore } from '../../lambdas/adapters/dynamodb/users/portal-user-store.ts';
import { KmsKeyVault } from '../../lambdas/adapters/kms/key-vault.ts';
import { SealedReferenceStore } from '../../lambdas/adapters/s3/sealed-reference-store.ts';
import type { Operator } from '../../lambdas/core/accounts/operator.ts';
import type { TenantContact as Opening, TenantContacts } from '../../lambdas/core/login/tenant-contact.ts';
import type { Integrations } from '../../lambdas/core/model/integration.ts';
import { requireEnrollment, setUserDisabled, unlockUser } from '../../lambdas/core/users/manage-users.ts';
import { demoPhotos } from '../demo-camera/demo-camera-files.ts';
import type { TableNames } from '../dynamodb/create-tables.ts';
import type { PlannedLogin } from './login-plan.ts';
import { type PlannedAction, planMonth } from './month-plan.ts';
import { type DemoIntegration, type DemoPorts, playLogin } from './play-login.ts';

export interface DemoDataOptions {
  readonly tables: TableNames;
  readonly keys: { readonly integrations: string; readonly faces: string };
  readonly bucket: string;
  readonly integration: DemoIntegration;
  readonly operator: Operator;
  readonly people: number;
  readonly days: number;
  /** The current time of the made-up organization. */
  readonly clock: () => EpochSeconds;
  readonly onProgress: (done: number, all: number) => void;
}

/** Logins played concurrently; each spends most of its time waiting for the database. */
const WORKERS = 12;
const PHOTO_SIDE = 200;

const stores = ({ tables, keys, bucket, clock }: DemoDataOptions) => {
  const documents = createDocumentClient();
  const kms = new KMSClient({});
  const queue = new JobStore(documents, tables.DUE_WORK_TABLE);
  const users = new PortalUserStore(documents, { users: tables.USER_TABLE, jobs: tables.DUE_WORK_TABLE });
  const integrations = new PortalIntegrationStore(documents, {
    integrations: tables.INTEGRATION_TABLE,
    items: tables.ACCOUNT_ITEM_TABLE,
  });
  const references = new SealedReferenceStore(new S3Client({}), kms, { bucket, keyId: keys.faces });
  const sessions = new SessionStore(documents, {
    sessions: tables.SESSION_TABLE,
    users: tables.USER_TABLE,
    transactions: tables.TRANSACTION_TABLE,
    statistics: tables.STATISTICS_TABLE,
    jobs: tables.DUE_WORK_TABLE,
  });
  const ports: DemoPorts = {
    integrations,
    tenantContacts: new TenantContactStore(documents, tables.SESSION_TABLE),
    secretUses: new SecretUseStore(documents, tables.SESSION_TABLE),
    users,
    sessions,
    references,
    keyVault: new KmsKeyVault(kms, keys.integrations),
    // Housekeeping has already run on the days of the plan: its work is due now.
    jobs: { add: (work, dueAt) => queue.add(work, addSeconds(dueAt, Math.max(0, clock() - dueAt))) },
    randomToken: () => randomBytes(32).toString('base64url'),
    log: () => {},
  };
  return { ports, users, integrations, references, audit: new AuditStore(documents, tables.AUDIT_TABLE) };
};

/** Nobody changes the integration while its logins are played, so it is read once for all of them. */
const readOnce = (integrations: Integrations): Integrations => {
  const known = new Map<string, ReturnType<Integrations['read']>>();
  return {
    read: (integrationId) => {
      const one = known.get(integrationId) ?? integrations.read(integrationId);
      known.set(integrationId, one);
      return one;
    },
  };
};

/** Keeps only the newest tenant contact, like the row that shows it; written when all logins have been played. */
const newestContact = () => {
  let newest: { readonly integrationId: string; readonly opening: Opening } | null = null;
  return {
    note: async (integrationId: string, opening: Opening): Promise<void> => {
      if (newest === null || opening.at > newest.opening.at) newest = { integrationId, opening };
    },
    writeTo: async (tenantContacts: TenantContacts): Promise<void> => {
      if (newest !== null) await tenantContacts.note(newest.integrationId, newest.opening);
    },
  };
};

/** Plays the logins in chronological order where it matters: each user's one after the other. */
const playAll = async (
  { integration, onProgress }: DemoDataOptions,
  ports: DemoPorts,
  logins: readonly PlannedLogin[],
): Promise<void> => {
  const photos = await demoPhotos(PHOTO_SIDE);
  const byUser = new Map<string, PlannedLogin[]>();
  for (const login of logins) byUser.set(login.externalId, [...(byUser.get(login.externalId) ?? []), login]);
  const waiting = [...byUser.values()];
  let done = 0;
  const work = async (): Promise<void> => {
    for (let userLogins = waiting.pop(); userLogins !== undefined; userLogins = waiting.pop()) {
      for (const login of userLogins) {
        const id = createHash('sha256').update(`${login.externalId}#${login.at}`).digest('hex').slice(0, 32);
        const photo = photos[id.charCodeAt(0) % photos.length];
        if (photo === undefined) throw new Error('no demo photo');
        await playLogin(ports, integration, login, { id, photo });
        done += 1;
        if (done % 250 === 0 || done === logins.length) onProgress(done, logins.length);
      }
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
};

/** What operators did over the month. */
const takeActions = async (
  { integration, operator }: DemoDataOptions,
  created: ReturnType<typeof stores>,
  actions: readonly PlannedAction[],
): Promise<void> => {
  for (const { externalId, at, kind, reason } of actions) {
    const ports = { ...created, clock: () => at, log: () => {} };
    const target = { integrationId: integration.integrationId, externalId };
    if (kind === 'disable') await setUserDisabled(ports, true)(operator, { ...target, reason });
    if (kind === 'require-enrollment')
      await requireEnrollment(ports)(operator, { ...target, reason, withinHours: 168 });
    if (kind === 'unlock') await unlockUser(ports)(operator, target);
  }
};

/**
 * Creates a month of an organization's logins through the service's own rules: sessions are opened, checked and ended like real
 * ones, at other times and with a scripted engine. Nothing is written except through those rules.
 * @returns how many logins there were
 */
export const makeDemoData = async (options: DemoDataOptions): Promise<number> => {
  const { people, days, clock } = options;
  const { logins, actions } = planMonth({ name: 'harbour-bank', people, days, until: clock() });
  const created = stores(options);
  const { integrations, tenantContacts } = created.ports;
  const newest = newestContact();
  await playAll(options, { ...created.ports, integrations: readOnce(integrations), tenantContacts: newest }, logins);
  await newest.writeTo(tenantContacts);
  await takeActions(options, created, actions);
  return logins.length;
};
