import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { SignIn } from './pool-tokens.ts';
import type { PoolUser } from './pool-users.ts';

/** A validated authorization request, as it is passed from page to page. */
export interface AuthorizeRequest {
  readonly redirectUri: string;
  readonly state: string | null;
  readonly nonce: string | null;
  readonly codeChallenge: string | null;
  /** The parameters as received, for the next page's address. */
  readonly query: string;
}

interface Entry<Value> {
  readonly value: Value;
  readonly endsAtMs: number;
}

/** Values under random names, which expire. */
class Expiring<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #lifeMs: number;
  readonly #clockMs: () => number;

  constructor(lifeMs: number, clockMs: () => number) {
    this.#lifeMs = lifeMs;
    this.#clockMs = clockMs;
  }

  add(value: Value): string {
    const name = randomBytes(24).toString('base64url');
    this.#entries.set(name, { value, endsAtMs: this.#clockMs() + this.#lifeMs });
    return name;
  }

  read(name: string): Value | null {
    const entry = this.#entries.get(name);
    return entry === undefined || this.#clockMs() >= entry.endsAtMs ? null : entry.value;
  }

  take(name: string): Value | null {
    const value = this.read(name);
    this.#entries.delete(name);
    return value;
  }
}

const MINUTE_MS = 60_000;

interface BrowserSession {
  readonly user: PoolUser;
  readonly authTime: number;
}

/**
 * What the login domain remembers, with the times of the Cognito developer guide: browsers for an hour, challenges for three
 * minutes, codes for five, and refresh tokens for the eight hours of the portal's client.
 */
export class LoginSessions {
  readonly browsers: Expiring<BrowserSession>;
  readonly challenges: Expiring<{ readonly user: PoolUser; readonly asked: AuthorizeRequest; readonly secret: string }>;
  readonly #codes: Expiring<{ readonly signIn: SignIn; readonly request: AuthorizeRequest }>;
  readonly #refreshTokens: Expiring<SignIn>;

  constructor(clockMs: () => number) {
    this.browsers = new Expiring(60 * MINUTE_MS, clockMs);
    this.challenges = new Expiring(3 * MINUTE_MS, clockMs);
    this.#codes = new Expiring(5 * MINUTE_MS, clockMs);
    this.#refreshTokens = new Expiring(8 * 60 * MINUTE_MS, clockMs);
  }

  /** A code for the app, for a user who signed in at `authTime`. */
  addCode({ user, authTime }: BrowserSession, request: AuthorizeRequest): string {
    const signIn = { user, authTime, nonce: request.nonce, originJti: randomUUID() };
    return this.#codes.add({ signIn, request });
  }

  /** The sign-in behind a code and its verifier, once; null if either is wrong. */
  takeCode(code: string, redirectUri: string, verifier: string | null): SignIn | null {
    const entry = this.#codes.take(code);
    if (entry === null || entry.request.redirectUri !== redirectUri) return null;
    const { codeChallenge } = entry.request;
    const hash = verifier === null ? null : createHash('sha256').update(verifier).digest('base64url');
    return codeChallenge === null || codeChallenge === hash ? entry.signIn : null;
  }

  /** Can be used repeatedly until it expires: it is not exchanged for another one (no rotation). */
  addRefreshToken(signIn: SignIn): string {
    return this.#refreshTokens.add(signIn);
  }

  readRefreshToken(token: string): SignIn | null {
    return this.#refreshTokens.read(token);
  }
}
