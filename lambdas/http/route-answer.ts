import type * as z from 'zod';
import type { AnswerSchema, CallRoute } from '../../contract/api/routes/definition.ts';
import { NO_STORE_HEADERS } from './answer-headers.ts';
import type { HttpAnswer } from './endpoint.ts';

/** What a handler answers; nothing if the route's answer is empty. */
export type RouteAnswer<Route extends CallRoute> = [AnswerSchema<Route>] extends [never]
  ? Promise<void>
  : Promise<z.input<AnswerSchema<Route>>>;

/** The answer as the definition declares it. JSON is checked against its schema, so that no member is disclosed by accident. */
export const writeAnswer = ({ answers }: CallRoute, value: unknown): HttpAnswer => {
  if (!(200 in answers)) return { statusCode: 204, headers: { ...NO_STORE_HEADERS } };
  return {
    statusCode: 200,
    headers: { ...NO_STORE_HEADERS, 'content-type': 'application/json' },
    body: JSON.stringify(answers[200].parse(value)),
  };
};
