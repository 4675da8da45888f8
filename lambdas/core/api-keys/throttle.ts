import type { ApiKey } from '../model/api-key.ts';
import type { Clock } from '../model/ports.ts';
import { Problem } from '../model/problem.ts';

/** How many requests one API key may send per clock minute, over all instances of the function. */
export const KEY_REQUESTS_PER_MINUTE = 600;
/** How many of a key's requests one instance of the function leases at a time; the limit is a multiple of it. */
export const LEASE = 20;

export interface KeyMinutes {
  /**
   * Leases `count` of the requests that `limit` still allows the key in this minute.
   * @param minute minutes since 1970
   * @param isFirst whether the caller has leased none of this minute yet. A wrong value costs one more write and nothing else
   * @returns false if that many are not left, or the key is gone
   */
  lease(
    key: Pick<ApiKey, 'keyId'>,
    wanted: { readonly minute: number; readonly count: number; readonly limit: number; readonly isFirst: boolean },
  ): Promise<boolean>;
}

export interface ThrottlePorts {
  readonly keyMinutes: KeyMinutes;
  readonly requestsPerMinute: number;
  readonly clock: Clock;
}

/**
 * Limits each API key to its requests per minute (T77). An instance of the function takes leases of twenty, so that a busy key costs
 * one write for twenty requests and no instance admits more than it leased. A key that has used up its minute is refused from memory.
 * Requests that arrive while a lease is being taken wait for it, so that none is refused while the lease has some left. Never more than
 * the limit are admitted. If many instances serve one key, up to 19 requests of each instance's last lease go unused.
 * @throws Problem `too-many-requests` with the seconds until the next minute, `unavailable`
 */
export const throttleKeys = ({ keyMinutes, requestsPerMinute, clock }: ThrottlePorts) => {
  let minute = 0;
  const left = new Map<string, number>();
  const usedUp = new Set<string>();
  const leasing = new Map<string, Promise<'over' | 'counted'>>();
  const turnTo = (current: number): void => {
    if (current === minute) return;
    minute = current;
    left.clear();
    usedUp.clear();
    leasing.clear();
  };
  /** Uses one of the requests that are left of a lease. */
  const spend = (keyId: string): boolean => {
    const rest = left.get(keyId) ?? 0;
    if (rest > 0) left.set(keyId, rest - 1);
    return rest > 0;
  };
  /** `over`: granted, but the minute ended in the meantime. */
  const lease = async ({ keyId }: Pick<ApiKey, 'keyId'>, current: number): Promise<'over' | 'counted'> => {
    const wanted = { minute: current, count: LEASE, limit: requestsPerMinute, isFirst: !left.has(keyId) };
    const isLeased = await keyMinutes.lease({ keyId }, wanted);
    if (current !== minute) return isLeased ? 'over' : 'counted';
    if (isLeased) left.set(keyId, (left.get(keyId) ?? 0) + LEASE);
    else usedUp.add(keyId);
    return 'counted';
  };
  return async ({ keyId }: Pick<ApiKey, 'keyId'>): Promise<void> => {
    for (;;) {
      const now = clock();
      const current = Math.floor(now / 60);
      turnTo(current);
      if (spend(keyId)) return;
      if (usedUp.has(keyId)) {
        throw new Problem('too-many-requests', 'the key used its minute up', { retryAfterSeconds: 60 - (now % 60) });
      }
      const others = leasing.get(keyId);
      if (others !== undefined) {
        await others;
        continue;
      }
      const own = lease({ keyId }, current);
      leasing.set(keyId, own);
      // A lease of a minute that is over serves the one request that took it.
      const result = await own.finally(() => leasing.get(keyId) === own && leasing.delete(keyId));
      if (result === 'over') return;
    }
  };
};
