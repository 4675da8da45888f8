import { createHash, createHmac } from 'node:crypto';
import { ROOT } from './local-aws.ts';

export interface SigningOptions {
  /** Of the server, e.g. `http://127.0.0.1:4580`. */
  readonly url: string;
  /** `X-Amz-Target`. */
  readonly target: string;
  readonly region?: string;
  readonly service?: string;
  /** `20261124T093000Z`; now by default. */
  readonly date?: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/**
 * Headers of an AWS JSON request, signed with `ROOT` by the book (AWS General Reference, Signature Version 4), without the SDK's
 * or the server's code.
 */
export const signedHeaders = (body: string, options: SigningOptions): Record<string, string> => {
  const { url, target, region = 'us-east-1', service = 'rekognition' } = options;
  const date = options.date ?? new Date().toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    host: new URL(url).host,
    'x-amz-date': date,
    'x-amz-target': target,
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ['POST', '/', '', lines.join(''), names, sha256(body)].join('\n');
  const scope = [date.slice(0, 8), region, service, 'aws4_request'];
  const key = scope.reduce<string | Buffer>((signing, part) => hmac(signing, part), `AWS4${ROOT.secretAccessKey}`);
  const text = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical)].join('\n');
  const signature = hmac(key, text).toString('hex');
  const credential = `${ROOT.accessKeyId}/${scope.join('/')}`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...headers, authorization };
};

/** Sends `body` as it is. */
export const postRaw = async (url: string, body: string, headers: Record<string, string>) => {
  const response = await fetch(url, { method: 'POST', body, headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
