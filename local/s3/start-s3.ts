import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { AwsError } from '../aws-wire/aws-error.ts';
import { readBody } from '../aws-wire/aws-json-server.ts';
import type { CredentialStore } from '../aws-wire/credentials.ts';
import { readIfExists, writeDurably } from '../aws-wire/durable-file.ts';
import { listen, type RunningPart } from '../aws-wire/listen.ts';
import { verifySignedRequest } from '../aws-wire/signature.ts';

export interface S3Options {
  readonly port: number;
  readonly folder: string;
  readonly credentials: CredentialStore;
  readonly buckets: readonly string[];
  readonly clockMs?: () => number;
}

const MAX_OBJECT_BYTES = 20 * 1024 * 1024;

/** A key as file name: base64url, so that no key can leave the folder. */
const fileName = (key: string): string => `${Buffer.from(key).toString('base64url')}.object`;
const keyOf = (file: string): string => Buffer.from(file.replace(/\.object$/, ''), 'base64url').toString('utf8');
const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;
const escapeXml = (text: string): string => text.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);

interface Target {
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
}

const targetOf = (options: S3Options, request: IncomingMessage): Target => {
  const [rawPath = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const path = decodeURIComponent(rawPath);
  const virtual = options.buckets.find((bucket) => request.headers.host?.startsWith(`${bucket}.`));
  const [, first = '', ...rest] = path.split('/');
  const bucket = virtual ?? first;
  if (!options.buckets.includes(bucket)) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  return { bucket, key: virtual === undefined ? rest.join('/') : path.slice(1), query: new URLSearchParams(query) };
};

const put = async (
  folder: string,
  { key }: Target,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
) => {
  const path = join(folder, fileName(key));
  if (request.headers['if-none-match'] === '*' && (await readIfExists(path)) !== null) {
    throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
  }
  await writeDurably(path, body);
  response.writeHead(200, { etag: etagOf(body) }).end();
};

const get = async (folder: string, { key }: Target, request: IncomingMessage, response: ServerResponse) => {
  const bytes = await readIfExists(join(folder, fileName(key)));
  if (bytes === null) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  response.writeHead(200, {
    'content-length': bytes.length,
    'content-type': 'application/octet-stream',
    etag: etagOf(bytes),
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
};

const list = async (folder: string, { bucket, query }: Target, response: ServerResponse) => {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const maxKeys = Math.min(1000, Number(query.get('max-keys') ?? 1000));
  const keys = (await readdir(folder))
    .filter((file) => file.endsWith('.object'))
    .map(keyOf)
    .filter((key) => key.startsWith(prefix) && key > after)
    .sort();
  const page = keys.slice(0, maxKeys);
  const isTruncated = keys.length > page.length;
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name><Prefix>${escapeXml(prefix)}</Prefix>` +
      `<KeyCount>${page.length}</KeyCount><MaxKeys>${maxKeys}</MaxKeys><IsTruncated>${isTruncated}</IsTruncated>` +
      (isTruncated ? `<NextContinuationToken>${escapeXml(page.at(-1) ?? '')}</NextContinuationToken>` : '') +
      page.map((key) => `<Contents><Key>${escapeXml(key)}</Key></Contents>`).join('') +
      '</ListBucketResult>',
  );
};

const answer = async (options: S3Options, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const body = await readBody(request, MAX_OBJECT_BYTES);
  const signed = { method: request.method ?? '', target: request.url ?? '/', headers: request.headers, body };
  const { credentials } = verifySignedRequest(options.credentials, signed, (options.clockMs ?? Date.now)());
  if (credentials.roleActions !== null) throw new AwsError('AccessDenied', 'Access Denied', 403);
  const target = targetOf(options, request);
  const folder = join(options.folder, target.bucket);
  if (target.key === '' && request.method === 'GET') return list(folder, target, response);
  if (target.key === '') throw new AwsError('NotImplemented', 'Not implemented here', 501);
  if (request.method === 'PUT') return put(folder, target, request, body, response);
  if (request.method === 'GET' || request.method === 'HEAD') return get(folder, target, request, response);
  if (request.method === 'DELETE') {
    await rm(join(folder, fileName(target.key)), { force: true });
    response.writeHead(204).end();
    return;
  }
  throw new AwsError('MethodNotAllowed', 'Not allowed', 405);
};

/**
 * The S3 calls that the service makes (PutObject with `If-None-Match: *`, GetObject, HeadObject, DeleteObject, ListObjectsV2) on
 * durable files. Own code, because the npm stand-ins either ignore `If-None-Match` and are unmaintained, or keep nothing.
 */
export const startS3 = async (options: S3Options): Promise<RunningPart> => {
  await Promise.all(
    options.buckets.map((bucket) => mkdir(join(options.folder, bucket), { recursive: true, mode: 0o700 })),
  );
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      const known = error instanceof AwsError ? error : new AwsError('InternalError', 'Internal failure', 500);
      if (known !== error) console.error('local S3 failed:', error);
      response.writeHead(known.status, { 'content-type': 'application/xml' });
      const xml = `<?xml version="1.0"?><Error><Code>${known.code}</Code><Message>${escapeXml(known.message)}</Message></Error>`;
      response.end(request.method === 'HEAD' ? undefined : xml);
    });
  });
  return listen(server, options.port, 'S3');
};
