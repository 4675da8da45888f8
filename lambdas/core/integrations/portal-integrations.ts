import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { ConnectionView } from '../../../contract/api/portal/connection.ts';
import type { IntegrationOptionsInput } from '../../../contract/api/portal/integration-options.ts';
import type { IntegrationSummary, IntegrationView, ShownOnce } from '../../../contract/api/portal/integrations.ts';
import type { Rotation } from '../../../contract/api/portal/rotation.ts';
import { deriveSessionKeys, isIntegrationId } from '../../../contract/protocol/derive-keys.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { type AuditPorts, underAudit } from '../accounts/audit.ts';
import { nameOf, type Operator } from '../accounts/operator.ts';
import type { SecretUsesOfIntegration } from '../login/secret-uses.ts';
import type { TenantContactsOfIntegration } from '../login/tenant-contact.ts';
import type { ConsentVersion } from '../model/consent-version.ts';
import type { Integration, KeyGeneration } from '../model/integration.ts';
import { liveGenerations, optionsOf } from '../model/integration.ts';
import type { Slice } from '../model/page.ts';
import { Problem } from '../model/problem.ts';
import { describeRotation, type LastUses, secretsBeside } from '../model/rotation.ts';
import type { EventJob } from '../model/webhook.ts';
import {
  type ChangeOptions,
  createIntegration,
  fingerprintOf,
  type IntegrationAdministration,
  type ManageIntegrationPorts,
} from './manage-integration.ts';

export interface PortalIntegrations extends IntegrationAdministration {
  /** Those of one account, in no order. */
  list(accountId: string): Promise<readonly Integration[]>;
  /** Replaces all generations if the newest is still `newest`. False if somebody else was faster. */
  changeKeys(integrationId: string, newest: number, keys: readonly KeyGeneration[]): Promise<boolean>;
  /** The consent versions on record, newest first. */
  consents(
    integration: Pick<Integration, 'integrationId' | 'accountId'>,
    from: { readonly after: string | null; readonly want: number },
  ): Promise<Slice<ConsentVersion>>;
  /** The version with this name, or null. */
  consent(
    integration: Pick<Integration, 'integrationId' | 'accountId'>,
    version: string,
  ): Promise<ConsentVersion | null>;
}

export interface IntegrationRemoval {
  /** Removes it and adds the job that removes its users, in one transaction. False if it is gone already. */
  remove(integration: Pick<Integration, 'integrationId' | 'accountId'>, now: EpochSeconds): Promise<boolean>;
}

/** Changes options that switch an integration off; the event is written in the same transaction. */
export type SwitchOff = (event: EventJob) => ChangeOptions;

export interface PortalIntegrationPorts extends ManageIntegrationPorts, AuditPorts {
  readonly integrations: PortalIntegrations;
  readonly switchOff: SwitchOff;
  readonly removal: IntegrationRemoval;
  readonly tenantContacts: TenantContactsOfIntegration;
  readonly secretUses: SecretUsesOfIntegration;
}

/**
 * The integration, if it belongs to the caller's account.
 * @throws Problem `not-found`, the same for an unknown and for a foreign id
 */
export const ownIntegration = async (
  ports: Pick<PortalIntegrationPorts, 'integrations'>,
  { accountId }: Pick<Operator, 'accountId'>,
  integrationId: string,
): Promise<Integration> => {
  const integration = isIntegrationId(integrationId) ? await ports.integrations.read(integrationId) : null;
  if (integration === null || integration.accountId !== accountId) {
    throw new Problem('not-found', 'unknown or foreign integration');
  }
  return integration;
};

/** Bounds that were violated, by member; zod's texts contain no value of ours. */
export const asProblem = (error: unknown): never => {
  if (!(error instanceof z.ZodError)) throw error;
  const errors = error.issues.flatMap((issue) => {
    const places = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    return places.map((path) => ({ pointer: `#/options/${path.join('/')}`, detail: issue.message }));
  });
  throw new Problem('invalid-option', errors.map(({ pointer }) => pointer).join(' '), { errors });
};

const summaryOf = ({ integrationId, name, enabled, domains, createdAt }: Integration): IntegrationSummary => ({
  integrationId,
  name,
  enabled,
  domains: [...domains],
  createdAt,
});

const viewOf = (integration: Integration, uses: LastUses, now: EpochSeconds): IntegrationView => {
  const { integrationId, createdAt } = integration;
  const secrets = liveGenerations(integration, now).map(({ generation, fingerprint, endsAt, since }) => {
    return { generation, fingerprint, endsAt, since, lastUsedAt: uses[generation] ?? null };
  });
  return { integrationId, createdAt, options: { ...optionsOf(integration) }, secrets };
};

export const listIntegrations = (ports: PortalIntegrationPorts) => async (operator: Operator) => {
  const integrations = await ports.integrations.list(operator.accountId);
  const summaries = integrations.map(summaryOf);
  return { integrations: summaries.sort((a, b) => b.createdAt - a.createdAt || (a.name < b.name ? -1 : 1)) };
};

export const readIntegration =
  (ports: PortalIntegrationPorts) =>
  async (operator: Operator, integrationId: string): Promise<IntegrationView> => {
    const integration = await ownIntegration(ports, operator, integrationId);
    const now = ports.clock();
    return viewOf(integration, await ports.secretUses.read(integrationId, now), now);
  };

/** The last logins that reached the service, for the operator who connects Auth0. @throws Problem `not-found` */
export const readConnection =
  (ports: PortalIntegrationPorts) =>
  async (operator: Operator, integrationId: string): Promise<ConnectionView> => {
    await ownIntegration(ports, operator, integrationId);
    return ports.tenantContacts.read(integrationId, ports.clock());
  };

/** @throws Problem `invalid-option` that names each member */
export const addIntegration =
  (ports: PortalIntegrationPorts) =>
  async (operator: Operator, options: Readonly<Record<string, unknown>>): Promise<ShownOnce> => {
    const create = createIntegration(ports);
    // Whatever was sent is checked against the bounds there.
    const input = options as unknown as IntegrationOptionsInput;
    return underAudit(ports, operator, { act: 'integration-created' }, () =>
      create(operator.accountId, input, nameOf(operator)).catch(asProblem),
    );
  };

/**
 * Creates a new secret; the previous one stays valid for the overlap. At most two are ever live, and none ends early unless it is named.
 * @throws Problem `not-found`; `already-rotated` for a parallel or repeated rotation; `secret-in-overlap`
 */
export const rotateSecret =
  (ports: PortalIntegrationPorts) =>
  async (operator: Operator, integrationId: string, rotation: Rotation): Promise<ShownOnce> => {
    const integration = await ownIntegration(ports, operator, integrationId);
    const now = ports.clock();
    const sessionSecret = randomBytes(32).toString('base64url');
    const keys = deriveSessionKeys(sessionSecret, integrationId);
    const act = { act: 'secret-rotated', integrationId, detail: describeRotation(rotation) } as const;
    await underAudit(ports, operator, act, async () => {
      const uses = await ports.secretUses.read(integrationId, now);
      const before = secretsBeside(integration.keys, uses, rotation, now);
      const generation = rotation.generation + 1;
      const wrapped = await ports.keySealer.seal(integrationId, generation, keys);
      const after = [...before, { generation, wrapped, fingerprint: fingerprintOf(keys), endsAt: null, since: now }];
      const isWritten = await ports.integrations.changeKeys(integrationId, rotation.generation, after);
      if (!isWritten) throw new Problem('already-rotated', 'another rotation was faster');
    });
    return { integrationId, sessionSecret };
  };

/**
 * Deletes an integration: its logins fail from now on, and housekeeping removes its users and their faces within a minute.
 * @throws Problem `not-found`, `invalid-option` if the typed name differs
 */
export const deleteIntegration =
  (ports: PortalIntegrationPorts) =>
  async (operator: Operator, integrationId: string, typedName: string): Promise<void> => {
    const integration = await ownIntegration(ports, operator, integrationId);
    if (typedName !== integration.name) {
      const errors = [{ pointer: '#/name', detail: 'is not the name of this integration' }];
      throw new Problem('invalid-option', 'typed name', { errors });
    }
    const act = { act: 'integration-deleted', integrationId, detail: integration.name } as const;
    await underAudit(ports, operator, act, async () => {
      const isRemoved = await ports.removal.remove(integration, ports.clock());
      if (!isRemoved) throw new Problem('not-found', 'deleted in the meantime');
    });
  };
