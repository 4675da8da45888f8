/**
 * The claims that Actions set in ID tokens, as Auth0 keeps them for `/userinfo`: by application and user, not by the session or the
 * token of the request. (Auth0 docs, "Sample use cases: scopes and claims"; "Session delegation: behavior and monitoring", where
 * claims of one session show in `/userinfo` calls of the user's other ones.) Claims that a later login does not set are kept; null
 * removes a claim. In memory: lost at a restart.
 */
export class KeptClaims {
  readonly #byOwner = new Map<string, Map<string, unknown>>();

  /** Stores what a login set for its ID token. */
  keep(clientId: string, userId: string, idTokenClaims: ReadonlyMap<string, unknown>): void {
    const owner = JSON.stringify([clientId, userId]);
    const kept = new Map([...(this.#byOwner.get(owner) ?? []), ...idTokenClaims]);
    for (const [name, value] of kept) if (value === null || value === undefined) kept.delete(name);
    this.#byOwner.set(owner, kept);
  }

  of(clientId: string, userId: string): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.#byOwner.get(JSON.stringify([clientId, userId])) ?? []);
  }
}
