/** A user of the local tenant as Actions see it. */
export interface TenantUser {
  readonly user_id: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string;
  readonly app_metadata: Record<string, unknown>;
  readonly user_metadata: Record<string, unknown>;
}

export interface AuthenticationMethod {
  readonly name: string;
  readonly timestamp: string;
}

/** What survives a redirect of one login (Auth0 docs, "Redirect with Actions"). */
export interface LoginTransaction {
  readonly id: string;
  readonly protocol: string;
  readonly acr_values: readonly string[];
  readonly prompt: readonly string[];
  readonly requested_scopes: readonly string[];
  readonly redirect_uri?: string;
  readonly state?: string;
  readonly response_mode?: string;
  readonly login_hint?: string;
  readonly ui_locales: readonly string[];
  readonly locale: string;
  /** `api.transaction.setMetadata` */
  readonly metadata: Record<string, string | number | boolean>;
}

export interface ActionRequest {
  readonly hostname: string;
  readonly ip: string;
  readonly method: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly user_agent: string;
  readonly geoip: Readonly<Record<string, never>>;
}

/** The post-login event (trigger v3), as far as browser logins and refreshes fill it. */
export interface ActionEvent {
  readonly transaction?: LoginTransaction;
  readonly request: ActionRequest;
  readonly authentication?: { readonly methods: readonly AuthenticationMethod[] };
  readonly session?: { readonly id: string };
  readonly refresh_token?: { readonly metadata: Readonly<Record<string, string>> };
  readonly user: TenantUser & { readonly enrolledFactors: readonly unknown[]; readonly multifactor: readonly string[] };
  readonly client: {
    readonly client_id: string;
    readonly name: string;
    readonly metadata: Readonly<Record<string, string>>;
  };
  readonly connection: { readonly name: string; readonly strategy: string };
  readonly tenant: { readonly id: string };
  readonly stats: { readonly logins_count: number };
  readonly secrets: Readonly<Record<string, string>>;
  readonly configuration: Readonly<Record<string, string>>;
}
