import type * as z from 'zod';
import { MAX_BODY_BYTES } from '../../contract/api/routes.ts';
import { Problem } from '../core/problem.ts';
import type { HttpRequest } from './endpoint.ts';

/**
 * The request's body as text.
 * @throws Problem `body-too-large`
 */
export const bodyText = ({ event }: HttpRequest): string => {
  const body = event.body ?? '';
  // Base64 is a third longer; the cap is on what stands in it.
  const bytes = event.isBase64Encoded ? Math.floor((body.length * 3) / 4) : Buffer.byteLength(body);
  if (bytes > MAX_BODY_BYTES) throw new Problem('body-too-large', 'body over the cap');
  return event.isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
};

/**
 * The request's JSON body as `schema` wants it.
 * @throws Problem `body-too-large` before anything is parsed, `invalid-request` for anything else
 */
export const jsonBody = <Schema extends z.ZodType>(request: HttpRequest, schema: Schema): z.infer<Schema> => {
  const type = request.event.headers['content-type'] ?? '';
  const text = bodyText(request);
  if (!/^application\/json\s*(;|$)/i.test(type)) throw new Problem('invalid-request', 'content type is not JSON');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem('invalid-request', 'body is not JSON');
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const members = result.error.issues.map((issue) => `#/${issue.path.join('/')} ${issue.code}`);
    throw new Problem('invalid-request', members.slice(0, 5).join(', '));
  }
  return result.data;
};

/**
 * The query's parameters as `schema` wants them.
 * @throws Problem `invalid-request` that names the parameter and no value
 */
export const queryOf = <Schema extends z.ZodType>({ event }: HttpRequest, schema: Schema): z.infer<Schema> => {
  const result = schema.safeParse({ ...event.queryStringParameters });
  if (result.success) return result.data;
  const names = result.error.issues.map(({ path, code }) => `query ${path.join('.')} ${code}`);
  throw new Problem('invalid-request', names.slice(0, 5).join(', '));
};

/** A 200 answer whose body is checked against its own schema, so that no member leaves by accident. */
export const jsonAnswer = <Schema extends z.ZodType>(schema: Schema, value: z.input<Schema>, headers: object) => ({
  statusCode: 200,
  headers: { ...headers, 'content-type': 'application/json' },
  body: JSON.stringify(schema.parse(value)),
});
