import { randomBytes } from 'node:crypto';
import type { IDToken } from 'openid-client';
import type { SecondFactor } from '../../docs/snippets/second-factor.ts';
import type { Account } from './bank-account.ts';

/**
 * The two ways into the bank, each a separate application at the tenant: `face` asks for the face at every login (always-on),
 * `password` only before a large transfer (on-demand).
 */
export type Door = 'face' | 'password';

/** A login in progress, kept until the browser comes back with its OAuth state. */
export interface PendingLogin {
  readonly door: Door;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** True if a logged-in customer was asked for the face. */
  readonly isStepUp: boolean;
}

/** A logged-in customer. */
export interface Customer {
  readonly door: Door;
  /** Of the newest login or step-up. */
  readonly claims: IDToken;
  readonly idToken: string;
  readonly factor: SecondFactor | null;
  readonly account: Account;
}

interface Browser {
  readonly pending: Map<string, PendingLogin>;
  readonly customer: Customer | null;
  readonly expiresAtMs: number;
}

const COOKIE = 'harbour_bank';
const LIFETIME_MS = 3_600_000;
/** Logins that one browser may have open in its tabs; the oldest is dropped first. */
const MAX_PENDING = 20;

const newId = (): string => randomBytes(32).toString('base64url');

/** The bank's sessions by cookie: in memory, for an hour. Every login belongs to the browser that began it. */
export class BankSessions {
  readonly #browsers = new Map<string, Browser>();
  readonly #clockMs: () => number;

  constructor(clockMs: () => number = Date.now) {
    this.#clockMs = clockMs;
  }

  /** Epoch seconds. */
  now(): number {
    return Math.floor(this.#clockMs() / 1000);
  }

  /** Keeps a login that begins in this browser; returns a `Set-Cookie` value. */
  begin(cookieHeader: string | undefined, state: string, login: PendingLogin): string {
    const known = this.#find(cookieHeader);
    const pending = known?.browser.pending ?? new Map<string, PendingLogin>();
    pending.set(state, login);
    for (const oldest of [...pending.keys()].slice(0, -MAX_PENDING)) pending.delete(oldest);
    return this.#save(known?.id ?? newId(), pending, known?.browser.customer ?? null);
  }

  /** The login with this state, once, and only in the browser that began it. */
  take(cookieHeader: string | undefined, state: string): PendingLogin | null {
    const pending = this.#find(cookieHeader)?.browser.pending;
    const login = pending?.get(state) ?? null;
    pending?.delete(state);
    return login;
  }

  /** Logs a customer in under a new id, so that an id planted before is worth nothing; returns a `Set-Cookie` value. */
  logIn(cookieHeader: string | undefined, customer: Customer): string {
    const known = this.#find(cookieHeader);
    if (known !== null) this.#browsers.delete(known.id);
    return this.#save(newId(), known?.browser.pending ?? new Map(), customer);
  }

  /** Stores the new state of the account of the customer in this browser, if there is one. */
  keepAccount(cookieHeader: string | undefined, account: Account): void {
    const known = this.#find(cookieHeader);
    if (known?.browser.customer == null) return;
    this.#browsers.set(known.id, { ...known.browser, customer: { ...known.browser.customer, account } });
  }

  /** The customer logged in in this browser, or null. */
  customerOf(cookieHeader: string | undefined): Customer | null {
    return this.#find(cookieHeader)?.browser.customer ?? null;
  }

  /** Forgets this browser. */
  end(cookieHeader: string | undefined): void {
    const known = this.#find(cookieHeader);
    if (known !== null) this.#browsers.delete(known.id);
  }

  #save(id: string, pending: Map<string, PendingLogin>, customer: Customer | null): string {
    const now = this.#clockMs();
    for (const [old, { expiresAtMs }] of this.#browsers) if (expiresAtMs <= now) this.#browsers.delete(old);
    this.#browsers.set(id, { pending, customer, expiresAtMs: now + LIFETIME_MS });
    return `${COOKIE}=${id}; Path=/; HttpOnly; SameSite=Lax`;
  }

  #find(cookieHeader: string | undefined): { readonly id: string; readonly browser: Browser } | null {
    const cookie = cookieHeader?.split(/;\s*/).find((part) => part.startsWith(`${COOKIE}=`));
    const id = cookie?.slice(COOKIE.length + 1) ?? '';
    const browser = this.#browsers.get(id);
    return browser === undefined || browser.expiresAtMs <= this.#clockMs() ? null : { id, browser };
  }
}
