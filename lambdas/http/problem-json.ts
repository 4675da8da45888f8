import type { ProblemDetails } from '../../contract/api/problem-details.ts';
import { PROBLEM_TYPE_BASE, PROBLEMS, type ProblemCode } from '../../contract/api/problems.ts';
import type { FieldConflict, MemberError } from '../core/model/problem.ts';
import { NO_STORE_HEADERS } from './answer-headers.ts';

/** The whole answer for a problem (RFC 9457): fixed texts from the table, the support id, nothing of the request. */
export const problemAnswer = (
  code: ProblemCode,
  supportId: string,
  more: {
    readonly errors?: readonly MemberError[];
    readonly conflicts?: readonly FieldConflict[];
    readonly retryAfterSeconds?: number | null;
  } = {},
) => {
  const { errors = [], conflicts = [], retryAfterSeconds = null } = more;
  const { status, title } = PROBLEMS[code];
  const body: ProblemDetails = {
    type: `${PROBLEM_TYPE_BASE}${code}`,
    title,
    status,
    code,
    supportId,
    ...(errors.length === 0 ? {} : { errors: [...errors] }),
    ...(conflicts.length === 0
      ? {}
      : { conflicts: conflicts.map((each) => ({ ...each, theirs: each.theirs ?? null })) }),
  };
  return {
    statusCode: status,
    headers: {
      ...NO_STORE_HEADERS,
      'content-type': 'application/problem+json',
      ...(retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) }),
    },
    body: JSON.stringify(body),
  };
};
