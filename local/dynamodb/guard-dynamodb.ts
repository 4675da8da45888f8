import { createServer, type IncomingMessage } from 'node:http';
import { AwsError, asAwsError } from '../aws-wire/aws-error.ts';
import { readBody } from '../aws-wire/aws-json-server.ts';
import { ACCOUNT_ID, type CredentialStore, requestContext } from '../aws-wire/credentials.ts';
import { listen, type RunningPart } from '../aws-wire/listen.ts';
import { type Signer, verifySignedRequest } from '../aws-wire/signature.ts';
import { accessOfCall } from './access-of-call.ts';

export interface GuardOptions {
  /** The database, which checks no signatures. */
  readonly url: string;
  readonly credentials: CredentialStore;
  /** Table name to the ARN of the KMS key that encrypts it. */
  readonly tableKeys: Readonly<Record<string, string>>;
  readonly clockMs?: () => number;
}

interface Answer {
  readonly status: number;
  readonly body: Buffer | string;
}

/** DynamoDB's API reference: 16 MB for a batch; transactions have 4 MB. */
const MAX_BODY_BYTES = 17 * 1024 * 1024;
const JSON_TYPE = 'application/x-amz-json-1.0';
const TARGET = /^DynamoDB_20120810\.(\w+)$/;

const parse = (body: Buffer): Record<string, unknown> => {
  try {
    return JSON.parse(body.toString('utf8') || '{}');
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON.');
  }
};

/**
 * Asks for every part of the call, and for the use of the table's key: DynamoDB decrypts the table's own key in the caller's name at any
 * access (developer guide, "DynamoDB encryption at rest: how it works"). It does so once in five minutes; here, every time.
 */
const authorize = (options: GuardOptions, signer: Signer, operation: string, input: Record<string, unknown>): void => {
  const nowMs = (options.clockMs ?? Date.now)();
  const region = signer.scope.split('/')[1] ?? '';
  const common = requestContext(signer.scope, nowMs);
  for (const { action, resource, table } of accessOfCall(operation, input, region)) {
    const request = { action: `dynamodb:${action}`, resource, context: common };
    options.credentials.access.authorize(signer.credentials, request);
    const kmsKey = table === null ? undefined : options.tableKeys[table];
    if (kmsKey === undefined || table === null) continue;
    const context = {
      ...common,
      'kms:viaservice': `dynamodb.${region}.amazonaws.com`,
      'kms:encryptioncontext:aws:dynamodb:tablename': table,
      'kms:encryptioncontext:aws:dynamodb:subscriberid': ACCOUNT_ID,
    };
    options.credentials.access.authorize(signer.credentials, { action: 'kms:Decrypt', resource: kmsKey, context });
  }
};

const answer = async (options: GuardOptions, request: IncomingMessage): Promise<Answer> => {
  const body = await readBody(request, MAX_BODY_BYTES);
  const { method = '', url = '/', headers } = request;
  const target = String(headers['x-amz-target'] ?? '');
  const operation = TARGET.exec(target)?.[1];
  if (operation === undefined || method !== 'POST') throw new AwsError('UnknownOperationException', '');
  const nowMs = (options.clockMs ?? Date.now)();
  const signed = { method, target: url, headers, body, service: 'dynamodb' };
  const signer = verifySignedRequest(options.credentials, signed, nowMs);
  authorize(options, signer, operation, parse(body));
  const response = await fetch(options.url, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: {
      'content-type': JSON_TYPE,
      'x-amz-target': target,
      // The database wants a signature and does not check it.
      authorization: String(headers.authorization),
      'x-amz-date': String(headers['x-amz-date']),
    },
  });
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
};

const errorAnswer = (error: unknown): Answer => {
  const { code, message, status } = asAwsError(error, 'DynamoDB');
  const __type = code === 'AccessDeniedException' ? `com.amazon.coral.service#${code}` : code;
  // The JSON protocols answer 400 even where others answer 403.
  return { status: status === 403 ? 400 : status, body: JSON.stringify({ __type, message, Message: message }) };
};

/**
 * In front of the database: signatures, and permissions for each part of a call.
 * @throws StartError if no port is free
 */
export const guardDynamoDb = (options: GuardOptions): Promise<RunningPart> => {
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(options, request).catch(errorAnswer);
    response.writeHead(status, { 'content-type': JSON_TYPE }).end(body);
  });
  return listen(server, 0, 'DynamoDB');
};
