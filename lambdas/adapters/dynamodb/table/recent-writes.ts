import type { EpochSeconds } from '../../../../contract/protocol/epoch-seconds.ts';

/** Keys that one process remembers; far above what one deployment has. */
const MAX_REMEMBERED = 1000;

/** What this process wrote last, so that most of a flood of the same writes never reaches the table. */
export class RecentWrites {
  readonly #quietSeconds: number;
  readonly #written = new Map<string, EpochSeconds>();

  /** @param quietSeconds a second write of the same key within this time is left out */
  constructor(quietSeconds: number) {
    this.#quietSeconds = quietSeconds;
  }

  /** True if the key is to be written at `at`; it counts as written then. */
  isDue(key: string, at: EpochSeconds): boolean {
    const before = this.#written.get(key);
    if (before !== undefined && at - before < this.#quietSeconds) return false;
    if (this.#written.size >= MAX_REMEMBERED) this.#written.clear();
    this.#written.set(key, at);
    return true;
  }

  /** The write failed: the next one is due. */
  forget(key: string): void {
    this.#written.delete(key);
  }
}
