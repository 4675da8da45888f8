import { runInNewContext } from 'node:vm';
import { z } from 'zod';
import type { EdgeAnswer } from './edge-answer.ts';

type Values = Readonly<Record<string, string>>;

/** The parts of a request that a function of the distribution may change. */
export interface ViewerRequest {
  /** Path as received, without the query. */
  readonly uri: string;
  readonly headers: Values;
}

const Headers = z.record(z.string(), z.object({ value: z.string() }));
const Body = z.object({ encoding: z.literal('text'), data: z.string() });
const Returned = z.union([
  z.object({ statusCode: z.number(), headers: Headers.default({}), body: Body.optional() }),
  z.object({ uri: z.string(), headers: Headers }),
]);

const boxed = (headers: Values) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value }]));
const unboxed = (headers: z.infer<typeof Headers>): Values =>
  Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value]));

/**
 * Runs the source of a CloudFront Function for viewer requests, with nothing but the event.
 * Source: CloudFront developer guide, "CloudFront Functions event structure".
 * @returns the request to forward, or the answer that the function gives in place of an origin
 */
export const viewerFunction = (source: string) => {
  const handler: unknown = runInNewContext(`${source}; handler`);
  if (typeof handler !== 'function') throw new Error('a function of the distribution has no handler');
  return (
    { uri, headers }: ViewerRequest,
    { method, ip }: { readonly method: string; readonly ip: string },
  ): ViewerRequest | EdgeAnswer => {
    const request = { method, uri, querystring: {}, headers: boxed(headers), cookies: {} };
    const returned = Returned.parse(handler({ version: '1.0', viewer: { ip }, request }));
    return 'uri' in returned
      ? { uri: returned.uri, headers: unboxed(returned.headers) }
      : { status: returned.statusCode, headers: unboxed(returned.headers), body: returned.body?.data ?? '' };
  };
};
