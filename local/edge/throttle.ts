/** Requests that API Gateway lets through. */
export interface RateLimit {
  /** Tokens that are added to the bucket each second. */
  readonly perSecond: number;
  /** Tokens in a full bucket: requests that arrive at the same moment. */
  readonly burst: number;
}

export interface RateLimits {
  /** Of all routes together that have no limit of their own; API Gateway may count each by itself, so this is the stricter reading. */
  readonly others: RateLimit;
  /** By route key, e.g. `GET /api/session`. */
  readonly byRoute: Readonly<Record<string, RateLimit>>;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Token buckets, full at the start (API Gateway developer guide, "Throttle your HTTP APIs"). */
export class Throttle {
  readonly #limits: RateLimits;
  readonly #clockMs: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limits: RateLimits, clockMs: () => number) {
    this.#limits = limits;
    this.#clockMs = clockMs;
  }

  /** Takes a token; false if there is none: the answer is 429. */
  admits(routeKey: string): boolean {
    const own = Object.hasOwn(this.#limits.byRoute, routeKey) ? this.#limits.byRoute[routeKey] : undefined;
    const { perSecond, burst } = own ?? this.#limits.others;
    const name = own === undefined ? '' : routeKey;
    const nowMs = this.#clockMs();
    const bucket = this.#buckets.get(name) ?? { tokens: burst, atMs: nowMs };
    const refilled = bucket.tokens + ((nowMs - bucket.atMs) / 1000) * perSecond;
    const tokens = Math.min(burst, refilled);
    const isAdmitted = tokens >= 1;
    this.#buckets.set(name, { tokens: isAdmitted ? tokens - 1 : tokens, atMs: nowMs });
    return isAdmitted;
  }
}
