/** The parts of Auth0's post-login event and api that this Action uses (trigger post-login v3). Optional members may be absent. */
export interface PostLoginEvent {
  readonly transaction?: {
    readonly id?: string;
    readonly protocol?: string;
    readonly acr_values?: readonly string[];
    readonly prompt?: readonly string[];
    readonly locale?: string;
    readonly ui_locales?: readonly string[];
    readonly metadata?: Readonly<Record<string, unknown>>;
  };
  readonly request: {
    readonly hostname?: string;
    readonly query?: Readonly<Record<string, unknown>>;
    readonly body?: Readonly<Record<string, unknown>>;
  };
  readonly authentication?: { readonly methods?: readonly unknown[] };
  readonly user: {
    readonly user_id: string;
    readonly email?: string;
    readonly email_verified?: boolean;
    readonly name?: string;
    /** Written by admins and Actions, never by the user. */
    readonly app_metadata?: Readonly<Record<string, unknown>>;
    readonly enrolledFactors?: readonly unknown[];
    readonly multifactor?: readonly unknown[];
  };
  readonly client: {
    readonly client_id: string;
    readonly name?: string;
    /** Auth0 documents strings as values; they are checked anyway. */
    readonly metadata?: Readonly<Record<string, unknown>>;
  };
  /** The organization that the user logs in to; absent without one. */
  readonly organization?: { readonly id?: string; readonly name?: string };
  readonly authorization?: { readonly roles?: readonly string[] };
  readonly refresh_token?: { readonly metadata?: Readonly<Record<string, unknown>> };
  /** Auth0 documents strings as values; they are checked anyway. */
  readonly secrets?: Readonly<Record<string, unknown>>;
  readonly configuration?: Readonly<Record<string, unknown>>;
}

/** The calls that this Action makes (Auth0 docs, "Post-Login API object"); `validateToken` throws if the token is bad. */
export interface PostLoginApi {
  readonly access: { deny(reason: string): unknown };
  readonly authentication: { recordMethod(url: string): unknown };
  readonly idToken: { setCustomClaim(name: string, value: unknown): unknown };
  readonly accessToken: { setCustomClaim(name: string, value: unknown): unknown };
  readonly refreshToken?: { setMetadata?(name: string, value: string): unknown };
  readonly transaction?: { setMetadata?(name: string, value: string): unknown };
  readonly user?: { setAppMetadata?(name: string, value: unknown): unknown };
  readonly multifactor?: { enable?(provider: 'none'): unknown };
  /** `null` removes an attribute. */
  readonly samlResponse?: { setAttribute?(name: string, value: string | number | null): unknown };
  readonly redirect: {
    encodeToken(options: { secret: string; payload: object; expiresInSeconds: number }): string;
    sendUserTo(url: string, options: { query: Record<string, string> }): unknown;
    validateToken(options: { secret: string; tokenParameterName: string }): Record<string, unknown>;
  };
}
