import type { LoginOutcome } from './login-pipeline.ts';

/** What a login leaves for the exchange of its code. */
export interface CodeOutcome {
  readonly outcome: LoginOutcome;
  /** The app asked for `offline_access`. */
  readonly isOffline: boolean;
}

type Metadata = Readonly<Record<string, string>>;

/** What the Actions decided, by the code or refresh token that carries it on. In memory: a restart ends logins under way. */
export class IssuedOutcomes {
  readonly #byCode = new Map<string, CodeOutcome>();
  readonly #metadata = new Map<string, Metadata>();

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

  /** Metadata of a refresh token, by its id; empty where none was set. */
  metadataOf(refreshTokenId: string | undefined): Metadata {
    return this.#metadata.get(refreshTokenId ?? '') ?? {};
  }

  /**
   * Keeps the metadata of a new refresh token.
   * @param rotatedId id of the token that it replaces, whose metadata it inherits
   */
  addRefreshToken(id: string, changes: ReadonlyMap<string, string>, rotatedId?: string): void {
    this.#metadata.set(id, { ...this.metadataOf(rotatedId), ...Object.fromEntries(changes) });
    if (rotatedId !== undefined && rotatedId !== id) this.#metadata.delete(rotatedId);
  }
}
