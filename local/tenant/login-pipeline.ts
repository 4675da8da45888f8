import { randomBytes, randomUUID } from 'node:crypto';
import { type ActionEffects, newEffects } from './action-api.ts';
import type { ActionEvent, ActionRequest, AuthenticationMethod, LoginTransaction, TenantUser } from './action-event.ts';
import type { LoadedAction } from './load-action.ts';

/** A login as the pipeline gets it from the provider. */
export interface Login {
  readonly transaction: LoginTransaction | null;
  readonly request: ActionRequest;
  readonly user: TenantUser;
  readonly client: ActionEvent['client'];
  readonly sessionId: string | null;
  readonly logins: number;
  readonly refreshTokenMetadata: Readonly<Record<string, string>> | null;
}

/** What the tokens of a login carry. */
export interface LoginOutcome {
  readonly idTokenClaims: ReadonlyMap<string, unknown>;
  readonly accessTokenClaims: ReadonlyMap<string, unknown>;
  readonly refreshTokenMetadata: ReadonlyMap<string, string>;
}

export type PipelineResult =
  | { readonly kind: 'done'; readonly outcome: LoginOutcome }
  | { readonly kind: 'denied'; readonly reason: string }
  | { readonly kind: 'failed' }
  /** Suspended: the browser goes to `url`; `state` resumes it, once. */
  | { readonly kind: 'redirect'; readonly url: string; readonly state: string };

interface Suspended {
  readonly login: Login;
  readonly position: number;
  readonly effects: ActionEffects;
}

export interface PipelineOptions {
  readonly actions: readonly LoadedAction[];
  readonly clockMs: () => number;
  readonly log: (line: string) => void;
  readonly tenantId: string;
  readonly saveAppMetadata: (userId: string, changes: ReadonlyMap<string, unknown>) => Promise<void>;
}

/** Runs the bound post-login Actions in order, suspends at a redirect and resumes after /continue. */
export class LoginPipeline {
  readonly #options: PipelineOptions;
  readonly #suspended = new Map<string, Suspended>();
  readonly #methods = new Map<string, AuthenticationMethod[]>();

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  /** Notes how a browser session authenticated, e.g. `pwd`. */
  recordMethod(sessionId: string, name: string): void {
    const method = { name, timestamp: new Date(this.#options.clockMs()).toISOString() };
    const others = (this.#methods.get(sessionId) ?? []).filter((known) => known.name !== name);
    this.#methods.set(sessionId, [...others, method]);
  }

  /** Runs a login from its first Action. */
  start(login: Login): Promise<PipelineResult> {
    return this.#runFrom(login, 0, newEffects());
  }

  /** True if a login waits for this state. */
  isSuspended(state: string): boolean {
    return this.#suspended.has(state);
  }

  /** Resumes the login that waits for `state`, once; null if there is none. */
  async resume(state: string, request: ActionRequest): Promise<PipelineResult | null> {
    const suspended = this.#suspended.get(state);
    if (suspended === undefined) return null;
    this.#suspended.delete(state);
    const { position, effects } = suspended;
    const login = { ...suspended.login, request };
    const action = this.#options.actions[position];
    effects.redirect = null;
    if (action !== undefined && !(await this.#runOne(action, 'onContinuePostLogin', login, effects)))
      return { kind: 'failed' };
    if (effects.denied !== null) return this.#deny(login, effects.denied, effects);
    return this.#runFrom(login, position + 1, effects);
  }

  async #runFrom(login: Login, first: number, effects: ActionEffects): Promise<PipelineResult> {
    for (const [position, action] of this.#options.actions.entries()) {
      if (position < first) continue;
      if (!(await this.#runOne(action, 'onExecutePostLogin', login, effects))) return { kind: 'failed' };
      if (effects.denied !== null) return this.#deny(login, effects.denied, effects);
      if (effects.redirect !== null) return this.#suspend(login, position, effects);
    }
    await this.#options.saveAppMetadata(login.user.user_id, effects.appMetadata);
    return { kind: 'done', outcome: effects };
  }

  async #deny(login: Login, reason: string, effects: ActionEffects): Promise<PipelineResult> {
    await this.#options.saveAppMetadata(login.user.user_id, effects.appMetadata);
    return { kind: 'denied', reason };
  }

  #suspend(login: Login, position: number, effects: ActionEffects): PipelineResult {
    const state = randomBytes(24).toString('base64url');
    const url = new URL(effects.redirect ?? '');
    url.searchParams.set('state', state);
    this.#suspended.set(state, { login, position, effects });
    return { kind: 'redirect', url: url.href, state };
  }

  async #runOne(
    action: LoadedAction,
    handler: 'onExecutePostLogin' | 'onContinuePostLogin',
    login: Login,
    effects: ActionEffects,
  ): Promise<boolean> {
    const nowMs = this.#options.clockMs();
    try {
      await action.run(handler, this.#eventOf(login, action, effects), effects, Math.floor(nowMs / 1000));
    } catch (error) {
      this.#options.log(`[${action.name}] threw: ${error instanceof Error ? error.message : 'unknown'}`);
      return false;
    }
    for (const url of effects.recordedMethods.splice(0)) this.recordMethod(login.sessionId ?? randomUUID(), url);
    return true;
  }

  #eventOf(login: Login, action: LoadedAction, effects: ActionEffects): ActionEvent {
    const { transaction, sessionId, refreshTokenMetadata } = login;
    return {
      ...(transaction === null
        ? {}
        : { transaction: { ...transaction, metadata: Object.fromEntries(effects.transactionMetadata) } }),
      request: login.request,
      ...(sessionId === null
        ? {}
        : { session: { id: sessionId }, authentication: { methods: this.#methods.get(sessionId) ?? [] } }),
      ...(refreshTokenMetadata === null ? {} : { refresh_token: { metadata: refreshTokenMetadata } }),
      user: { ...publicUser(login.user), enrolledFactors: [], multifactor: [] },
      client: login.client,
      connection: { name: 'Username-Password-Authentication', strategy: 'auth0' },
      tenant: { id: this.#options.tenantId },
      stats: { logins_count: login.logins },
      secrets: action.secrets,
      configuration: {},
    };
  }
}

/** The user without what the store keeps beside it. */
const publicUser = ({ user_id, email, email_verified, name, app_metadata, user_metadata }: TenantUser): TenantUser => ({
  user_id,
  email,
  email_verified,
  name,
  app_metadata,
  user_metadata,
});
