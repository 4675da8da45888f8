import { randomBytes } from 'node:crypto';
import { type ActionEffects, type MultifactorRequest, newEffects } from '../actions/action-effects.ts';
import type { ActionRequest, AuthenticationMethod } from '../actions/action-event.ts';
import type { HandlerName, LoadedAction } from '../actions/load-action.ts';
import type { Organization } from '../openid/tenant-client.ts';
import type { JournalLogin } from './journal.ts';
import { eventOf, type Login } from './login-event.ts';

/** What the tokens of a login carry. */
export interface LoginOutcome {
  readonly idTokenClaims: ReadonlyMap<string, unknown>;
  readonly accessTokenClaims: ReadonlyMap<string, unknown>;
  readonly refreshTokenMetadata: ReadonlyMap<string, string>;
  readonly multifactor: MultifactorRequest | null;
  readonly organization: Organization | null;
}

export type PipelineResult =
  | { readonly kind: 'done'; readonly outcome: LoginOutcome }
  | { readonly kind: 'denied'; readonly reason: string }
  | { readonly kind: 'failed' }
  /** Suspended: the browser goes to `url`; `state` resumes it, once. */
  | { readonly kind: 'redirect'; readonly url: string; readonly state: string };

/** Changes of a user's metadata, all written at the end of the login. */
export interface MetadataChanges {
  readonly appMetadata: ReadonlyMap<string, unknown>;
  readonly userMetadata: ReadonlyMap<string, unknown>;
}

export interface PipelineOptions {
  /** The current flow: it may change during a redirect. */
  readonly flow: () => readonly LoadedAction[];
  readonly clockMs: () => number;
  readonly log: (line: string) => void;
  readonly tenantId: string;
  /** Time for all Actions together, before a redirect and again after it (20 s at Auth0). */
  readonly budgetMs: number;
  readonly saveMetadata: (userId: string, changes: MetadataChanges) => Promise<void>;
  /** Called after each run of the Actions. */
  readonly onResult: (entry: JournalLogin) => void;
}

interface Suspended {
  readonly login: Login;
  /** Name of the Action that redirected. */
  readonly actionName: string;
  readonly effects: ActionEffects;
  readonly expiresAtMs: number;
}

/** One run of the Actions: their effects, and when their time is up. */
interface Run {
  readonly login: Login;
  readonly effects: ActionEffects;
  readonly deadlineMs: number;
}

/** How long a suspended login waits here; Auth0's documentation mentions up to 3 days. */
const SUSPENDED_MS = 3_600_000;

/** Names of claims with a value: an Action removes a claim by setting null. */
const namesOf = (...claims: readonly ReadonlyMap<string, unknown>[]): string[] => {
  const set = claims.flatMap((of) => [...of].filter(([, value]) => value !== null && value !== undefined));
  return [...new Set(set.map(([name]) => name))];
};

const outcomeText = (result: PipelineResult): string => {
  if (result.kind === 'denied') return `denied: ${result.reason}`;
  if (result.kind === 'redirect') return `sent to ${new URL(result.url).origin}`;
  return result.kind === 'done' ? 'passed' : 'failed';
};

/** Runs the bound post-login Actions in order, suspends at a redirect and resumes after /continue. */
export class LoginPipeline {
  readonly #options: PipelineOptions;
  readonly #suspended = new Map<string, Suspended>();
  readonly #methods = new Map<string, AuthenticationMethod[]>();

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  /** Records how a browser session authenticated, e.g. `pwd`; a later record with the same name replaces the earlier one. */
  recordMethod(sessionId: string, name: string): void {
    const method = { name, timestamp: new Date(this.#options.clockMs()).toISOString() };
    const others = (this.#methods.get(sessionId) ?? []).filter((known) => known.name !== name);
    this.#methods.set(sessionId, [...others, method]);
  }

  /** True if this browser session has authenticated this way. */
  hasMethod(sessionId: string, name: string): boolean {
    return this.#methods.get(sessionId)?.some((known) => known.name === name) === true;
  }

  /** Runs a login from its first Action. */
  async start(login: Login): Promise<PipelineResult> {
    const run = this.#newRun(login, newEffects());
    return this.#report(run, await this.#runFrom(0, run));
  }

  /** Resumes the login that waits for `state`, once; null if there is none, or no longer. */
  async resume(state: string, request: ActionRequest): Promise<PipelineResult | null> {
    const suspended = this.#suspended.get(state);
    this.#suspended.delete(state);
    if (suspended === undefined || suspended.expiresAtMs <= this.#options.clockMs()) return null;
    const { actionName, effects } = suspended;
    const run = this.#newRun({ ...suspended.login, request }, effects);
    effects.redirect = null;
    return this.#report(run, await this.#continueAt(actionName, run));
  }

  async #continueAt(actionName: string, run: Run): Promise<PipelineResult> {
    const flow = this.#options.flow();
    const position = flow.findIndex(({ name }) => name === actionName);
    const action = flow[position];
    if (action === undefined) this.#options.log(`[${actionName}] left the flow while a login waited for it`);
    if (action === undefined || !(await this.#runOne(action, 'onContinuePostLogin', run))) return { kind: 'failed' };
    if (run.effects.denied !== null) return this.#deny(run, run.effects.denied);
    return this.#runFrom(position + 1, run);
  }

  #report({ login, effects }: Run, result: PipelineResult): PipelineResult {
    this.#options.onResult({
      kind: 'login',
      email: login.user.email,
      app: login.client.name,
      protocol: login.transaction.protocol,
      outcome: outcomeText(result),
      claims: namesOf(effects.idTokenClaims, effects.accessTokenClaims),
    });
    return result;
  }

  #newRun(login: Login, effects: ActionEffects): Run {
    return { login, effects, deadlineMs: performance.now() + this.#options.budgetMs };
  }

  async #runFrom(first: number, run: Run): Promise<PipelineResult> {
    const { login, effects } = run;
    for (const [position, action] of this.#options.flow().entries()) {
      if (position < first) continue;
      if (!(await this.#runOne(action, 'onExecutePostLogin', run))) return { kind: 'failed' };
      if (effects.denied !== null) return this.#deny(run, effects.denied);
      if (effects.redirect !== null) return this.#suspend(login, action.name, effects);
    }
    await this.#options.saveMetadata(login.user.user_id, effects);
    return { kind: 'done', outcome: { ...effects, organization: login.organization } };
  }

  /** Metadata requested before the denial is written nevertheless. */
  async #deny({ login, effects }: Run, reason: string): Promise<PipelineResult> {
    await this.#options.saveMetadata(login.user.user_id, effects);
    return { kind: 'denied', reason };
  }

  #suspend(login: Login, actionName: string, effects: ActionEffects): PipelineResult {
    const now = this.#options.clockMs();
    for (const [state, { expiresAtMs }] of this.#suspended) if (expiresAtMs <= now) this.#suspended.delete(state);
    const state = randomBytes(24).toString('base64url');
    const url = new URL(effects.redirect ?? '');
    url.searchParams.set('state', state);
    // If nobody can follow the redirect, nothing waits for an answer.
    if (login.canLeave) this.#suspended.set(state, { login, actionName, effects, expiresAtMs: now + SUSPENDED_MS });
    return { kind: 'redirect', url: url.href, state };
  }

  async #runOne(action: LoadedAction, handler: HandlerName, run: Run): Promise<boolean> {
    const { login, effects, deadlineMs } = run;
    const { clockMs, log, tenantId } = this.#options;
    const methods = login.sessionId === null ? [] : (this.#methods.get(login.sessionId) ?? []);
    try {
      await action.run({
        handler,
        event: eventOf(login, { effects, methods, tenantId, secrets: action.secrets }),
        effects,
        nowSeconds: Math.floor(clockMs() / 1000),
        budgetMs: deadlineMs - performance.now(),
      });
    } catch (error) {
      log(`[${action.name}] ${handler} failed: ${error instanceof Error ? error.message : 'unknown'}`);
      return false;
    }
    for (const name of effects.droppedClaims.splice(0)) log(`[${action.name}] claim dropped, as Auth0 does: ${name}`);
    for (const url of effects.recordedMethods.splice(0)) if (login.sessionId) this.recordMethod(login.sessionId, url);
    return true;
  }
}
