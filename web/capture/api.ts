import type { z } from 'zod';
import { CompleteResponse, StartLivenessResponse } from '../../contract/api/face-check.ts';
import { ConfirmCodeResponse, type HandoffTransport, OfferHandoffResponse } from '../../contract/api/handoff.ts';
import { ProblemDetails } from '../../contract/api/problem-details.ts';
import { PORTAL_PROBLEMS, type PortalProblemCode, type ProblemCode } from '../../contract/api/problems.ts';
import { answerReader } from '../../contract/api/read-answer.ts';
import { SESSION_HANDLE_HEADER } from '../../contract/api/routes.ts';
import { type EndSessionRequest, SessionView, type Task } from '../../contract/api/session.ts';
import type { CallFailure } from './machine.ts';

/** A call that did not succeed. */
export class CallError extends Error {
  readonly failure: CallFailure;
  readonly supportId: string | null;

  constructor(failure: CallFailure, supportId: string | null) {
    super(failure);
    this.name = 'CallError';
    this.failure = failure;
    this.supportId = supportId;
  }
}

const TIMEOUT_MS = 25_000;

/** What this page's calls never answer. */
const isPortal = (code: ProblemCode): code is PortalProblemCode => code in PORTAL_PROBLEMS;

const failureOf = async (response: Response): Promise<CallError> => {
  const body = answerReader(ProblemDetails).safeParse(await response.json().catch(() => null));
  // Above a limit the gateway answers in its own words.
  if (!body.success && response.status === 429) return new CallError('unavailable', null);
  if (!body.success || isPortal(body.data.code)) return new CallError('internal-error', null);
  return new CallError(body.data.code, body.data.supportId);
};

const send = async (handle: string, path: string, body?: object, keepalive = false): Promise<Response> => {
  const response = await fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      [SESSION_HANDLE_HEADER]: handle,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    credentials: 'same-origin',
    cache: 'no-store',
    keepalive,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => {
    throw new CallError('offline', null);
  });
  if (!response.ok) throw await failureOf(response);
  return response;
};

const read = async <Schema extends z.ZodType>(response: Response, schema: Schema): Promise<z.infer<Schema>> => {
  const body = answerReader(schema).safeParse(await response.json().catch(() => null));
  if (!body.success) throw new CallError('internal-error', null);
  return body.data;
};

/** The service as the page knows it. All calls reject with `CallError`. */
export const sessionApi = (handle: string) => ({
  readSession: async () => read(await send(handle, '/api/session'), SessionView),
  startLiveness: async (task: Task, consent: { version: string; locale: string } | null) =>
    read(await send(handle, `/api/${task}/liveness`, consent === null ? {} : { consent }), StartLivenessResponse),
  /** Repeated once where the network failed: the service answers a repetition with what stands. */
  complete: async (task: Task, attempt: number) => {
    const path = `/api/${task}/complete`;
    const response = await send(handle, path, { attempt }).catch((error: unknown) => {
      if (error instanceof CallError && error.failure === 'offline') return send(handle, path, { attempt });
      throw error;
    });
    return read(response, CompleteResponse);
  },
  offerHandoff: async (transport: HandoffTransport) =>
    read(await send(handle, '/api/session/handoff', { transport }), OfferHandoffResponse),
  confirmCode: async (code: string) => read(await send(handle, '/api/session/code', { code }), ConfirmCodeResponse),
  /** Outlives the page: a person who closes it during the check loses no try of the lockout. */
  release: async (attempt: number) => void (await send(handle, '/api/session/release', { attempt }, true)),
  end: async (reason: EndSessionRequest['reason']) => void (await send(handle, '/api/session/end', { reason })),
});

export type SessionApi = ReturnType<typeof sessionApi>;
