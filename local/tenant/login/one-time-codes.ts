import { randomInt, timingSafeEqual } from 'node:crypto';

interface IssuedCode {
  readonly code: string;
  readonly expiresAtMs: number;
  attempts: number;
}

const LIFETIME_MS = 300_000;
const MAX_ATTEMPTS = 5;

/** The tenant's own second factor: six digits, valid for five minutes, five attempts and one use. */
export class OneTimeCodes {
  readonly #codes = new Map<string, IssuedCode>();
  readonly #clockMs: () => number;

  constructor(clockMs: () => number) {
    this.#clockMs = clockMs;
  }

  /** The code of a login, a new one if none is still valid; null if this very code has already been sent. */
  issue(loginId: string): string | null {
    const known = this.#codes.get(loginId);
    if (known !== undefined && known.expiresAtMs > this.#clockMs() && known.attempts < MAX_ATTEMPTS) return null;
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    this.#codes.set(loginId, { code, expiresAtMs: this.#clockMs() + LIFETIME_MS, attempts: 0 });
    return code;
  }

  /** True once, for the right code in time. */
  redeem(loginId: string, typed: string): boolean {
    const known = this.#codes.get(loginId);
    if (known === undefined || known.expiresAtMs <= this.#clockMs() || known.attempts >= MAX_ATTEMPTS) return false;
    known.attempts += 1;
    const isRight = typed.length === known.code.length && timingSafeEqual(Buffer.from(typed), Buffer.from(known.code));
    if (isRight) this.#codes.delete(loginId);
    return isRight;
  }
}
