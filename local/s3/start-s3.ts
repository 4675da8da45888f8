import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { AwsError, asAwsError } from '../aws-wire/aws-error.ts';
import { readBody } from '../aws-wire/aws-json-server.ts';
import type { CredentialStore } from '../aws-wire/credentials.ts';
import { escapeXml } from '../aws-wire/escape-xml.ts';
import { listen, type RunningPart } from '../aws-wire/listen.ts';
import { verifySignedRequest } from '../aws-wire/signature.ts';
import { authorizeCall, type BucketKeys, hideMissing } from './authorize-call.ts';
import { Buckets } from './buckets.ts';
import { listObjects } from './list-objects.ts';
import type { ObjectHead } from './object-files.ts';
import { readRequestBody } from './request-body.ts';

export interface S3Options {
  readonly port: number;
  readonly folder: string;
  readonly credentials: CredentialStore;
  /** Buckets that exist from the start; CreateBucket adds more. */
  readonly buckets: readonly string[];
  /** The keys by which S3 encrypts the objects of a bucket in the caller's name; none by default. */
  readonly bucketKeys?: BucketKeys;
  readonly clockMs?: () => number;
}

interface Call {
  readonly request: IncomingMessage;
  readonly bucket: string;
  /** Empty for calls about the bucket. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly nowMs: number;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: Buffer | string;
}

const MAX_OBJECT_BYTES = 20 * 1024 * 1024;
const MAX_KEY_BYTES = 1024;
const META = 'x-amz-meta-';
const XML = { 'content-type': 'application/xml' } as const;

/** What S3 calls the errors of the other protocols (S3 API reference, error responses). */
const S3_NAMES = {
  MissingAuthenticationTokenException: 'AccessDenied',
  IncompleteSignatureException: 'AuthorizationHeaderMalformed',
  UnrecognizedClientException: 'InvalidAccessKeyId',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  ExpiredTokenException: 'ExpiredToken',
  AccessDeniedException: 'AccessDenied',
  RequestEntityTooLargeException: 'EntityTooLarge',
  InternalServerError: 'InternalError',
} as const;

/** Bucket and key, from the path or, as in `bucket.s3.localhost`, with the bucket in the host name. */
const targetOf = (buckets: Buckets, request: IncomingMessage) => {
  const url = request.url ?? '/';
  const queryAt = url.indexOf('?');
  const query = new URLSearchParams(queryAt < 0 ? '' : url.slice(queryAt));
  let path: string;
  try {
    path = decodeURIComponent(queryAt < 0 ? url : url.slice(0, queryAt));
  } catch {
    throw new AwsError('InvalidURI', 'The URI could not be parsed.');
  }
  const host = request.headers.host ?? '';
  const virtual =
    /^(.+)\.s3\.localhost(:\d+)?$/.exec(host)?.[1] ?? buckets.names().find((name) => host.startsWith(`${name}.`));
  const [, first = '', ...rest] = path.split('/');
  const key = virtual === undefined ? rest.join('/') : path.slice(1);
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new AwsError('KeyTooLongError', 'Your key is too long');
  return { bucket: virtual ?? first, key, query };
};

const headOf = ({ request, key, nowMs }: Call, bytes: Buffer, checksums: ObjectHead['checksums']): ObjectHead => ({
  key,
  contentType: request.headers['content-type'] ?? 'binary/octet-stream',
  metadata: Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      name.startsWith(META) ? [[name.slice(META.length), String(value)]] : [],
    ),
  ),
  checksums,
  etag: `"${createHash('md5').update(bytes).digest('hex')}"`,
  modifiedAtMs: nowMs,
  size: bytes.length,
});

const putObject = async (buckets: Buckets, call: Call): Promise<Answer> => {
  const { 'if-none-match': ifNoneMatch, 'if-match': ifMatch, 'x-amz-copy-source': copySource } = call.request.headers;
  if (ifMatch !== undefined || copySource !== undefined || (ifNoneMatch !== undefined && ifNoneMatch !== '*')) {
    throw new AwsError('NotImplemented', 'This condition or copy is not supported here.', 501);
  }
  const { bytes, checksums } = readRequestBody(call.request.headers, call.body);
  const head = headOf(call, bytes, checksums);
  const isWritten = await buckets.find(call.bucket).write(head, bytes, ifNoneMatch === '*');
  if (!isWritten) {
    throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
  }
  return { status: 200, headers: { etag: head.etag, ...checksums } };
};

const getObject = async (buckets: Buckets, { bucket, key, request }: Call): Promise<Answer> => {
  const object = await buckets.find(bucket).read(key);
  if (object === null) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  const { head, body } = object;
  const headers = {
    'content-length': head.size,
    'content-type': head.contentType,
    etag: head.etag,
    'last-modified': new Date(head.modifiedAtMs).toUTCString(),
    ...Object.fromEntries(Object.entries(head.metadata).map(([name, value]) => [META + name, value])),
    ...(request.headers['x-amz-checksum-mode'] === 'ENABLED' ? head.checksums : {}),
  };
  return { status: 200, headers, body };
};

const OPERATIONS: Readonly<Record<string, { action: string; run: (b: Buckets, call: Call) => Promise<Answer> }>> = {
  'PUT object': { action: 's3:PutObject', run: putObject },
  'GET object': { action: 's3:GetObject', run: getObject },
  'HEAD object': { action: 's3:GetObject', run: getObject },
  'DELETE object': {
    action: 's3:DeleteObject',
    run: async (buckets, { bucket, key }) => {
      await buckets.find(bucket).remove(key);
      return { status: 204 };
    },
  },
  'GET bucket': {
    action: 's3:ListBucket',
    run: async (buckets, { bucket, query }) => ({
      status: 200,
      headers: XML,
      body: await listObjects(buckets.find(bucket), bucket, query),
    }),
  },
  'HEAD bucket': {
    action: 's3:ListBucket',
    run: async (buckets, { bucket }) => {
      buckets.find(bucket);
      return { status: 200 };
    },
  },
  'PUT bucket': {
    action: 's3:CreateBucket',
    run: async (buckets, { bucket }) => {
      await buckets.create(bucket);
      return { status: 200, headers: { location: `/${bucket}` } };
    },
  },
};

/** Sub-resources such as `?acl` or `?uploads` are other operations, and none is supported here. */
const KNOWN_QUERY =
  /^(x-id|list-type|prefix|max-keys|continuation-token|start-after|encoding-type|delimiter|fetch-owner)$/;

const answer = async (options: S3Options, buckets: Buckets, request: IncomingMessage): Promise<Answer> => {
  const body = await readBody(request, MAX_OBJECT_BYTES);
  const { method = '', url = '/', headers } = request;
  const nowMs = (options.clockMs ?? Date.now)();
  const signed = { method, target: url, headers, body, service: 's3' };
  const signer = verifySignedRequest(options.credentials, signed, nowMs);
  const target = targetOf(buckets, request);
  const operation = OPERATIONS[`${method} ${target.key === '' ? 'bucket' : 'object'}`];
  if (operation === undefined || [...target.query.keys()].some((name) => !KNOWN_QUERY.test(name))) {
    throw new AwsError('NotImplemented', 'This call is not supported here.', 501);
  }
  const call = { ...target, action: operation.action, signer, nowMs };
  authorizeCall(options, call);
  return operation.run(buckets, { ...target, request, body, nowMs }).catch(hideMissing(options, call));
};

const errorAnswer = (error: unknown, requestId: string): Answer => {
  const { code, message, status } = asAwsError(error, 'S3', S3_NAMES);
  const xml = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message><RequestId>${requestId}</RequestId></Error>`;
  return { status, headers: XML, body: xml };
};

/**
 * The S3 calls that the service makes, on durable files: PutObject with `If-None-Match: *`, GetObject, HeadObject, DeleteObject,
 * ListObjectsV2, CreateBucket, HeadBucket. Own code, because both npm stand-ins ignore `If-None-Match`, one is no longer
 * maintained (s3rver), and the other stores nothing durably (fauxqs).
 * @throws StartError if the port is taken
 */
export const startS3 = async (options: S3Options): Promise<RunningPart> => {
  const buckets = await Buckets.open(options.folder, options.buckets);
  const server = createServer(async (request, response) => {
    const requestId = randomUUID();
    const { status, headers, body } = await answer(options, buckets, request).catch((error: unknown) =>
      errorAnswer(error, requestId),
    );
    response.writeHead(status, { ...headers, 'x-amz-request-id': requestId });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  return listen(server, options.port, 'S3');
};
