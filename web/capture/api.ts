import type { z } from 'zod';
import { CompleteResponse, StartLivenessResponse } from '../../contract/api/face-check.ts';
import { ConfirmCodeResponse, type HandoffTransport, OfferHandoffResponse } from '../../contract/api/handoff.ts';
import { ProblemDetails } from '../../contract/api/problem-details.ts';
import { PORTAL_PROBLEMS, type PortalProblemCode, type ProblemCode } from '../../contract/api/problems.ts';
import { readAnswer } from '../../contract/api/read-answer.ts';
import { SessionView, type Task } from '../../contract/api/session.ts';
import { SESSION_HANDLE_HEADER } from '../../contract/api/session-handle.ts';
import { withRetries } from './load-part.ts';
import { serverClock } from './server-clock.ts';
import type { CallFailure, EndReason } from './states.ts';
import { timeoutSignal } from './timeout-signal.ts';

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
/** Both tries to complete together: the limit of a state that waits for a call (`limits.ts`) is longer. */
const COMPLETE_MS = 27_000;

/** What this page's calls never answer. */
const isPortal = (code: ProblemCode): code is PortalProblemCode => code in PORTAL_PROBLEMS;

const failureOf = async (response: Response): Promise<CallError> => {
  const body = readAnswer(ProblemDetails, await response.json().catch(() => null));
  // Above a limit the gateway answers in its own words.
  if (!body.success && response.status === 429) return new CallError('unavailable', null);
  if (!body.success || isPortal(body.data.code)) return new CallError('internal-error', null);
  return new CallError(body.data.code, body.data.supportId);
};

interface Options {
  /** Sent as JSON, by POST; absent: GET. */
  readonly body?: object;
  /** The call outlives the page. */
  readonly keepalive?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

const send = async (handle: string, path: string, options: Options = {}): Promise<Response> => {
  const { body, keepalive = false, signal, timeoutMs = TIMEOUT_MS } = options;
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
    signal: timeoutSignal(timeoutMs, signal),
  }).catch(() => {
    throw new CallError('offline', null);
  });
  serverClock.learn(response.headers.get('date'));
  if (!response.ok) throw await failureOf(response);
  return response;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const read = async <Schema extends z.ZodType>(response: Response, schema: Schema): Promise<z.infer<Schema>> => {
  const text = await response.text().catch(() => {
    throw new CallError('offline', null);
  });
  const body = readAnswer(schema, parse(text));
  if (!body.success) throw new CallError('internal-error', null);
  return body.data;
};

/** The service as the page knows it. All calls reject with `CallError`; those of a state end with its `signal`. */
export const sessionApi = (handle: string) => ({
  readSession: async (signal?: AbortSignal, timeoutMs = TIMEOUT_MS) =>
    read(await send(handle, '/api/session', { signal, timeoutMs }), SessionView),
  startLiveness: async (task: Task, consent: { version: string; locale: string } | null, signal?: AbortSignal) => {
    const body = consent === null ? {} : { consent };
    return read(await send(handle, `/api/${task}/liveness`, { body, signal }), StartLivenessResponse);
  },
  /** Repeated once where the network failed: the service answers a repetition with what stands. */
  complete: async (task: Task, attempt: number, leaving?: AbortSignal) => {
    const path = `/api/${task}/complete`;
    const signal = timeoutSignal(COMPLETE_MS, leaving);
    const call = async () => read(await send(handle, path, { body: { attempt }, signal }), CompleteResponse);
    return call().catch((error: unknown) => {
      if (error instanceof CallError && error.failure === 'offline' && !signal.aborted) return call();
      throw error;
    });
  },
  offerHandoff: async (transport: HandoffTransport) =>
    read(await send(handle, '/api/session/handoff', { body: { transport } }), OfferHandoffResponse),
  confirmCode: async (code: string) =>
    read(await send(handle, '/api/session/code', { body: { code } }), ConfirmCodeResponse),
  /** Outlives the page: a person who closes it during the check loses no try of the lockout. Repeated where it did not arrive. */
  release: async (attempt: number) => {
    await withRetries(async () => {
      const lost = await send(handle, '/api/session/release', { body: { attempt }, keepalive: true }).then(
        () => null,
        (error: unknown) => error,
      );
      // What the service said stands: another try runs, or the sign-in is over.
      if (lost instanceof CallError && (lost.failure === 'offline' || lost.failure === 'unavailable')) throw lost;
    });
  },
  end: async (reason: EndReason, signal?: AbortSignal) =>
    void (await send(handle, '/api/session/end', { body: { reason }, signal })),
});

export type SessionApi = ReturnType<typeof sessionApi>;
