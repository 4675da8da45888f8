/** The difference below which the device's clock is as good as the server's: what the network alone can make of it. */
const NEGLIGIBLE_MS = 30_000;

/**
 * The server's time as the page knows it: read from an answer, counted on by a clock that nobody sets. Devices are often an hour
 * or a day wrong, and AWS refuses signatures whose time is more than five minutes off (Signature Version 4).
 */
export class ServerClock {
  readonly #monotonicMs: () => number;
  readonly #deviceMs: () => number;
  /** The server's time when the monotonic clock stood at zero. */
  #zeroMs: number | null = null;

  constructor(monotonicMs: () => number = () => performance.now(), deviceMs: () => number = () => Date.now()) {
    this.#monotonicMs = monotonicMs;
    this.#deviceMs = deviceMs;
  }

  /** @param date value of an answer's `Date` header (RFC 9110, section 6.6.1); null or no date: nothing is learnt */
  learn(date: string | null): void {
    const ms = date === null ? Number.NaN : Date.parse(date);
    if (Number.isFinite(ms)) this.#zeroMs = ms - this.#monotonicMs();
  }

  /** Epoch seconds; null before the first answer. */
  nowSeconds(): number | null {
    return this.#zeroMs === null ? null : Math.floor((this.#zeroMs + this.#monotonicMs()) / 1000);
  }

  /** What the device's clock lacks, milliseconds; 0 where that is negligible or not known. */
  deviceOffsetMs(): number {
    if (this.#zeroMs === null) return 0;
    const offset = Math.round(this.#zeroMs + this.#monotonicMs() - this.#deviceMs());
    return Math.abs(offset) < NEGLIGIBLE_MS ? 0 : offset;
  }
}

/** The page's one clock; `api.ts` sets it with every answer. */
export const serverClock = new ServerClock();
