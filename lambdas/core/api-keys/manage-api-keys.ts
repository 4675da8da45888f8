import type { ApiKeyShownOnce, ApiKeyView, NewApiKey } from '../../../contract/api/portal/api-keys.ts';
import { addSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { type AuditPorts, underAudit } from '../accounts/audit.ts';
import type { Operator } from '../accounts/operator.ts';
import { ownIntegration, type PortalIntegrationPorts } from '../integrations/portal-integrations.ts';
import { type ApiKey, hashApiKey, newApiKey } from '../model/api-key.ts';
import { newEvent } from '../model/event.ts';
import type { Clock } from '../model/ports.ts';
import { Problem } from '../model/problem.ts';
import type { EventJob } from '../model/webhook.ts';

export interface ApiKeys {
  /** Those of one account, in no order. */
  list(accountId: string): Promise<readonly ApiKey[]>;
  /** With the event, in one transaction. Fails if the id exists. */
  create(key: ApiKey, event: EventJob): Promise<void>;
  /** False if the account has no such key. */
  remove(accountId: string, keyId: string): Promise<boolean>;
}

export interface PortalApiKeyPorts extends AuditPorts, Pick<PortalIntegrationPorts, 'integrations'> {
  readonly apiKeys: ApiKeys;
  readonly clock: Clock;
}

const DAY_SECONDS = 86_400;
const MAX_KEYS = 50;

const viewOf = ({ accountId: _account, keyHash: _hash, ...key }: ApiKey): ApiKeyView => ({
  ...key,
  scopes: [...key.scopes],
});

/** Newest first. */
export const listApiKeys =
  (ports: PortalApiKeyPorts) =>
  async ({ accountId }: Pick<Operator, 'accountId'>): Promise<readonly ApiKeyView[]> => {
    const keys = await ports.apiKeys.list(accountId);
    return keys.map(viewOf).sort((a, b) => b.createdAt - a.createdAt || (a.name < b.name ? -1 : 1));
  };

/**
 * Creates an API key. It is in this answer and nowhere else.
 * @throws Problem `too-many` above 50 keys, `not-found` for a foreign integration
 */
export const addApiKey =
  (ports: PortalApiKeyPorts) =>
  async (operator: Operator, wanted: NewApiKey): Promise<ApiKeyShownOnce> => {
    const { name, scopes, integrationId, expiresInDays } = wanted;
    if (integrationId !== null) await ownIntegration(ports, operator, integrationId);
    const { accountId } = operator;
    if ((await ports.apiKeys.list(accountId)).length >= MAX_KEYS) throw new Problem('too-many', 'API keys');
    const now = ports.clock();
    const { keyId, apiKey } = newApiKey();
    const reach = integrationId === null ? {} : { integrationId };
    const key: ApiKey = {
      keyId,
      accountId,
      name,
      scopes,
      integrationId,
      keyHash: hashApiKey(apiKey),
      createdAt: now,
      expiresAt: expiresInDays === null ? null : addSeconds(now, expiresInDays * DAY_SECONDS),
      lastUsedAt: null,
    };
    const event = newEvent('key.created', now, { accountId, ...reach, detail: { keyId, scopes: scopes.join(' ') } });
    const act = { act: 'api-key-created', ...reach, detail: `${keyId} ${scopes.join(' ')}` } as const;
    await underAudit(ports, operator, act, () => ports.apiKeys.create(key, event));
    return { apiKey, view: viewOf(key) };
  };

/** Revokes a key immediately. @throws Problem `not-found` for an unknown and for a foreign one */
export const revokeApiKey =
  (ports: PortalApiKeyPorts) =>
  async (operator: Operator, keyId: string): Promise<void> => {
    const known = await ports.apiKeys.list(operator.accountId);
    if (!known.some((key) => key.keyId === keyId)) throw new Problem('not-found', 'unknown or foreign key');
    await underAudit(ports, operator, { act: 'api-key-revoked', detail: keyId }, async () => {
      const isRemoved = await ports.apiKeys.remove(operator.accountId, keyId);
      if (!isRemoved) throw new Problem('not-found', 'revoked in the meantime');
    });
  };
