import { randomUUID } from 'node:crypto';
import type { JWK } from 'jose';
import Provider, { type Configuration, errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { ActionRequest, LoginTransaction } from './action-event.ts';
import type { Login, LoginOutcome, LoginPipeline, PipelineResult } from './login-pipeline.ts';
import type { TenantUserStore } from './user-store.ts';

export interface TenantClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly logoutUris: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ProviderOptions {
  readonly issuer: string;
  readonly hostname: string;
  readonly clients: readonly TenantClient[];
  readonly users: TenantUserStore;
  readonly pipeline: LoginPipeline;
  /** Names that Actions may add to the ID token; oidc-provider leaves out what it was not told of. */
  readonly customClaims: readonly string[];
  readonly keys: { readonly jwks: readonly JWK[]; readonly cookieKeys: readonly string[] };
}

/** Logins that wait for their /continue: where the provider goes on, by Auth0 state. */
export interface WaitingLogin {
  readonly interactionUid: string;
}

const { Check, Prompt, base } = interactionPolicy;
const REFRESH = 'refresh_token';

const protocolOf = (responseType: unknown): string => {
  const types = String(responseType ?? 'code').split(' ');
  if (types.length > 1 && types.includes('code')) return 'oidc-hybrid-profile';
  return types.includes('code') ? 'oidc-basic-profile' : 'oidc-implicit-profile';
};

const words = (value: unknown): string[] => (typeof value === 'string' && value !== '' ? value.split(' ') : []);

/** The request as an Action sees it. */
export const requestOf = (
  ctx: KoaContextWithOIDC,
  hostname: string,
  body: Record<string, unknown> = {},
): ActionRequest => ({
  hostname,
  ip: ctx.ip,
  method: ctx.method,
  query: { ...ctx.query },
  body,
  user_agent: ctx.get('user-agent'),
  geoip: {},
});

const transactionOf = (ctx: KoaContextWithOIDC, id: string): LoginTransaction => {
  const parameters = ctx.oidc.params ?? {};
  const text = (name: string): string | undefined =>
    typeof parameters[name] === 'string' ? (parameters[name] as string) : undefined;
  const [redirectUri, state, hint] = [text('redirect_uri'), text('state'), text('login_hint')];
  return {
    id,
    protocol: protocolOf(parameters['response_type']),
    acr_values: words(parameters['acr_values']),
    prompt: words(parameters['prompt']),
    requested_scopes: words(parameters['scope']),
    ui_locales: words(parameters['ui_locales']),
    locale: 'en',
    metadata: {},
    ...(redirectUri === undefined ? {} : { redirect_uri: redirectUri }),
    ...(state === undefined ? {} : { state }),
    ...(hint === undefined ? {} : { login_hint: hint }),
  };
};

/** Joins oidc-provider with the Actions pipeline: Actions run as a prompt of their own after the login. */
export class ActionsProvider {
  readonly provider: Provider;
  readonly #options: ProviderOptions;
  readonly #outcomes = new WeakMap<KoaContextWithOIDC, LoginOutcome>();
  readonly #redirects = new WeakMap<KoaContextWithOIDC, { url: string; state: string }>();
  readonly #resumed = new Map<string, PipelineResult>();
  readonly #byCode = new Map<string, LoginOutcome>();
  readonly #refreshMetadata = new Map<string, Readonly<Record<string, string>>>();

  constructor(options: ProviderOptions) {
    this.#options = options;
    this.provider = new Provider(options.issuer, this.#configuration());
    this.provider.on('authorization.success', (ctx, out) => {
      const outcome = this.#outcomes.get(ctx);
      const code = (out as { code?: string }).code;
      if (outcome !== undefined && code !== undefined) this.#byCode.set(code, outcome);
    });
    this.provider.on('grant.success', (ctx) => this.#keepRefreshMetadata(ctx));
  }

  /** What /continue came to, for the provider to find when the browser resumes the login. */
  async finish(interactionUid: string, result: PipelineResult): Promise<string> {
    const interaction = await this.provider.Interaction.find(interactionUid);
    if (interaction === undefined) throw new errors.SessionNotFound('the login has expired');
    this.#resumed.set(interactionUid, result);
    interaction.result = { ...interaction.lastSubmission, actions: { uid: interactionUid } };
    await interaction.save(600);
    return interaction.returnTo;
  }

  #configuration(): Configuration {
    const { clients, keys, users } = this.#options;
    const policy = base();
    policy.remove('consent');
    policy.add(
      new Prompt(
        { name: 'actions', requestable: false },
        new Check(
          'post_login',
          'the post-login Actions need the user',
          'interaction_required',
          async (ctx) => this.#check(ctx),
          (ctx) => this.#redirects.get(ctx) ?? {},
        ),
      ),
    );
    return {
      clients: clients.map((client) => ({
        client_id: client.clientId,
        client_secret: client.clientSecret,
        client_name: client.name,
        redirect_uris: [...client.redirectUris],
        post_logout_redirect_uris: [...client.logoutUris],
        grant_types: ['authorization_code', REFRESH],
        token_endpoint_auth_method: 'client_secret_post',
      })),
      jwks: { keys: [...keys.jwks] },
      cookies: { keys: [...keys.cookieKeys] },
      routes: {
        authorization: '/authorize',
        token: '/oauth/token',
        userinfo: '/userinfo',
        jwks: '/.well-known/jwks.json',
        end_session: '/oidc/logout',
        revocation: '/oauth/revoke',
      },
      interactions: {
        policy,
        url: (_ctx, interaction) =>
          `${interaction.prompt.name === 'actions' ? '/u/actions' : '/u/login'}?state=${interaction.uid}`,
      },
      features: {
        devInteractions: { enabled: false },
        revocation: { enabled: true },
        rpInitiatedLogout: { enabled: true },
      },
      claims: {
        openid: ['sub', ...this.#options.customClaims],
        profile: ['name', 'nickname'],
        email: ['email', 'email_verified'],
      },
      conformIdTokenClaims: false,
      pkce: { required: () => false },
      rotateRefreshToken: true,
      issueRefreshToken: async (_ctx, client, code) =>
        client.grantTypeAllowed(REFRESH) && code.scopes.has('offline_access'),
      expiresWithSession: async () => false,
      ttl: {
        Interaction: 3600,
        Session: 86_400,
        AccessToken: 3600,
        IdToken: 3600,
        RefreshToken: 86_400,
        Grant: 86_400,
      },
      loadExistingGrant: async (ctx) => this.#firstPartyGrant(ctx),
      extraTokenClaims: async (ctx) => Object.fromEntries(present(this.#outcomeOf(ctx)?.accessTokenClaims)),
      findAccount: async (ctx, sub) => {
        const user = users.find(sub);
        if (user === null) return undefined;
        if (ctx.oidc.route === 'token' && ctx.oidc.params?.['grant_type'] === REFRESH) await this.#refresh(ctx, sub);
        const { email, email_verified, name } = user;
        return {
          accountId: sub,
          claims: async (use) => ({
            sub,
            name,
            nickname: name,
            email,
            email_verified,
            ...(use === 'id_token' ? Object.fromEntries(present(this.#outcomeOf(ctx)?.idTokenClaims)) : {}),
          }),
        };
      },
      renderError: async (ctx, out) => {
        ctx.type = 'html';
        ctx.body = `<!doctype html><html lang="en"><title>Error</title><h1>The login cannot go on</h1><p>${String(out.error).replace(/[^a-z_]/g, '')}</p></html>`;
      },
    };
  }

  /** The Actions of one pass through /authorize: true if the browser has to leave. */
  async #check(ctx: KoaContextWithOIDC): Promise<boolean> {
    const uid = (ctx.oidc.result as { actions?: { uid?: string } } | undefined)?.actions?.uid;
    const resumed = uid === undefined ? undefined : this.#resumed.get(uid);
    if (uid !== undefined) this.#resumed.delete(uid);
    const session = ctx.oidc.session;
    if (uid === undefined && ctx.oidc.result?.login !== undefined && session?.uid !== undefined) {
      this.#options.pipeline.recordMethod(session.uid, 'pwd');
    }
    return this.#settle(ctx, resumed ?? (await this.#options.pipeline.start(this.#loginOf(ctx))));
  }

  #settle(ctx: KoaContextWithOIDC, result: PipelineResult): boolean {
    switch (result.kind) {
      case 'denied':
        throw new errors.AccessDenied(result.reason);
      case 'failed':
        throw new errors.AccessDenied('Something went wrong');
      case 'redirect':
        this.#redirects.set(ctx, { url: result.url, state: result.state });
        return Check.REQUEST_PROMPT;
      case 'done':
        this.#outcomes.set(ctx, result.outcome);
        return Check.NO_NEED_TO_PROMPT;
    }
  }

  #loginOf(ctx: KoaContextWithOIDC, refreshTokenMetadata: Login['refreshTokenMetadata'] = null): Login {
    const { users, hostname, clients } = this.#options;
    const userId = ctx.oidc.session?.accountId ?? '';
    const user = users.find(userId);
    const client = ctx.oidc.client;
    if (user === null || client === undefined) throw new errors.AccessDenied('the user is gone');
    return {
      transaction: transactionOf(ctx, `tx_${randomUUID()}`),
      request: requestOf(ctx, hostname),
      user,
      client: {
        client_id: client.clientId,
        name: client.clientName ?? client.clientId,
        metadata: clients.find(({ clientId }) => clientId === client.clientId)?.metadata ?? {},
      },
      sessionId: ctx.oidc.session?.uid ?? null,
      logins: users.loginsOf(userId),
      refreshTokenMetadata,
    };
  }

  /** First-party apps need no consent; the session's grant is reused, so that earlier refresh tokens stay valid. */
  async #firstPartyGrant(ctx: KoaContextWithOIDC) {
    const { session, client } = ctx.oidc;
    if (session?.accountId === undefined || client === undefined) return undefined;
    const known = ctx.oidc.result?.consent?.grantId ?? session.grantIdFor(client.clientId);
    const existing = known === undefined ? undefined : await this.provider.Grant.find(known);
    const grant = existing ?? new this.provider.Grant({ accountId: session.accountId, clientId: client.clientId });
    grant.addOIDCScope('openid profile email offline_access');
    await grant.save();
    return grant;
  }

  #outcomeOf(ctx: KoaContextWithOIDC): LoginOutcome | undefined {
    const code = ctx.oidc.params?.['code'];
    return this.#outcomes.get(ctx) ?? (typeof code === 'string' ? this.#byCode.get(code) : undefined);
  }

  #keepRefreshMetadata(ctx: KoaContextWithOIDC): void {
    const token = (ctx.body as { refresh_token?: string } | undefined)?.refresh_token;
    const grantId = ctx.oidc.entities.Grant?.jti;
    const metadata = this.#outcomeOf(ctx)?.refreshTokenMetadata;
    if (token === undefined || grantId === undefined || ctx.oidc.params?.['grant_type'] === REFRESH) return;
    this.#refreshMetadata.set(grantId, Object.fromEntries(metadata ?? []));
  }

  /** A refresh runs the Actions as well, without a browser. */
  async #refresh(ctx: KoaContextWithOIDC, sub: string): Promise<void> {
    if (this.#outcomes.has(ctx)) return;
    const { users, hostname, pipeline, clients } = this.#options;
    const client = ctx.oidc.client;
    const user = users.find(sub);
    const grantId = ctx.oidc.entities.RefreshToken?.grantId;
    if (client === undefined || user === null) return;
    const metadata = clients.find(({ clientId }) => clientId === client.clientId)?.metadata ?? {};
    const result = await pipeline.start({
      transaction: { ...transactionOf(ctx, `tx_${randomUUID()}`), protocol: 'oauth2-refresh-token' },
      request: requestOf(ctx, hostname),
      user,
      client: { client_id: client.clientId, name: client.clientName ?? client.clientId, metadata },
      sessionId: null,
      logins: users.loginsOf(sub),
      refreshTokenMetadata: this.#refreshMetadata.get(grantId ?? '') ?? {},
    });
    if (result.kind === 'denied') throw new errors.AccessDenied(result.reason);
    if (result.kind !== 'done') throw new errors.AccessDenied('interaction required');
    this.#outcomes.set(ctx, result.outcome);
  }
}

/** Claims with a value: null is how an Action takes a claim away. */
const present = (claims: ReadonlyMap<string, unknown> | undefined): [string, unknown][] =>
  [...(claims ?? [])].filter(([, value]) => value !== null && value !== undefined);
