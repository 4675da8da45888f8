import type * as z from 'zod';
import type { HandoffTransport } from '../../contract/api/handoff.ts';
import { ProblemDetails } from '../../contract/api/problem-details.ts';
import { PORTAL_PROBLEMS, type PortalProblemCode, type ProblemCode } from '../../contract/api/problems.ts';
import { readAnswer } from '../../contract/api/read-answer.ts';
import { ENROLL_ROUTES, SESSION_ROUTES, VERIFY_ROUTES } from '../../contract/api/routes/capture.ts';
import type { AnswerOf, BodySchema, CallRoute } from '../../contract/api/routes/definition.ts';
import type { Task } from '../../contract/api/session.ts';
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
/** For both requests to complete together: the limit of a state that waits for a call (`limits.ts`) is longer. */
const COMPLETE_MS = 27_000;

/** Problems that the calls of this page never return. */
const isPortal = (code: ProblemCode): code is PortalProblemCode => code in PORTAL_PROBLEMS;

const failureOf = async (response: Response): Promise<CallError> => {
  const body = readAnswer(ProblemDetails, await response.json().catch(() => null));
  // The gateway's own answer above a rate limit.
  if (!body.success && response.status === 429) return new CallError('unavailable', null);
  if (!body.success || isPortal(body.data.code)) return new CallError('internal-error', null);
  return new CallError(body.data.code, body.data.supportId);
};

/** Input of a call of this route. */
type RequestOf<Route extends CallRoute> = Settings &
  ([BodySchema<Route>] extends [never] ? unknown : { readonly body: z.input<BodySchema<Route>> });

interface Settings {
  /** The request outlives the page (`keepalive`). */
  readonly keepalive?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

const send = async (
  handle: string,
  { method, path }: CallRoute,
  { body, keepalive = false, signal, timeoutMs = TIMEOUT_MS }: Settings & { readonly body?: object },
): Promise<Response> => {
  const response = await fetch(path, {
    method,
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

/** One call of a route, whose definition gives input and answer. */
const call = async <Route extends CallRoute>(
  handle: string,
  route: Route,
  request: RequestOf<Route>,
): Promise<AnswerOf<Route>> => {
  const response = await send(handle, route, request);
  const { answers }: CallRoute = route;
  if (!(200 in answers)) return undefined as AnswerOf<Route>;
  const text = await response.text().catch(() => {
    throw new CallError('offline', null);
  });
  const body = readAnswer(answers[200], parse(text));
  if (!body.success) throw new CallError('internal-error', null);
  return body.data as AnswerOf<Route>;
};

const CHECK_ROUTES = {
  enroll: { start: ENROLL_ROUTES.startEnrollLiveness, complete: ENROLL_ROUTES.completeEnroll },
  verify: { start: VERIFY_ROUTES.startVerifyLiveness, complete: VERIFY_ROUTES.completeVerify },
} as const satisfies Readonly<Record<Task, object>>;

/** The service's API for the page. All calls reject with `CallError`; calls of a state are aborted by its `signal`. */
export const sessionApi = (handle: string) => ({
  readSession: (signal?: AbortSignal, timeoutMs = TIMEOUT_MS) =>
    call(handle, SESSION_ROUTES.readSession, { signal, timeoutMs }),
  startLiveness: (task: Task, consent: { version: string; locale: string } | null, signal?: AbortSignal) =>
    call(handle, CHECK_ROUTES[task].start, { body: consent === null ? {} : { consent }, signal }),
  /** Repeated once after a network failure: the service answers a repetition with the same result. */
  complete: async (task: Task, attempt: number, leaving?: AbortSignal) => {
    const signal = timeoutSignal(COMPLETE_MS, leaving);
    const complete = () => call(handle, CHECK_ROUTES[task].complete, { body: { attempt }, signal });
    return complete().catch((error: unknown) => {
      if (error instanceof CallError && error.failure === 'offline' && !signal.aborted) return complete();
      throw error;
    });
  },
  offerHandoff: (transport: HandoffTransport) => call(handle, SESSION_ROUTES.offerHandoff, { body: { transport } }),
  confirmCode: (code: string) => call(handle, SESSION_ROUTES.confirmCode, { body: { code } }),
  /** Outlives the page, so that closing it during the check does not count towards the lock. Repeated if it did not arrive. */
  release: async (attempt: number) => {
    await withRetries(async () => {
      const lost = await call(handle, SESSION_ROUTES.releaseAttempt, { body: { attempt }, keepalive: true }).then(
        () => null,
        (error: unknown) => error,
      );
      // The service's answer is final: another attempt runs, or the sign-in is over.
      if (lost instanceof CallError && (lost.failure === 'offline' || lost.failure === 'unavailable')) throw lost;
    });
  },
  end: (reason: EndReason, signal?: AbortSignal) =>
    call(handle, SESSION_ROUTES.endSession, { body: { reason }, signal }),
});

export type SessionApi = ReturnType<typeof sessionApi>;
