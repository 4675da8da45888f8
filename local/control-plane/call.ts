import type { Model } from './model.ts';

/** A verified request. */
export interface Call {
  readonly model: Model;
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** `X-Amz-Target` without its prefix; empty for other protocols. */
  readonly operation: string;
  readonly body: Buffer;
  /** Region in the scope of the signature. */
  readonly region: string;
  /** @throws AwsError AccessDenied if the caller may not do this */
  readonly allow: (iamAction: string) => void;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One service: how it reads calls and how it words answers and errors. */
export interface Service {
  readonly answer: (call: Call) => Answer;
  readonly refuse: (code: string, message: string, status: number) => Answer;
}
