/** An app of the tenant with the code and refresh flows. */
export interface TenantClient {
  readonly clientId: string;
  /** Null for a public app, such as a single-page app: it must use PKCE. */
  readonly clientSecret: string | null;
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly logoutUris: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Origins whose scripts may call the token endpoint ("Allowed Web Origins"). Default none. */
  readonly webOrigins?: readonly string[];
}

/** An API that apps may ask a JWT access token for, by `audience`. */
export interface TenantApi {
  /** An absolute URI. */
  readonly audience: string;
  readonly scopes: readonly string[];
  /**
   * True: access tokens carry `email`, `email_verified` and `auth_time` of the user. Auth0 sets none of these by itself; an
   * Action could, under a namespace. Default false.
   */
  readonly hasUserClaims?: boolean;
}
