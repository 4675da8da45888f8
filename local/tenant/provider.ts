import Provider, { errors, type Interaction, type KoaContextWithOIDC } from 'oidc-provider';
import { addClientGrant } from './client-grant.ts';
import { allowImplicitOnLoopback } from './client-metadata.ts';
import { addDirectGrants } from './direct-grants.ts';
import { IssuedOutcomes } from './issued-outcomes.ts';
import { browserLogin, directLogin, OFFLINE_PARAMETER, refreshLogin } from './login-of-context.ts';
import type { LoginOutcome, LoginPipeline, PipelineResult } from './login-pipeline.ts';
import { type ActionHooks, accountOf, providerConfiguration, type TenantSettings } from './provider-configuration.ts';
import { publicKeys } from './tenant-keys.ts';

export interface ProviderOptions extends TenantSettings {
  readonly issuer: string;
  readonly hostname: string;
  readonly isCustomDomain: boolean;
  readonly clockMs: () => number;
  readonly pipeline: LoginPipeline;
  /** Called when a login stops for a page or for an Action's redirect; answers where the browser goes. */
  readonly onInteraction: (ctx: KoaContextWithOIDC, interaction: Interaction) => string;
}

const INTERACTION_SECONDS = 3600;
/** How often a device may ask (RFC 8628 section 3.2). */
const POLL_SECONDS = 5;

/** Claims with a value: null is how an Action takes a claim away. */
const claimsOf = (outcome: LoginOutcome, token: 'id' | 'access'): Record<string, unknown> => {
  const claims = [...(token === 'id' ? outcome.idTokenClaims : outcome.accessTokenClaims)];
  const { organization } = outcome;
  return {
    ...Object.fromEntries(claims.filter(([, value]) => value !== null && value !== undefined)),
    ...(organization === null ? {} : { org_id: organization.id, org_name: organization.name }),
  };
};

/** The code that a token request brings; a device's is of another kind. */
const codeOf = (ctx: KoaContextWithOIDC): unknown => ctx.oidc.params?.['code'] ?? ctx.oidc.params?.['device_code'];

/** Joins oidc-provider with the Actions pipeline: Actions run as a prompt of their own after the login. */
export class ActionsProvider {
  readonly provider: Provider;
  readonly #options: ProviderOptions;
  readonly #issued = new IssuedOutcomes();
  /** Pushed requests that asked for `offline_access`. */
  readonly #offlineRequests = new Set<string>();
  readonly #outcomes = new WeakMap<KoaContextWithOIDC, LoginOutcome>();
  readonly #redirects = new WeakMap<KoaContextWithOIDC, { url: string; state: string }>();
  /** What came back from /continue, until the browser resumes the login. */
  readonly #resumed = new Map<string, PipelineResult>();

  constructor(options: ProviderOptions) {
    this.#options = options;
    const hooks = this.#hooks();
    this.provider = new Provider(options.issuer, providerConfiguration(options, hooks));
    allowImplicitOnLoopback(this.provider);
    this.#noteOfflineAccess();
    addClientGrant(this.provider, options.clients);
    addDirectGrants({
      ...options,
      provider: this.provider,
      jwks: publicKeys(options.keys.jwks),
      accountOf: (ctx, userId) => accountOf(options, hooks.claimsOf, ctx, userId),
      runActions: async (ctx, userId, protocol) => {
        this.#settleDirect(ctx, await options.pipeline.start(directLogin(ctx, userId, protocol, options)));
      },
    });
    this.provider.on('device_authorization.success', (_ctx, body) => Object.assign(body, { interval: POLL_SECONDS }));
    this.provider.on('authorization.success', (ctx, out) => this.#keepCode(ctx, out?.['code']));
    this.provider.on('grant.success', (ctx) => this.#keepRefreshToken(ctx));
  }

  /** The interaction that waits for this page, or undefined. */
  find(uid: string): Promise<Interaction | undefined> {
    return this.provider.Interaction.find(uid);
  }

  /** Ends the login page: the browser goes on at the returned address. */
  async finishLogin(interaction: Interaction, accountId: string, authenticatedAt: number): Promise<string> {
    interaction.result = { login: { accountId, remember: true, ts: authenticatedAt } };
    await interaction.save(INTERACTION_SECONDS);
    return interaction.returnTo;
  }

  /** Keeps what /continue came to; the browser goes on at the returned address. */
  async finishActions(interaction: Interaction, result: PipelineResult): Promise<string> {
    this.#resumed.set(interaction.uid, result);
    interaction.result = { ...interaction.lastSubmission, actions: { uid: interaction.uid } };
    await interaction.save(INTERACTION_SECONDS);
    return interaction.returnTo;
  }

  #hooks(): ActionHooks {
    return {
      check: (ctx) => this.#check(ctx),
      redirectOf: (ctx) => this.#redirects.get(ctx) ?? {},
      refresh: (ctx, userId) => this.#refresh(ctx, userId),
      claimsOf: (ctx, token) => {
        const outcome = this.#outcomeOf(ctx);
        return outcome === undefined ? {} : claimsOf(outcome, token);
      },
      isOffline: (ctx) => this.#issued.ofCode(codeOf(ctx))?.isOffline === true,
      interactionUrl: (ctx, interaction) => this.#options.onInteraction(ctx, interaction),
      grantOf: (ctx) => this.#firstPartyGrant(ctx),
    };
  }

  /** The Actions of one pass through /authorize: true if the browser has to leave. */
  async #check(ctx: KoaContextWithOIDC): Promise<boolean> {
    const { session, result } = ctx.oidc;
    const uid = (result as { actions?: { uid?: string } } | undefined)?.actions?.uid;
    const resumed = uid === undefined ? undefined : this.#resumed.get(uid);
    if (uid !== undefined) this.#resumed.delete(uid);
    if (uid === undefined && result?.login !== undefined && session?.uid !== undefined) {
      this.#options.pipeline.recordMethod(session.uid, 'pwd');
    }
    return this.#settle(ctx, resumed ?? (await this.#options.pipeline.start(browserLogin(ctx, this.#options))));
  }

  #settle(ctx: KoaContextWithOIDC, result: PipelineResult): boolean {
    switch (result.kind) {
      case 'denied':
        throw new errors.AccessDenied(result.reason);
      case 'failed':
        throw new errors.AccessDenied('Something went wrong');
      case 'redirect':
        this.#redirects.set(ctx, { url: result.url, state: result.state });
        return true;
      case 'done':
        this.#outcomes.set(ctx, result.outcome);
        return false;
    }
  }

  /** A refresh runs the Actions as well, without a browser. */
  async #refresh(ctx: KoaContextWithOIDC, userId: string): Promise<void> {
    const kept = this.#issued.ofRefreshToken(ctx.oidc.entities.RefreshToken?.jti);
    this.#settleDirect(ctx, await this.#options.pipeline.start(refreshLogin(ctx, userId, kept, this.#options)));
  }

  /** Where there is no browser, nobody can follow a redirect. */
  #settleDirect(ctx: KoaContextWithOIDC, result: PipelineResult): void {
    if (result.kind === 'redirect') {
      throw new errors.CustomOIDCProviderError('interaction_required', 'there is no browser to redirect');
    }
    this.#settle(ctx, result);
  }

  /** oidc-provider forgets `offline_access` where no consent is asked; Auth0 asks first-party apps for none. */
  #noteOfflineAccess(): void {
    const isAsked = (scope: unknown): boolean =>
      typeof scope === 'string' && scope.split(' ').includes('offline_access');
    this.provider.use(async (ctx, next) => {
      if (ctx.path === '/authorize' && isAsked(ctx.query['scope'])) {
        ctx.query = { ...ctx.query, [OFFLINE_PARAMETER]: '1' };
      }
      await next();
    });
    this.provider.on('pushed_authorization_request.success', (ctx) => {
      const { PushedAuthorizationRequest: request } = ctx.oidc.entities;
      if (request !== undefined && isAsked(ctx.oidc.body?.['scope'])) this.#offlineRequests.add(request.jti);
    });
  }

  /** First-party apps need no consent; the session's grant is reused, so that earlier refresh tokens stay valid. */
  async #firstPartyGrant(ctx: KoaContextWithOIDC) {
    const { session, client } = ctx.oidc;
    if (session?.accountId === undefined || client === undefined) return undefined;
    const known = session.grantIdFor(client.clientId);
    const existing = known === undefined ? undefined : await this.provider.Grant.find(known);
    const grant = existing ?? new this.provider.Grant({ accountId: session.accountId, clientId: client.clientId });
    grant.addOIDCScope('openid profile email offline_access');
    for (const { audience, scopes } of this.#options.apis) {
      grant.addResourceScope(audience, ['openid profile email', ...scopes].join(' '));
    }
    await grant.save();
    return grant;
  }

  #outcomeOf(ctx: KoaContextWithOIDC): LoginOutcome | undefined {
    return this.#outcomes.get(ctx) ?? this.#issued.ofCode(codeOf(ctx))?.outcome;
  }

  #keepCode(ctx: KoaContextWithOIDC, issued: unknown): void {
    const outcome = this.#outcomes.get(ctx);
    const { DeviceCode, PushedAuthorizationRequest, Interaction } = ctx.oidc.entities;
    const code = DeviceCode?.jti ?? issued;
    if (outcome === undefined || typeof code !== 'string') return;
    const pushed = PushedAuthorizationRequest?.jti ?? (Interaction as { parJti?: string } | undefined)?.parJti ?? '';
    const isOffline = ctx.oidc.params?.[OFFLINE_PARAMETER] !== undefined || this.#offlineRequests.has(pushed);
    this.#issued.addCode(code, { outcome, isOffline });
  }

  #keepRefreshToken(ctx: KoaContextWithOIDC): void {
    const { RefreshToken: token, RotatedRefreshToken: rotated } = ctx.oidc.entities;
    const outcome = this.#outcomeOf(ctx);
    if (token !== undefined && outcome !== undefined) this.#issued.addRefreshToken(token.jti, outcome, rotated?.jti);
    this.#issued.removeCode(codeOf(ctx));
  }
}
