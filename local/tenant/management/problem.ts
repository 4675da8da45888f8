import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { RegistryError } from '../actions/registry-rules.ts';

/** An error of the Management API (Auth0 docs, "Management API v2 error codes"). */
export class ManagementProblem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
};

const REGISTRY_PROBLEMS: Readonly<Record<RegistryError['fault'], readonly [number, string]>> = {
  'not-found': [404, 'inexistent_action'],
  exists: [409, 'action_conflict'],
  'not-built': [400, 'invalid_action_state'],
  bound: [409, 'action_bound'],
  refused: [400, 'invalid_body'],
};

const toProblem = (error: unknown): ManagementProblem | null => {
  if (error instanceof ManagementProblem) return error;
  if (error instanceof RegistryError) return new ManagementProblem(...REGISTRY_PROBLEMS[error.fault], error.message);
  if (error instanceof z.ZodError) {
    const issue = error.issues[0];
    const where = issue?.path.join('.') ?? '';
    const text = `Payload validation error: '${issue?.message ?? 'invalid'}'${where === '' ? '' : ` on property ${where}`}.`;
    return new ManagementProblem(400, 'invalid_body', text);
  }
  // Bodies that are not JSON, or too large.
  if (error instanceof SyntaxError) return new ManagementProblem(400, 'invalid_body', 'The body is not JSON.');
  return null;
};

/** Answers with Auth0's form of an error; an unexpected error discloses nothing. */
export const answerProblem =
  (log: (line: string) => void): ErrorRequestHandler =>
  (error: unknown, _request, response, _next) => {
    const problem = toProblem(error) ?? new ManagementProblem(500, 'internal_error', 'Internal error.');
    if (problem.status === 500) log(`management: ${error instanceof Error ? error.message : 'unknown'}`);
    const { status: statusCode, message, code: errorCode } = problem;
    response.status(statusCode).json({ statusCode, error: TITLES[statusCode] ?? 'Error', message, errorCode });
  };

/** For parts of the API that this tenant does not have: 404, since clients retry after a 501. */
export const notEmulated: RequestHandler = (request: Request, _response: Response) => {
  throw new ManagementProblem(
    404,
    'not_emulated',
    `The local tenant does not emulate ${request.method} ${request.path}.`,
  );
};
