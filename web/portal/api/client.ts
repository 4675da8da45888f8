import type { z } from 'zod';
import { ProblemDetails } from '../../../contract/api/problem-details.ts';
import type { ProblemCode } from '../../../contract/api/problems.ts';
import { readAnswer } from '../../../contract/api/read-answer.ts';
import { pathWith } from '../../../contract/api/route-path.ts';
import type {
  AnswerOf,
  BodySchema,
  PathOf,
  PortalRoute,
  QuerySchema,
} from '../../../contract/api/routes/definition.ts';
import type { Session } from '../session/sign-in.ts';

/** Why a call failed: a problem of the service, or one of these. */
export type FailureCode = ProblemCode | 'offline' | 'unreadable-answer';

export interface MemberError {
  /** JSON pointer into the request's body, e.g. `#/options/domains/0`. */
  readonly pointer: string;
  readonly detail: string;
}

/** A field that another operator has changed since the form was loaded. */
export type FieldConflict = NonNullable<ProblemDetails['conflicts']>[number];

interface FailureDetails {
  readonly supportId: string | null;
  readonly errors: readonly MemberError[];
  readonly conflicts: readonly FieldConflict[];
  /** The call was to change something, and it is not known whether it did: there was no answer, or an error of the service. */
  readonly mayHaveTakenEffect: boolean;
}

const NO_DETAILS: FailureDetails = { supportId: null, errors: [], conflicts: [], mayHaveTakenEffect: false };

/** A failed call. Pages show a text for its code, never a message of the service. */
export class CallError extends Error implements FailureDetails {
  readonly code: FailureCode;
  readonly supportId: FailureDetails['supportId'];
  readonly errors: FailureDetails['errors'];
  readonly conflicts: FailureDetails['conflicts'];
  readonly mayHaveTakenEffect: FailureDetails['mayHaveTakenEffect'];

  constructor(code: FailureCode, details: Partial<FailureDetails> = {}) {
    super(code);
    this.name = 'CallError';
    this.code = code;
    const { supportId, errors, conflicts, mayHaveTakenEffect } = { ...NO_DETAILS, ...details };
    this.supportId = supportId;
    this.errors = errors;
    this.conflicts = conflicts;
    this.mayHaveTakenEffect = mayHaveTakenEffect;
  }
}

export const asCallError = (error: unknown): CallError =>
  error instanceof CallError ? error : new CallError('internal-error');

/** A rotation was refused because the secrets have changed: the page has to reload them. */
export const isRotationRefusal = (error: unknown): boolean =>
  ['already-rotated', 'secret-in-overlap'].includes(asCallError(error).code);

const TIMEOUT_MS = 25_000;

/** Showing a photo is recorded, and therefore no GET, but it changes nothing. */
const isChange = ({ method, permission }: PortalRoute): boolean => method !== 'GET' && permission !== 'viewPhoto';

const failureOf = async (route: PortalRoute, response: Response): Promise<CallError> => {
  const mayHaveTakenEffect = isChange(route) && response.status >= 500;
  const body = readAnswer(ProblemDetails, await response.json().catch(() => null));
  if (body.success) {
    const { code, supportId, errors = [], conflicts = [] } = body.data;
    return new CallError(code, { supportId, errors, conflicts, mayHaveTakenEffect });
  }
  // The gateway's own answers: for an invalid token, and above a rate limit.
  if (response.status === 401) return new CallError('not-signed-in');
  return new CallError(response.status === 429 ? 'unavailable' : 'unreadable-answer', { mayHaveTakenEffect });
};

/** A query parameter; empty, null and undefined ones are omitted. */
type Parameter = string | number | null | undefined;
type QueryOf<Input> = { readonly [Name in keyof Input]: undefined extends Input[Name] ? Parameter : Input[Name] };

/** Input of a call of this route. */
type RequestOf<Route extends PortalRoute> = {
  readonly signal?: AbortSignal | undefined;
} & (keyof PathOf<Route> extends never ? unknown : { readonly path: PathOf<Route> }) &
  ([QuerySchema<Route>] extends [never] ? unknown : QueryPart<QueryOf<z.input<QuerySchema<Route>>>>) &
  ([BodySchema<Route>] extends [never] ? unknown : { readonly body: z.input<BodySchema<Route>> });
type QueryPart<Query> = Partial<Query> extends Query ? { readonly query?: Query } : { readonly query: Query };

/** Input of a call of any route. */
interface AnyRequest {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, Parameter>>;
  readonly body?: object;
  readonly signal?: AbortSignal | undefined;
}

const addressOf = (route: PortalRoute, { path = {}, query = {} }: AnyRequest): string => {
  const address = pathWith<string>(route.path, path);
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') parameters.set(name, String(value));
  }
  return parameters.size === 0 ? address : `${address}?${parameters}`;
};

/** Escapes U+FFFD: the service takes the character itself for undecodable bytes. */
const jsonOf = (body: object): string => JSON.stringify(body).replaceAll('\uFFFD', '\\ufffd');

/** Refusals that concern the operator and not a page: the shell handles them, whichever page called. */
export type OperatorRefusal = 'reauthentication-required' | 'no-account';

/**
 * The service's API for the portal's pages; only this folder calls `fetch`. Every call carries the ID token in a
 * header that no form and no other site can set, and no cookie. All calls reject with `CallError`.
 */
export class PortalApi {
  readonly #session: Session;
  readonly #onEnded: () => void;
  readonly #listeners = new Set<(code: OperatorRefusal) => void>();

  /** @param onEnded called when the service no longer accepts the session */
  constructor(session: Session, onEnded: () => void) {
    this.#session = session;
    this.#onEnded = onEnded;
  }

  /** Calls `listener` for refusals that concern the operator, from any call. Returns the unsubscribe function. */
  onRefusal(listener: (code: OperatorRefusal) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** One call of a route, whose definition gives input and answer. @throws CallError */
  async call<Route extends PortalRoute>(
    route: Route,
    ...[request]: Record<never, never> extends RequestOf<Route> ? [RequestOf<Route>?] : [RequestOf<Route>]
  ): Promise<AnswerOf<Route>> {
    const { answers }: PortalRoute = route;
    const response = await this.#send(route, request ?? {});
    if (!(200 in answers)) return undefined as AnswerOf<Route>;
    const body = readAnswer(answers[200], await response.json().catch(() => null));
    if (!body.success) throw new CallError('unreadable-answer', { mayHaveTakenEffect: isChange(route) });
    return body.data as AnswerOf<Route>;
  }

  async #send(route: PortalRoute, request: AnyRequest): Promise<Response> {
    const { body, signal } = request;
    const token = await this.#session.token();
    if (token === null) return this.#ended(new CallError('not-signed-in'));
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(addressOf(route, request), {
      method: route.method,
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
      throw new CallError('offline', { mayHaveTakenEffect: isChange(route) });
    });
    if (response.ok) return response;
    const failure = await failureOf(route, response);
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
