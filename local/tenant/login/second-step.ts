import type { KoaContextWithOIDC } from 'oidc-provider';
import type { LoginOutcome, LoginPipeline } from './login-pipeline.ts';

/** Whether and how the tenant's own second step ("MFA" at Auth0) stops a login, after all Actions. */
export class SecondStep {
  readonly #policy: 'never' | 'always';
  readonly #pipeline: LoginPipeline;
  /** What the Actions decided, by the interaction that waits for the step. */
  readonly #waiting = new Map<string, LoginOutcome>();

  constructor(policy: 'never' | 'always', pipeline: LoginPipeline) {
    this.#policy = policy;
    this.#pipeline = pipeline;
  }

  /** True if the step is required at all: an Action's request takes precedence over the tenant's policy. */
  isWanted({ multifactor }: LoginOutcome): boolean {
    return multifactor === null ? this.#policy === 'always' : multifactor.provider !== 'none';
  }

  /** True if the browser has to pass it now; a browser session that has passed it once is remembered. */
  stops(ctx: KoaContextWithOIDC, outcome: LoginOutcome): boolean {
    const { session } = ctx.oidc;
    if (!this.isWanted(outcome) || session?.uid === undefined) return false;
    const hasPassed = (ctx.oidc.result as { mfa?: object } | undefined)?.mfa !== undefined;
    // As at Auth0, `amr` names the step in the tokens of this one login only.
    Object.assign(session, { amr: hasPassed ? ['mfa'] : undefined });
    if (hasPassed) {
      this.#pipeline.recordMethod(session.uid, 'mfa');
      return false;
    }
    return outcome.multifactor?.canRemember === false || !this.#pipeline.hasMethod(session.uid, 'mfa');
  }

  keep(interactionUid: string, outcome: LoginOutcome): void {
    this.#waiting.set(interactionUid, outcome);
  }

  /** What the Actions decided before the step, once. */
  take(interactionUid: string): LoginOutcome | undefined {
    const outcome = this.#waiting.get(interactionUid);
    this.#waiting.delete(interactionUid);
    return outcome;
  }
}
