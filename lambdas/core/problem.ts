import type { ProblemCode } from '../../contract/api/problems.ts';

export interface MemberError {
  /** JSON pointer into the request. */
  readonly pointer: string;
  readonly detail: string;
}

/**
 * A failure with a public half and an internal half. The `code` picks what the caller sees (contract/api/problems.ts);
 * `reason` is for the log only and never names a value that came from outside.
 */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly reason: string;
  /** Members that are wrong, for forms; words of ours, no values. */
  readonly errors: readonly MemberError[];

  constructor(
    code: ProblemCode,
    reason: string,
    options: { readonly cause?: unknown; readonly errors?: readonly MemberError[] } = {},
  ) {
    super(`${code}: ${reason}`, 'cause' in options ? { cause: options.cause } : {});
    this.name = 'Problem';
    this.code = code;
    this.reason = reason;
    this.errors = options.errors ?? [];
  }
}

/**
 * For `.catch` where a service is called: whatever goes wrong there is `unavailable` to the caller, with the service's own
 * error as cause for the log. A Problem stays what it is.
 */
export const unavailable =
  (call: string) =>
  (cause: unknown): never => {
    if (cause instanceof Problem) throw cause;
    throw new Problem('unavailable', `${call} failed`, { cause });
  };
