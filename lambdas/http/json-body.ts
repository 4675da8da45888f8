import type * as z from 'zod';
import { Problem } from '../core/model/problem.ts';
import type { HttpRequest } from './endpoint.ts';
import { bodyText } from './request-text.ts';

const JSON_TYPE = /^application\/json\s*(;|$)/i;

/** Names of members, and indices of lists: unknown names are not even logged, and `__proto__` is not a member. */
const NAME = /^[A-Za-z0-9]{0,64}$/;

/** Half of a surrogate pair, which escapes can write, is not a character, and each store replaces it differently. */
const isReadable = (name: string, value: unknown): boolean =>
  NAME.test(name) && (typeof value !== 'string' || !/\p{Cs}/u.test(value));

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text, (name, value: unknown) => {
      if (!isReadable(name, value)) throw new SyntaxError('not readable');
      return value;
    });
  } catch {
    throw new Problem('invalid-request', 'body is not JSON');
  }
};

/**
 * The request's JSON body, checked against `schema`.
 * @throws Problem `body-too-large` before anything is parsed, `invalid-request` for anything else
 */
export const jsonBody = <Schema extends z.ZodType>(
  request: HttpRequest,
  schema: Schema,
  maxBytes: number,
): z.infer<Schema> => {
  const result = schema.safeParse(parseJson(bodyText(request, JSON_TYPE, maxBytes)));
  if (!result.success) {
    const members = result.error.issues.map((issue) => `#/${issue.path.join('/')} ${issue.code}`);
    throw new Problem('invalid-request', members.slice(0, 5).join(', '));
  }
  return result.data;
};
