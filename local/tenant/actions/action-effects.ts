/** What an Action requests for the tenant's own second step. */
export interface MultifactorRequest {
  /** `none` skips the step, anything else asks for it. */
  readonly provider: string;
  /** False: asks even if this browser session has already passed the step. */
  readonly canRemember: boolean;
}

/** What the Actions of one login have requested so far; it survives a redirect. */
export interface ActionEffects {
  denied: string | null;
  redirect: string | null;
  /** The last `api.multifactor.enable`. */
  multifactor: MultifactorRequest | null;
  readonly idTokenClaims: Map<string, unknown>;
  readonly accessTokenClaims: Map<string, unknown>;
  readonly recordedMethods: string[];
  readonly transactionMetadata: Map<string, string | number | boolean>;
  readonly refreshTokenMetadata: Map<string, string>;
  readonly appMetadata: Map<string, unknown>;
  readonly userMetadata: Map<string, unknown>;
  /** Names of claims that were dropped. Auth0 does not report them; the development console does. */
  readonly droppedClaims: string[];
}

/** No effects yet. */
export const newEffects = (): ActionEffects => ({
  denied: null,
  redirect: null,
  multifactor: null,
  idTokenClaims: new Map(),
  accessTokenClaims: new Map(),
  recordedMethods: [],
  transactionMetadata: new Map(),
  refreshTokenMetadata: new Map(),
  appMetadata: new Map(),
  userMetadata: new Map(),
  droppedClaims: [],
});
