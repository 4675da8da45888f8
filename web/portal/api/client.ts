import type { z } from 'zod';
import { ProblemDetails } from '../../../contract/api/problem-details.ts';
import type { ProblemCode } from '../../../contract/api/problems.ts';
import { readAnswer } from '../../../contract/api/read-answer.ts';
import type { Session } from '../session/sign-in.ts';

/** Why a call failed: a problem of the service, or one of these. */
export type FailureCode = ProblemCode | 'offline' | 'unreadable-answer';

export interface MemberError {
  /** JSON pointer into the request's body, e.g. `#/options/domains/0`. */
  readonly pointer: string;
  readonly detail: string;
}

/** A field that somebody else changed since the form was loaded. */
export type FieldConflict = NonNullable<ProblemDetails['conflicts']>[number];

/** A call that did not succeed. Pages show it by its code, never by a message. */
export class CallError extends Error {
  readonly code: FailureCode;
  readonly supportId: string | null;
  readonly errors: readonly MemberError[];
  readonly conflicts: readonly FieldConflict[];

  constructor(
    code: FailureCode,
    supportId: string | null = null,
    errors: readonly MemberError[] = [],
    conflicts: readonly FieldConflict[] = [],
  ) {
    super(code);
    this.name = 'CallError';
    this.code = code;
    this.supportId = supportId;
    this.errors = errors;
    this.conflicts = conflicts;
  }
}

export const asCallError = (error: unknown): CallError =>
  error instanceof CallError ? error : new CallError('internal-error');

/** A rotation that was refused because the secrets stand otherwise than the page shows: time to show them anew. */
export const isRotationRefusal = (error: unknown): boolean =>
  ['already-rotated', 'secret-in-overlap'].includes(asCallError(error).code);

const TIMEOUT_MS = 25_000;

const failureOf = async (response: Response): Promise<CallError> => {
  const body = readAnswer(ProblemDetails, await response.json().catch(() => null));
  if (body.success) {
    const { code, supportId, errors = [], conflicts = [] } = body.data;
    return new CallError(code, supportId, errors, conflicts);
  }
  // The gateway's own words: for a token that lets nobody in, and above a limit.
  if (response.status === 401) return new CallError('not-signed-in');
  return new CallError(response.status === 429 ? 'unavailable' : 'unreadable-answer');
};

export interface Call {
  readonly query?: Readonly<Record<string, string | number | null | undefined>>;
  readonly body?: object;
  readonly signal?: AbortSignal | undefined;
}

const addressOf = (path: string, query: Call['query'] = {}): string => {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') parameters.set(name, String(value));
  }
  return parameters.size === 0 ? path : `${path}?${parameters}`;
};

/** U+FFFD as an escape: the service takes the character itself for bytes that nobody could read. */
const jsonOf = (body: object): string => JSON.stringify(body).replaceAll('\uFFFD', '\\ufffd');

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** Refusals that concern the person and no page: the shell answers them, whoever called. */
export type PersonRefusal = 'reauthentication-required' | 'no-account';

/**
 * The service as the portal's pages know it; nothing else of the portal calls `fetch`. Every call carries the ID token in a
 * header that no form and no other site can set, and no cookie. All calls reject with `CallError`.
 */
export class PortalApi {
  readonly #session: Session;
  readonly #onEnded: () => void;
  readonly #listeners = new Set<(code: PersonRefusal) => void>();

  /** @param onEnded called when the service no longer knows the person */
  constructor(session: Session, onEnded: () => void) {
    this.#session = session;
    this.#onEnded = onEnded;
  }

  /** Tells of refusals that concern the person, whichever call met them. Returns what ends that. */
  onRefusal(listener: (code: PersonRefusal) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** @throws CallError */
  async read<Schema extends z.ZodType>(
    method: Method,
    path: string,
    schema: Schema,
    call: Call = {},
  ): Promise<z.infer<Schema>> {
    const response = await this.send(method, path, call);
    const body = readAnswer(schema, await response.json().catch(() => null));
    if (!body.success) throw new CallError('unreadable-answer');
    return body.data;
  }

  /** The answer itself, for those that have no body and for downloads. @throws CallError */
  async send(method: Method, path: string, { query, body, signal }: Call = {}): Promise<Response> {
    const token = await this.#session.token();
    if (token === null) return this.#ended(new CallError('not-signed-in'));
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(addressOf(path, query), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: jsonOf(body) }),
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    }).catch(() => {
      throw new CallError('offline');
    });
    if (response.ok) return response;
    const failure = await failureOf(response);
    const { code } = failure;
    if (code === 'reauthentication-required' || code === 'no-account') {
      for (const listener of this.#listeners) listener(code);
    }
    return failure.code === 'not-signed-in' ? this.#ended(failure) : Promise.reject(failure);
  }

  #ended(failure: CallError): never {
    this.#onEnded();
    throw failure;
  }
}
