import type { ProblemCode } from '../../../contract/api/problems.ts';

export interface MemberError {
  /** JSON pointer into the request. */
  readonly pointer: string;
  readonly detail: string;
}

/** A field that two operators edited, for forms. */
export interface FieldConflict {
  /** JSON pointer into the request. */
  readonly pointer: string;
  readonly yours: unknown;
  readonly theirs: unknown;
  /** Who wrote `theirs`, and when; null if not on record. */
  readonly by: string | null;
  readonly at: number | null;
}

/**
 * A failure with a public half and an internal half. The `code` picks what the caller sees (contract/api/problems.ts);
 * `reason` is for the log only and never contains a value that came from outside.
 */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly reason: string;
  /** Members that are invalid, for forms; our own texts, no values. */
  readonly errors: readonly MemberError[];
  /** Fields that somebody else has changed since. */
  readonly conflicts: readonly FieldConflict[];
  /** When it is worth trying again; null if time alone fixes nothing, or it is not known. */
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
 * Names of errors by which services say that the request itself is wrong: sent again, it is refused again. Refused permissions and
 * unknown resources are not among them, since an operator fixes those without another release.
 */
const WRONG_REQUESTS: ReadonlySet<string> = new Set([
  'ValidationException',
  'ValidationError',
  'SerializationException',
  'InvalidParameterException',
  'InvalidParameterValue',
  'InvalidArgument',
  'InvalidRequest',
  'KeyTooLongError',
  'MalformedPolicyDocument',
  'MalformedPolicyDocumentException',
]);

/** Whether our own code caused the failure: a request that the service refuses for its form, or one that was never sent. */
const isOurFault = (cause: unknown): boolean => {
  if (!(cause instanceof Error)) return false;
  if (WRONG_REQUESTS.has(cause.name)) return true;
  const hasAnswer = '$response' in cause || '$metadata' in cause;
  return (cause instanceof TypeError || cause instanceof RangeError) && !hasAnswer;
};

/** For a service that reports a wrong request of ours in an answer without an error name. */
export const wrongRequest = (call: string, cause: unknown): Problem =>
  new Problem('internal-error', `${call} refused our request`, { cause });

/**
 * For `.catch` where a service is called. A failure there is `unavailable` to the caller, who may try again. A fault of our own is
 * `internal-error`, since waiting fixes nothing and whoever runs the service must see it. The service's error is the cause, for the
 * log. A Problem is passed on unchanged.
 */
export const unavailable =
  (call: string) =>
  (cause: unknown): never => {
    if (cause instanceof Problem) throw cause;
    if (isOurFault(cause)) throw wrongRequest(call, cause);
    throw new Problem('unavailable', `${call} failed`, { cause });
  };
