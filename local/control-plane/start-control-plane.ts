import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { AwsError, asAwsError } from '../aws-wire/aws-error.ts';
import { readBody } from '../aws-wire/aws-json-server.ts';
import { type CredentialStore, requestContext } from '../aws-wire/credentials.ts';
import { listen, type RunningPart } from '../aws-wire/listen.ts';
import { verifySignedRequest } from '../aws-wire/signature.ts';
import type { Answer, Service } from './call.ts';
import type { Model } from './model.ts';
import { acm, lambda, rekognition, serviceQuotas, ses } from './services/capacity.ts';
import { cloudFormation } from './services/cloudformation.ts';
import { cloudFront } from './services/cloudfront.ts';
import { dynamoDb, kms, s3 } from './services/storage.ts';
import { cloudWatch, logs, sns } from './services/watching.ts';

/** By the service in the scope of a signature. */
const SERVICES: Readonly<Record<string, Service>> = {
  acm,
  cloudformation: cloudFormation,
  cloudfront: cloudFront,
  dynamodb: dynamoDb,
  kms,
  lambda,
  logs,
  monitoring: cloudWatch,
  rekognition,
  s3,
  servicequotas: serviceQuotas,
  ses,
  sns,
};

export interface ControlPlaneOptions {
  /** Answered from at every call: what changes in it is seen at the next one. */
  readonly model: Model;
  readonly credentials: CredentialStore;
  readonly clockMs?: () => number;
  /** Receives the IAM action of every call that is allowed. */
  readonly onCall?: (iamAction: string) => void;
}

const MAX_BODY_BYTES = 64 * 1024;
const SCOPE = /Credential=[^/]+\/\d+\/([\w-]+)\/([\w-]+)\/aws4_request/;

const scopeOf = ({ headers }: IncomingMessage) => {
  const [, region = '', name = ''] = SCOPE.exec(headers.authorization ?? '') ?? [];
  const service = Object.hasOwn(SERVICES, name) ? SERVICES[name] : undefined;
  if (service === undefined) throw new AwsError('UnrecognizedClientException', 'No service here has this scope.', 403);
  return { region, name, service };
};

const answer = async (options: ControlPlaneOptions, request: IncomingMessage): Promise<Answer> => {
  const { region, name, service } = scopeOf(request);
  const nowMs = (options.clockMs ?? Date.now)();
  const body = await readBody(request, MAX_BODY_BYTES);
  const { method = '', url = '/', headers } = request;
  const target = new URL(url, 'http://localhost');
  const operation =
    String(headers['x-amz-target'] ?? '')
      .split('.')
      .at(-1) ?? '';
  const signed = { method, target: url, headers, body, service: name };
  try {
    const { credentials, scope } = verifySignedRequest(options.credentials, signed, nowMs);
    const allow = (action: string): void => {
      options.credentials.access.authorize(credentials, {
        action,
        resource: '*',
        context: requestContext(scope, nowMs),
      });
      options.onCall?.(action);
    };
    const path = decodeURIComponent(target.pathname);
    return service.answer({
      model: options.model,
      method,
      path,
      query: target.searchParams,
      operation,
      body,
      region,
      allow,
    });
  } catch (error) {
    const { code, message, status } = asAwsError(error, name);
    return service.refuse(code, message, status);
  }
};

/**
 * What AWS says of a deployed stage, on one address for all services, as LocalStack does: the calls that describe resources, in the
 * real wire protocols, answered from one model. It changes nothing; data planes are the other local servers.
 */
export const startControlPlane = (options: ControlPlaneOptions): Promise<RunningPart> => {
  const server = createServer((request, response) => {
    answer(options, request)
      .catch((error: unknown): Answer => {
        const { code, message, status } = asAwsError(error, 'control plane');
        return { status, headers: { 'x-amzn-errortype': code }, body: JSON.stringify({ message }) };
      })
      .then(({ status, headers, body }) => {
        response.writeHead(status, { ...headers, 'x-amzn-requestid': randomUUID() }).end(body);
      });
  });
  return listen(server, 0, 'the control plane');
};
