import type * as z from 'zod';
import { MAX_BODY_BYTES } from '../../contract/api/body-limits.ts';
import { Problem } from '../core/model/problem.ts';
import type { HttpRequest } from './endpoint.ts';
import { bodyText, parametersOf } from './request-text.ts';

const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;|$)/i;

/**
 * A form that one of our own pages posted, checked against `schema`.
 * @throws Problem `forbidden-origin`, `body-too-large`, `invalid-request`
 */
export const formBody = <Schema extends z.ZodType>(request: HttpRequest, schema: Schema): z.infer<Schema> => {
  const site = request.event.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw new Problem('forbidden-origin', 'not from the same origin');
  const result = schema.safeParse(parametersOf(bodyText(request, FORM_TYPE, MAX_BODY_BYTES)));
  if (!result.success) throw new Problem('invalid-request', 'not the form of the page');
  return result.data;
};
