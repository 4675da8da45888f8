import type { Scope } from '../../../contract/api/portal/api-keys.ts';
import { type EpochSeconds, epochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Actor } from '../accounts/audit.ts';
import { type ApiKey, keyIdOf, provesKey } from '../model/api-key.ts';
import type { Clock, Log } from '../model/ports.ts';
import { Problem } from '../model/problem.ts';
import { type KeyMinutes, type ThrottlePorts, throttleKeys } from './throttle.ts';

export interface ApiKeyLookup {
  /** Strongly consistent, so that a revoked key stops working immediately. Null for an unknown id. */
  find(keyId: string): Promise<ApiKey | null>;
  /** Notes the use, unless one of the same or a later time is noted. Never recreates a key. */
  noteUse(key: ApiKey, at: EpochSeconds): Promise<void>;
}

export interface CallerPorts extends Omit<ThrottlePorts, 'keyMinutes'> {
  readonly apiKeys: ApiKeyLookup & KeyMinutes;
  readonly clock: Clock;
  readonly log: Log;
}

/** A backend that calls with a key. Its actions are in the audit log under the key's id. */
export interface Caller extends Actor {
  readonly scopes: readonly Scope[];
  /** The only integration that it gives access to; null: all of the account. */
  readonly integrationId: string | null;
}

/** The last use is noted to the hour: one write per hour and key, however often it is used. */
const USE_GRAIN_SECONDS = 3600;

const noteUse = async ({ apiKeys, log }: CallerPorts, key: ApiKey, now: EpochSeconds): Promise<void> => {
  const at = epochSeconds(now - (now % USE_GRAIN_SECONDS));
  if (key.lastUsedAt !== null && key.lastUsedAt >= at) return;
  // Only shown to operators; a call does not fail because of it.
  await apiKeys.noteUse(key, at).catch(() => log('key-use-not-noted', {}));
};

/**
 * Who calls with `Authorization: Bearer {API key}` (RFC 6750).
 * @throws Problem `key-not-accepted`, one for missing, malformed, unknown, revoked and ended keys; `too-many-requests`
 */
export const findCaller = (ports: CallerPorts) => {
  const throttle = throttleKeys({ ...ports, keyMinutes: ports.apiKeys });
  return async (authorization: string): Promise<Caller> => {
    const apiKey = /^Bearer +(\S{1,256})$/i.exec(authorization)?.[1] ?? '';
    const keyId = keyIdOf(apiKey);
    const key = keyId === null ? null : await ports.apiKeys.find(keyId);
    const now = ports.clock();
    if (!provesKey(key, apiKey, now) || key === null) throw new Problem('key-not-accepted', 'no live key');
    await throttle(key);
    await noteUse(ports, key, now);
    const { accountId, scopes, integrationId } = key;
    return { accountId, operatorId: `key:${key.keyId}`, email: null, scopes, integrationId };
  };
};

/** @throws Problem `scope-not-allowed` */
export const checkScope = ({ scopes }: Caller, scope: Scope): void => {
  if (!scopes.includes(scope)) throw new Problem('scope-not-allowed', `the key lacks ${scope}`);
};

/** @throws Problem `not-found` if the key is limited to another integration, as for one that does not exist */
export const checkReach = (caller: Caller, integrationId: string): void => {
  if (caller.integrationId !== null && caller.integrationId !== integrationId) {
    throw new Problem('not-found', 'the key is limited to another integration');
  }
};
