import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AwsError } from './aws-error.ts';
import { type CredentialStore, isAllowed, type LocalCredentials } from './credentials.ts';
import { verifySignedRequest } from './signature.ts';

/** One operation: parsed JSON in, JSON out; throws AwsError. */
export type Operation = (input: Record<string, unknown>, caller: LocalCredentials) => Promise<object> | object;

export interface AwsJsonOptions {
  readonly credentials: CredentialStore;
  /** Prefix of `X-Amz-Target`, e.g. `TrentService`. */
  readonly target: string;
  /** Prefix of the IAM action, e.g. `kms`. */
  readonly iamPrefix: string;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly maxBodyBytes: number;
  readonly clockMs: () => number;
}

/** Reads a whole body, or throws once it is larger than `maxBytes`. */
export const readBody = async (request: IncomingMessage, maxBytes: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > maxBytes) throw new AwsError('RequestEntityTooLargeException', 'Request body is too large.', 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const send = (response: ServerResponse, status: number, body: object, requestId: string): void => {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId });
  response.end(JSON.stringify(body));
};

const parse = (body: Buffer): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(body.toString('utf8') || '{}');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Falls through to the same answer.
  }
  throw new AwsError('SerializationException', 'The request is not JSON.');
};

const run = async (options: AwsJsonOptions, request: IncomingMessage): Promise<object> => {
  const body = await readBody(request, options.maxBodyBytes);
  const nowMs = options.clockMs();
  const signed = { method: request.method ?? '', target: request.url ?? '/', headers: request.headers, body };
  const { credentials } = verifySignedRequest(options.credentials, signed, nowMs);
  const [prefix, name = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
  const operation = prefix === options.target ? options.operations[name] : undefined;
  if (operation === undefined) throw new AwsError('UnknownOperationException', 'The operation is not known here.');
  if (!isAllowed(credentials, `${options.iamPrefix}:${name}`, nowMs)) {
    throw new AwsError('AccessDeniedException', `Not authorized to perform: ${options.iamPrefix}:${name}`);
  }
  return operation(parse(body), credentials);
};

/** A server of AWS JSON 1.1: signature, permission, dispatch by target, typed errors. Not listening yet. */
export const createAwsJsonServer = (options: AwsJsonOptions): Server =>
  createServer((request, response) => {
    const requestId = randomUUID();
    run(options, request)
      .then((result) => send(response, 200, result, requestId))
      .catch((error: unknown) => {
        const known = error instanceof AwsError ? error : new AwsError('InternalServerError', 'Internal failure', 500);
        if (known !== error) console.error('local AWS part failed:', error);
        send(response, known.status, { __type: known.code, message: known.message, Message: known.message }, requestId);
      });
  });
