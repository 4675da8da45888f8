/** A user of the local tenant as Actions see it. */
export interface TenantUser {
  readonly user_id: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string;
  readonly app_metadata: Readonly<Record<string, unknown>>;
  readonly user_metadata: Readonly<Record<string, unknown>>;
}

/** How a browser session authenticated: `pwd`, or the URL given to `recordMethod`. */
export interface AuthenticationMethod {
  readonly name: string;
  /** ISO 8601 */
  readonly timestamp: string;
}

/** What survives a redirect during one login (Auth0 docs, "Redirect with Actions"). */
export interface LoginTransaction {
  /** Absent without a browser. */
  readonly id?: string;
  readonly protocol: string;
  /** Absent if the app requested none. */
  readonly acr_values?: readonly string[];
  readonly prompt: readonly string[];
  readonly requested_scopes: readonly string[];
  readonly redirect_uri?: string;
  /** The app's own state, never that of /continue. */
  readonly state?: string;
  readonly response_mode?: string;
  readonly login_hint?: string;
  readonly ui_locales: readonly string[];
  readonly locale: string;
  /** What `api.transaction.setMetadata` wrote. */
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
}

/** The HTTP request that a handler runs for; after a redirect, the one to /continue. */
export interface ActionRequest {
  /** Bare host name, no scheme, no port. */
  readonly hostname: string;
  readonly ip: string;
  readonly method: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly user_agent: string;
  readonly geoip: Readonly<Record<string, never>>;
}

/** The app that the login is for. */
export interface ActionClient {
  readonly client_id: string;
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The post-login event (trigger v3), as far as this tenant fills it. */
export interface ActionEvent {
  readonly transaction: LoginTransaction;
  readonly request: ActionRequest;
  /** Absent without a browser session. */
  readonly authentication?: { readonly methods: readonly AuthenticationMethod[] };
  /** Absent without a browser session. */
  readonly session?: { readonly id: string };
  /** Present in a refresh only. */
  readonly refresh_token?: { readonly metadata: Readonly<Record<string, string>> };
  readonly user: TenantUser & {
    readonly nickname: string;
    readonly enrolledFactors: readonly never[];
    readonly multifactor: readonly never[];
    readonly identities: readonly { provider: string; connection: string; user_id: string; isSocial: boolean }[];
  };
  readonly client: ActionClient;
  readonly connection: { readonly name: string; readonly strategy: string };
  /** Present if the app requested an API by `audience`. */
  readonly resource_server?: { readonly identifier: string };
  /** Present on a custom domain only. */
  readonly custom_domain?: { readonly domain: string };
  /** Present if the app requested an organization. */
  readonly organization?: {
    readonly id: string;
    readonly name: string;
    readonly display_name: string;
    readonly metadata: Readonly<Record<string, string>>;
  };
  readonly tenant: { readonly id: string };
  readonly stats: { readonly logins_count: number };
  readonly secrets: Readonly<Record<string, string>>;
  /** Only filled for Marketplace integrations, which this tenant does not have. */
  readonly configuration: Readonly<Record<string, never>>;
}
