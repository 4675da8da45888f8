/** An app of the tenant, confidential, with the code and refresh flows. */
export interface TenantClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly logoutUris: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** An API that apps may ask a JWT access token for, by `audience`. */
export interface TenantApi {
  /** An absolute URI. */
  readonly audience: string;
  readonly scopes: readonly string[];
}
