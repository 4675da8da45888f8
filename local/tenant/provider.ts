import Provider, { errors, type Interaction, type KoaContextWithOIDC } from 'oidc-provider';
import { IssuedOutcomes } from './issued-outcomes.ts';
import { browserLogin, OFFLINE_PARAMETER, refreshLogin } from './login-of-context.ts';
import type { LoginOutcome, LoginPipeline, PipelineResult } from './login-pipeline.ts';
import { type ActionHooks, providerConfiguration, type TenantSettings } from './provider-configuration.ts';

export interface ProviderOptions extends TenantSettings {
  readonly issuer: string;
  readonly hostname: string;
  readonly pipeline: LoginPipeline;
  /** Called when a login stops for a page or for an Action's redirect; answers where the browser goes. */
  readonly onInteraction: (ctx: KoaContextWithOIDC, interaction: Interaction) => string;
}

const INTERACTION_SECONDS = 3600;

/** Claims with a value: null is how an Action takes a claim away. */
const present = (claims: ReadonlyMap<string, unknown>): Record<string, unknown> =>
  Object.fromEntries([...claims].filter(([, value]) => value !== null && value !== undefined));

/** Joins oidc-provider with the Actions pipeline: Actions run as a prompt of their own after the login. */
export class ActionsProvider {
  readonly provider: Provider;
  readonly #options: ProviderOptions;
  readonly #issued = new IssuedOutcomes();
  readonly #outcomes = new WeakMap<KoaContextWithOIDC, LoginOutcome>();
  readonly #redirects = new WeakMap<KoaContextWithOIDC, { url: string; state: string }>();
  /** What came back from /continue, until the browser resumes the login. */
  readonly #resumed = new Map<string, PipelineResult>();

  constructor(options: ProviderOptions) {
    this.#options = options;
    this.provider = new Provider(options.issuer, providerConfiguration(options, this.#hooks()));
    this.provider.use(async (ctx, next) => {
      const scope = ctx.query['scope'];
      if (ctx.path === '/authorize' && typeof scope === 'string' && scope.split(' ').includes('offline_access')) {
        ctx.query = { ...ctx.query, [OFFLINE_PARAMETER]: '1' };
      }
      await next();
    });
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
        if (outcome === undefined) return {};
        return present(token === 'id' ? outcome.idTokenClaims : outcome.accessTokenClaims);
      },
      isOffline: (ctx) => this.#issued.ofCode(ctx.oidc.params?.['code'])?.isOffline === true,
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
    const metadata = this.#issued.metadataOf(ctx.oidc.entities.RefreshToken?.jti);
    const result = await this.#options.pipeline.start(refreshLogin(ctx, userId, metadata, this.#options));
    if (result.kind === 'redirect') {
      throw new errors.CustomOIDCProviderError('interaction_required', 'a refresh can not redirect');
    }
    this.#settle(ctx, result);
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
    return this.#outcomes.get(ctx) ?? this.#issued.ofCode(ctx.oidc.params?.['code'])?.outcome;
  }

  #keepCode(ctx: KoaContextWithOIDC, code: unknown): void {
    const outcome = this.#outcomes.get(ctx);
    if (outcome === undefined || typeof code !== 'string') return;
    this.#issued.addCode(code, { outcome, isOffline: ctx.oidc.params?.[OFFLINE_PARAMETER] !== undefined });
  }

  #keepRefreshToken(ctx: KoaContextWithOIDC): void {
    const { RefreshToken: token, RotatedRefreshToken: rotated } = ctx.oidc.entities;
    const metadata = this.#outcomeOf(ctx)?.refreshTokenMetadata;
    if (token !== undefined && metadata !== undefined) this.#issued.addRefreshToken(token.jti, metadata, rotated?.jti);
    this.#issued.removeCode(ctx.oidc.params?.['code']);
  }
}
