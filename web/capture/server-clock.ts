/** A smaller difference is ignored, since network delay alone can cause it. */
const NEGLIGIBLE_MS = 30_000;

/**
 * The server's time as the page knows it: read from an answer and advanced by a monotonic clock. Device clocks are often an hour
 * or a day wrong, and AWS refuses signatures whose time is more than five minutes off (Signature Version 4).
 */
export class ServerClock {
  readonly #monotonicMs: () => number;
  readonly #deviceMs: () => number;
  /** The server's time at zero of the monotonic clock. */
  #zeroMs: number | null = null;

  constructor(monotonicMs: () => number = () => performance.now(), deviceMs: () => number = () => Date.now()) {
    this.#monotonicMs = monotonicMs;
    this.#deviceMs = deviceMs;
  }

  /** @param date value of an answer's `Date` header (RFC 9110, section 6.6.1); null or an invalid date is ignored */
  learn(date: string | null): void {
    const ms = date === null ? Number.NaN : Date.parse(date);
    if (Number.isFinite(ms)) this.#zeroMs = ms - this.#monotonicMs();
  }

  /** Epoch seconds; null before the first answer. */
  nowSeconds(): number | null {
    return this.#zeroMs === null ? null : Math.floor((this.#zeroMs + this.#monotonicMs()) / 1000);
  }

  /** Server time minus device time, milliseconds; 0 if negligible or unknown. */
  deviceOffsetMs(): number {
    if (this.#zeroMs === null) return 0;
    const offset = Math.round(this.#zeroMs + this.#monotonicMs() - this.#deviceMs());
    return Math.abs(offset) < NEGLIGIBLE_MS ? 0 : offset;
  }
}

/** The page's only clock; `api.ts` sets it with every answer. */
export const serverClock = new ServerClock();
