/** Grant types by Auth0's names (RFC 6749, 8628, 8693; `password-realm` is Auth0's own). */
export const GRANT = {
  code: 'authorization_code',
  implicit: 'implicit',
  refresh: 'refresh_token',
  client: 'client_credentials',
  device: 'urn:ietf:params:oauth:grant-type:device_code',
  password: 'password',
  passwordRealm: 'http://auth0.com/oauth/grant-type/password-realm',
  tokenExchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
} as const;
export type GrantType = (typeof GRANT)[keyof typeof GRANT];

/** An API that an app may call in its own name, with the scopes that an admin granted ("Machine to Machine"). */
export interface ClientGrant {
  readonly audience: string;
  readonly scopes: readonly string[];
}

/** An app of the tenant. */
export interface TenantClient {
  readonly clientId: string;
  /** Null for a public app, such as a single-page app: it must use PKCE. */
  readonly clientSecret: string | null;
  readonly name: string;
  /** Empty for an app without a browser. */
  readonly redirectUris: readonly string[];
  readonly logoutUris: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Origins whose scripts may call the token endpoint ("Allowed Web Origins"). Default none. */
  readonly webOrigins?: readonly string[];
  /** Default authorization code and refresh. `implicit` adds the response types with tokens, hybrid ones included. */
  readonly grantTypes?: readonly GrantType[];
  /** What `client_credentials` may request. Default nothing. */
  readonly clientGrants?: readonly ClientGrant[];
  /** Scopes of the Management API that the app may have, e.g. `read:actions`. Default none. */
  readonly managementScopes?: readonly string[];
}

/** An API for which apps may request a JWT access token, by `audience`. */
export interface TenantApi {
  /** An absolute URI. */
  readonly audience: string;
  readonly scopes: readonly string[];
  /**
   * True: access tokens carry `email`, `email_verified` and `auth_time` of the user. Auth0 sets none of these by itself; an
   * Action could, under a namespace. Default false.
   */
  readonly hasUserClaims?: boolean;
  /** True: even tokens of users carry only what `clientGrants` of the app allow. Default false. */
  readonly isLimitedToGrants?: boolean;
}

/** An organization, which apps name by `organization` (its id or its name). */
export interface Organization {
  /** `org_` and 16 letters or digits. */
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** E-mail addresses of its members. */
  readonly members: readonly string[];
}
