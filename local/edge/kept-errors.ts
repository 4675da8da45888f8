import { KEPT_ERRORS } from '../../lib/distribution-rules.ts';
import type { EdgeAnswer } from './edge-answer.ts';

/** CloudFront's default (developer guide, "Control how long CloudFront caches errors"). */
const DEFAULT_SECONDS = 10;

interface Kept {
  readonly answer: EdgeAnswer;
  readonly untilMs: number;
}

/**
 * Errors of origins as CloudFront caches them: for everyone who requests the same host and path, whatever cookies and query they
 * send. It is stricter than AWS where AWS's pages contradict each other: `no-store` does not shorten the time, and every status
 * whose time can be set is cached.
 */
export class KeptErrors {
  readonly #seconds: Readonly<Record<number, number>>;
  readonly #clockMs: () => number;
  readonly #kept = new Map<string, Kept>();

  /** @param seconds by status; `DistributionRules.keptErrorSeconds` */
  constructor(seconds: Readonly<Record<number, number>>, clockMs: () => number) {
    this.#seconds = seconds;
    this.#clockMs = clockMs;
  }

  find(key: string): EdgeAnswer | null {
    const kept = this.#kept.get(key);
    if (kept === undefined) return null;
    if (this.#clockMs() < kept.untilMs) return kept.answer;
    this.#kept.delete(key);
    return null;
  }

  note(key: string, answer: EdgeAnswer): void {
    if (!KEPT_ERRORS.some((status) => status === answer.status)) return;
    const seconds = this.#seconds[answer.status] ?? DEFAULT_SECONDS;
    if (seconds > 0) this.#kept.set(key, { answer, untilMs: this.#clockMs() + seconds * 1000 });
  }
}
