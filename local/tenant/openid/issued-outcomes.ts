import type { RefreshContext } from '../login/login-of-context.ts';
import type { LoginOutcome } from '../login/login-pipeline.ts';

/** What a login stores for the exchange of its code. */
export interface CodeOutcome {
  readonly outcome: LoginOutcome;
  /** The app requested `offline_access`. */
  readonly isOffline: boolean;
}

const NOTHING: RefreshContext = { metadata: {}, organizationId: null };

/** The Actions' outcome, by the code or refresh token that carries it. In memory: a restart ends logins in progress. */
export class IssuedOutcomes {
  readonly #byCode = new Map<string, CodeOutcome>();
  readonly #byRefreshToken = new Map<string, RefreshContext>();

  addCode(code: string, outcome: CodeOutcome): void {
    this.#byCode.set(code, outcome);
  }

  ofCode(code: unknown): CodeOutcome | undefined {
    return typeof code === 'string' ? this.#byCode.get(code) : undefined;
  }

  /** The code was used. */
  removeCode(code: unknown): void {
    if (typeof code === 'string') this.#byCode.delete(code);
  }

  /** What a refresh token carries, by its id; empty if nothing was set. */
  ofRefreshToken(refreshTokenId: string | undefined): RefreshContext {
    return this.#byRefreshToken.get(refreshTokenId ?? '') ?? NOTHING;
  }

  /**
   * Stores what a new refresh token carries.
   * @param rotatedId id of the token that it replaces, whose metadata it inherits
   */
  addRefreshToken(id: string, { refreshTokenMetadata, organization }: LoginOutcome, rotatedId?: string): void {
    const metadata = { ...this.ofRefreshToken(rotatedId).metadata, ...Object.fromEntries(refreshTokenMetadata) };
    this.#byRefreshToken.set(id, { metadata, organizationId: organization?.id ?? null });
    if (rotatedId !== undefined && rotatedId !== id) this.#byRefreshToken.delete(rotatedId);
  }
}
