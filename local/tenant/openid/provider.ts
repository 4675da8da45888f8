import type Provider from 'oidc-provider';
import type { Interaction, KoaContextWithOIDC } from 'oidc-provider';
import type { Login } from '../login/login-event.ts';
import { browserLogin, directLogin, refreshLogin } from '../login/login-of-context.ts';
import type { LoginOutcome, LoginPipeline, PipelineResult } from '../login/login-pipeline.ts';
import { SecondStep } from '../login/second-step.ts';
import { addClientGrant } from './client-grant.ts';
import { allowImplicitOnLoopback } from './client-metadata.ts';
import { addDirectGrants } from './direct-grants.ts';
import { firstPartyGrant } from './first-party-grant.ts';
import { IssuedOutcomes } from './issued-outcomes.ts';
import { OfflineAccess } from './offline-access.ts';
import { createProvider, errors } from './oidc-provider.ts';
import { claimsOf } from './outcome-claims.ts';
import { type ActionHooks, accountOf, providerConfiguration, type TenantSettings } from './provider-configuration.ts';
import { publicKeys } from './tenant-keys.ts';

export interface ProviderOptions extends TenantSettings {
  readonly issuer: string;
  readonly hostname: string;
  readonly isCustomDomain: boolean;
  readonly clockMs: () => number;
  /** The tenant's own second step, unless an Action requests otherwise. */
  readonly mfa: 'never' | 'always';
  readonly pipeline: LoginPipeline;
  /** Called when a login stops for a page or for an Action's redirect; returns where the browser goes. */
  readonly onInteraction: (ctx: KoaContextWithOIDC, interaction: Interaction) => string;
}

const INTERACTION_SECONDS = 3600;
/** How often a device may poll (RFC 8628 section 3.2). */
const POLL_SECONDS = 5;

/** The code in a token request; a device's is of another kind. */
const codeOf = (ctx: KoaContextWithOIDC): unknown => ctx.oidc.params?.['code'] ?? ctx.oidc.params?.['device_code'];

/** Connects oidc-provider with the Actions pipeline: Actions run as a separate prompt after the login. */
export class ActionsProvider {
  readonly provider: Provider;
  readonly #options: ProviderOptions;
  readonly #issued = new IssuedOutcomes();
  readonly #offline = new OfflineAccess();
  readonly #secondStep: SecondStep;
  readonly #outcomes = new WeakMap<KoaContextWithOIDC, LoginOutcome>();
  readonly #redirects = new WeakMap<KoaContextWithOIDC, { url: string; state: string }>();
  /** The result of /continue or of the second step, until the browser resumes the login. */
  readonly #resumed = new Map<string, PipelineResult>();

  constructor(options: ProviderOptions) {
    this.#options = options;
    this.#secondStep = new SecondStep(options.mfa, options.pipeline);
    const hooks = this.#hooks();
    this.provider = createProvider(options.issuer, providerConfiguration(options, hooks));
    allowImplicitOnLoopback(this.provider);
    this.#offline.watch(this.provider);
    addClientGrant(this.provider, options.clients);
    addDirectGrants({
      ...options,
      provider: this.provider,
      // Nobody logs in without a browser for an API that is granted per app, such as the Management API.
      apis: options.apis.filter(({ isLimitedToGrants }) => isLimitedToGrants !== true),
      jwks: publicKeys(options.keys.jwks),
      accountOf: (ctx, userId) => accountOf(options, hooks.claimsOf, ctx, userId),
      runActions: (ctx, userId, protocol) => this.#runDirect(ctx, directLogin(ctx, userId, protocol, options)),
    });
    this.provider.on('device_authorization.success', (_ctx, body) => Object.assign(body, { interval: POLL_SECONDS }));
    this.provider.on('authorization.success', (ctx, out) => this.#keepCode(ctx, out?.['code']));
    this.provider.on('grant.success', (ctx) => this.#keepRefreshToken(ctx));
    this.provider.on('authorization.success', (ctx) => this.#keepClaims(ctx));
    this.provider.on('grant.success', (ctx) => this.#keepClaims(ctx));
  }

  /** The interaction that waits for this page, or undefined. */
  find(uid: string): Promise<Interaction | undefined> {
    return this.provider.Interaction.find(uid);
  }

  /** Ends the login page: the browser continues at the returned address. */
  async finishLogin(interaction: Interaction, accountId: string, authenticatedAt: number): Promise<string> {
    interaction.result = { login: { accountId, remember: true, ts: authenticatedAt } };
    await interaction.save(INTERACTION_SECONDS);
    return interaction.returnTo;
  }

  /** Stores the result of /continue; the browser continues at the returned address. */
  async finishActions(interaction: Interaction, result: PipelineResult): Promise<string> {
    this.#resumed.set(interaction.uid, result);
    interaction.result = { ...interaction.lastSubmission, actions: { uid: interaction.uid } };
    await interaction.save(INTERACTION_SECONDS);
    return interaction.returnTo;
  }

  /** Ends the tenant's own second step: the browser continues at the returned address. */
  async finishMfa(interaction: Interaction): Promise<string> {
    const outcome = this.#secondStep.take(interaction.uid);
    if (outcome !== undefined) this.#resumed.set(interaction.uid, { kind: 'done', outcome });
    interaction.result = { ...interaction.lastSubmission, actions: { uid: interaction.uid }, mfa: { isPassed: true } };
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
      needsMfa: (ctx) => this.#needsMfa(ctx),
      interactionUrl: (ctx, interaction) => {
        const outcome = this.#outcomes.get(ctx);
        if (interaction.prompt.name === 'mfa' && outcome !== undefined) this.#secondStep.keep(interaction.uid, outcome);
        return this.#options.onInteraction(ctx, interaction);
      },
      grantOf: (ctx) => firstPartyGrant(this.provider, this.#options.apis, ctx),
    };
  }

  /** Runs the Actions for one request to /authorize: true if the browser has to leave. */
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

  #needsMfa(ctx: KoaContextWithOIDC): boolean {
    const outcome = this.#outcomes.get(ctx);
    return outcome !== undefined && this.#secondStep.stops(ctx, outcome);
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

  /** A refresh runs the Actions too, without a browser. */
  async #refresh(ctx: KoaContextWithOIDC, userId: string): Promise<void> {
    const kept = this.#issued.ofRefreshToken(ctx.oidc.entities.RefreshToken?.jti);
    await this.#runDirect(ctx, refreshLogin(ctx, userId, kept, this.#options));
  }

  /** Without a browser, nobody can follow a redirect, and a login with a password cannot pass the second step. */
  async #runDirect(ctx: KoaContextWithOIDC, login: Login): Promise<void> {
    const result = await this.#options.pipeline.start(login);
    if (result.kind === 'redirect') {
      throw new errors.CustomOIDCProviderError('interaction_required', 'there is no browser to redirect');
    }
    this.#settle(ctx, result);
    const isPassword = login.transaction.protocol === 'oauth2-password';
    if (isPassword && result.kind === 'done' && this.#secondStep.isWanted(result.outcome)) {
      throw new errors.CustomOIDCProviderError('mfa_required', 'Multifactor authentication required');
    }
  }

  #outcomeOf(ctx: KoaContextWithOIDC): LoginOutcome | undefined {
    return this.#outcomes.get(ctx) ?? this.#issued.ofCode(codeOf(ctx))?.outcome;
  }

  #keepCode(ctx: KoaContextWithOIDC, issued: unknown): void {
    const outcome = this.#outcomes.get(ctx);
    const code = ctx.oidc.entities.DeviceCode?.jti ?? issued;
    if (outcome === undefined || typeof code !== 'string') return;
    this.#issued.addCode(code, { outcome, isOffline: this.#offline.isAsked(ctx) });
  }

  /** Only where the Actions ran, so not a second time when the code of that login is exchanged. */
  #keepClaims(ctx: KoaContextWithOIDC): void {
    const { client, account } = ctx.oidc;
    const outcome = this.#outcomes.get(ctx);
    if (outcome === undefined || client === undefined || account === undefined) return;
    this.#options.keptClaims.keep(client.clientId, account.accountId, outcome.idTokenClaims);
  }

  #keepRefreshToken(ctx: KoaContextWithOIDC): void {
    const { RefreshToken: token, RotatedRefreshToken: rotated } = ctx.oidc.entities;
    const outcome = this.#outcomeOf(ctx);
    if (token !== undefined && outcome !== undefined) this.#issued.addRefreshToken(token.jti, outcome, rotated?.jti);
    this.#issued.removeCode(codeOf(ctx));
  }
}
