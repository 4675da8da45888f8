import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AwsError, asAwsError } from './aws-error.ts';
import { type CredentialStore, type LocalCredentials, requestContext } from './credentials.ts';
import type { AccessRequest } from './iam/decide.ts';
import { verifySignedRequest } from './signature.ts';

/** One operation: parsed JSON in, JSON out; throws AwsError. */
export type Operation = (input: Record<string, unknown>, caller: LocalCredentials) => Promise<object> | object;

export interface AwsJsonOptions {
  readonly credentials: CredentialStore;
  /** Prefix of `X-Amz-Target`, e.g. `TrentService`. */
  readonly target: string;
  /** Prefix of the IAM action, e.g. `kms`; also the service that the signature's scope must name. */
  readonly iamPrefix: string;
  readonly operations: Readonly<Record<string, Operation>>;
  /** What an operation does to which resource, in addition to its name. Default: nothing that has a name. */
  readonly accessOf?: (operation: string, input: Record<string, unknown>) => Omit<AccessRequest, 'action'>;
  readonly maxBodyBytes: number;
  readonly clockMs: () => number;
  /** Region that signatures must be scoped to. Absent: any. */
  readonly region?: string;
  /** Answers pages of every origin, as AWS does for services that browsers call: only the signature counts. */
  readonly isForBrowsers?: boolean;
  /** Additional members of an error's body. */
  readonly errorMembers?: (code: string, requestId: string) => object;
}

/**
 * Reads a whole body.
 * @throws AwsError RequestEntityTooLargeException (413) above `maxBytes`. The rest is read and dropped: if the socket closed
 * while the client still writes, the client would see a broken connection instead of this answer.
 */
export const readBody = async (request: IncomingMessage, maxBytes: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size > maxBytes) throw new AwsError('RequestEntityTooLargeException', 'Request body is too large.', 413);
  return Buffer.concat(chunks);
};

/** AWS JSON 1.0 or 1.1, whichever the client speaks. */
const contentTypeFor = ({ headers }: IncomingMessage): string =>
  headers['content-type'] === 'application/x-amz-json-1.0'
    ? 'application/x-amz-json-1.0'
    : 'application/x-amz-json-1.1';

const parse = (body: Buffer): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(body.toString('utf8') || '{}');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Falls through to the same answer.
  }
  throw new AwsError('SerializationException', 'The request body is not a JSON object.');
};

const run = async (options: AwsJsonOptions, request: IncomingMessage): Promise<object> => {
  const body = await readBody(request, options.maxBodyBytes);
  const nowMs = options.clockMs();
  const { method = '', url = '/', headers } = request;
  const [prefix, name = '', ...rest] = String(headers['x-amz-target'] ?? '').split('.');
  const isKnown = prefix === options.target && rest.length === 0 && Object.hasOwn(options.operations, name);
  const operation = isKnown && method === 'POST' ? options.operations[name] : undefined;
  // Before the signature, as AWS does: the operation decides who checks the signature.
  if (operation === undefined) throw new AwsError('UnknownOperationException', '');
  const signed = { method, target: url, headers, body, service: options.iamPrefix, region: options.region };
  const { credentials, scope } = verifySignedRequest(options.credentials, signed, nowMs);
  const input = parse(body);
  const { resource, context } = options.accessOf?.(name, input) ?? { resource: '*', context: {} };
  options.credentials.access.authorize(credentials, {
    action: `${options.iamPrefix}:${name}`,
    resource,
    context: { ...requestContext(scope, nowMs), ...context },
  });
  return operation(input, credentials);
};

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'x-amzn-requestid,x-amzn-errortype,date',
};

const answerPreflight = ({ headers }: IncomingMessage, response: ServerResponse): void => {
  const allowed = String(headers['access-control-request-headers'] ?? '');
  response.writeHead(200, {
    ...CORS,
    'access-control-allow-headers': allowed,
    'access-control-allow-methods': 'POST',
    'access-control-max-age': '172800',
  });
  response.end();
};

/** A server of AWS JSON 1.0 and 1.1: signature, permission, dispatch by target, typed errors. It does not listen yet. */
export const createAwsJsonServer = (options: AwsJsonOptions): Server =>
  createServer((request, response) => {
    const requestId = randomUUID();
    const send = (status: number, body: object): void => {
      response.writeHead(status, {
        'content-type': contentTypeFor(request),
        'x-amzn-requestid': requestId,
        // The server's clock, which tests may shift: SDKs adjust theirs by it if a signature is too old or too new.
        date: new Date(options.clockMs()).toUTCString(),
        ...(options.isForBrowsers ? CORS : {}),
      });
      response.end(JSON.stringify(body));
    };
    if (options.isForBrowsers && request.method === 'OPTIONS') return answerPreflight(request, response);
    run(options, request)
      .then((result) => send(200, result))
      .catch((error: unknown) => {
        const { code, message, status } = asAwsError(error, options.target);
        const text = message === '' ? {} : { message, Message: message };
        // The JSON protocols answer 400 even where others answer 403.
        send(status === 403 ? 400 : status, { __type: code, ...options.errorMembers?.(code, requestId), ...text });
      });
  });
