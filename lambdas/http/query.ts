import type * as z from 'zod';
import { type PathParameterName, PathParameters } from '../../contract/api/path.ts';
import type { EpochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import { Problem } from '../core/model/problem.ts';
import type { HttpRequest } from './endpoint.ts';
import { parametersOf } from './request-text.ts';

/**
 * The query's parameters as `schema` wants them. They are read from the query as it was sent: API Gateway's own list of them joins
 * repeated ones by commas and mends bytes that are no UTF-8.
 * @throws Problem `invalid-request` that names the parameter and no value
 */
export const queryOf = <Schema extends z.ZodType>({ event }: HttpRequest, schema: Schema): z.infer<Schema> => {
  const result = schema.safeParse(parametersOf(event.rawQueryString));
  if (result.success) return result.data;
  const names = result.error.issues.map(({ path, code }) => `query ${path.join('.')} ${code}`);
  throw new Problem('invalid-request', names.slice(0, 5).join(', '));
};

/** A parameter of the path. @throws Problem `not-found` for one of another form, which names nothing */
export const pathParameter = ({ event }: HttpRequest, name: PathParameterName): string => {
  const result = PathParameters.shape[name].safeParse(event.pathParameters?.[name]);
  if (!result.success) throw new Problem('not-found', `path ${name}`);
  return result.data;
};

/** The time from `from` to `to`, both included. @throws Problem `invalid-request` where it ends before it begins */
export const spanOf = (from: EpochSeconds, to: EpochSeconds) => {
  if (from > to) throw new Problem('invalid-request', 'query from is after to');
  return { from, to };
};

/**
 * The place in a list that a cursor stands for. Cursors are keys below the account's or integration's own partition: a foreign one
 * points nowhere else.
 * @throws Problem `invalid-request`
 */
export const placeOf = (cursor: string | undefined): string | null => {
  if (cursor === undefined) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(cursor, 'base64url'));
  } catch {
    throw new Problem('invalid-request', 'query cursor');
  }
};

export const writeCursor = (after: string | null): string | null =>
  after === null ? null : Buffer.from(after).toString('base64url');
