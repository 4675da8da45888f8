import type { EdgeAnswer } from './edge-answer.ts';

/** A header that the distribution adds to answers of an origin. */
export interface AddedHeader {
  /** Lower case. */
  readonly name: string;
  readonly value: string;
  /** Whether it replaces the origin's own. */
  readonly overrides: boolean;
}

/** CloudFront developer guide, "Understand response headers policies". */
export const addHeaders = (answer: EdgeAnswer, added: readonly AddedHeader[]): EdgeAnswer => {
  const headers = { ...answer.headers };
  for (const { name, value, overrides } of added) if (overrides || headers[name] === undefined) headers[name] = value;
  return { ...answer, headers };
};
