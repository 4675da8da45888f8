import type { ProblemCode } from '../../contract/api/problems.ts';

export interface MemberError {
  /** JSON pointer into the request. */
  readonly pointer: string;
  readonly detail: string;
}

/** A field that two edited, for forms. */
export interface FieldConflict {
  /** JSON pointer into the request. */
  readonly pointer: string;
  readonly yours: unknown;
  readonly theirs: unknown;
  /** Who wrote `theirs`, and when; null where it is not on record. */
  readonly by: string | null;
  readonly at: number | null;
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
  /** Fields that somebody else changed meanwhile. */
  readonly conflicts: readonly FieldConflict[];
  /** When it is worth trying again; null where time alone mends nothing, or nobody knows. */
  readonly retryAfterSeconds: number | null;

  constructor(
    code: ProblemCode,
    reason: string,
    options: {
      readonly cause?: unknown;
      readonly errors?: readonly MemberError[];
      readonly conflicts?: readonly FieldConflict[];
      readonly retryAfterSeconds?: number;
    } = {},
  ) {
    super(`${code}: ${reason}`, 'cause' in options ? { cause: options.cause } : {});
    this.name = 'Problem';
    this.code = code;
    this.reason = reason;
    this.errors = options.errors ?? [];
    this.conflicts = options.conflicts ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
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
