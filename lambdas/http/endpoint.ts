import { randomUUID } from 'node:crypto';
import middy from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { ProblemCode } from '../../contract/api/problems.ts';
import { supportIdOf } from '../../contract/protocol/support-id.ts';
import type { Log } from '../core/model/ports.ts';
import { type FieldConflict, type MemberError, Problem } from '../core/model/problem.ts';

/** One request as the endpoints see it: lower-case header names, and a place for the login's support id. */
export interface HttpRequest {
  readonly event: APIGatewayProxyEventV2;
  /** Set as soon as the session is known; until then a random one identifies this request alone. */
  supportId: string;
}

export type HttpAnswer = APIGatewayProxyStructuredResultV2;
export type HttpHandler = (event: APIGatewayProxyEventV2, context: unknown) => Promise<HttpAnswer>;

/** How a failed request is answered: with a problem document for the page's calls, with a page for navigations. */
export type FailureAnswer = (
  code: ProblemCode,
  supportId: string,
  more: {
    readonly errors: readonly MemberError[];
    readonly conflicts: readonly FieldConflict[];
    readonly retryAfterSeconds: number | null;
  },
) => HttpAnswer;

const NOTHING_MORE = { errors: [], conflicts: [], retryAfterSeconds: null } as const;

const logFailure = (log: Log, error: unknown, code: ProblemCode, supportId: string): void => {
  // Of a foreign error only its class: messages of libraries may quote the input.
  const cause = error instanceof Problem ? error.cause : error;
  const errorName = cause instanceof Error ? cause.name : null;
  log(code, { supportId, reason: error instanceof Problem ? error.reason : 'unexpected', errorName });
};

/**
 * The one place that calls middy: normalizes headers, runs the endpoint and turns whatever is thrown into an answer of the
 * problem table. A Problem keeps its code; anything else is `internal-error` and discloses nothing.
 */
export const endpoint = (
  log: Log,
  answerFailure: FailureAnswer,
  run: (request: HttpRequest) => Promise<HttpAnswer>,
): HttpHandler => {
  const requests = new WeakMap<object, HttpRequest>();
  const handler = middy<APIGatewayProxyEventV2, HttpAnswer>()
    .use({
      onError: ({ event, error, response }) => {
        if (response !== undefined) return;
        const code = error instanceof Problem ? error.code : 'internal-error';
        const supportId = requests.get(event)?.supportId ?? supportIdOf(randomUUID());
        logFailure(log, error, code, supportId);
        return answerFailure(code, supportId, error instanceof Problem ? error : NOTHING_MORE);
      },
    })
    .use(httpHeaderNormalizer())
    .handler(async (event: APIGatewayProxyEventV2) => {
      const request: HttpRequest = { event, supportId: supportIdOf(randomUUID()) };
      requests.set(event, request);
      return run(request);
    });
  return async (event, context) => handler(event, context as never);
};
