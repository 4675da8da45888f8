import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { FRONT_DOOR_SECRET_HEADER, VIEWER_ADDRESS_HEADER } from '../../../contract/api/front-door.ts';
import type { HttpAnswer, HttpHandler } from '../../../lambdas/http/endpoint.ts';
import type { Handlers } from '../../support/login.ts';

export interface DeployedApi {
  readonly cloudUrl: string;
  readonly apiId: string;
  /** What the distribution adds to requests. */
  readonly frontDoorSecret: string;
}

const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** Sends what API Gateway would pass on as the distribution would forward it. */
const overHttp = async ({ cloudUrl, apiId, frontDoorSecret }: DeployedApi, event: APIGatewayProxyEventV2) => {
  const { method, sourceIp } = event.requestContext.http;
  const { hostname, port } = new URL(cloudUrl);
  const query = event.rawQueryString === '' ? '' : `?${event.rawQueryString}`;
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  const sent = request({
    hostname,
    port,
    method,
    path: `${encoded(event.rawPath)}${query}`,
    headers: {
      ...event.headers,
      host: `${apiId}.execute-api.localhost:${port}`,
      'content-length': body.length,
      ...(event.cookies === undefined ? {} : { cookie: event.cookies.join('; ') }),
      [FRONT_DOOR_SECRET_HEADER]: frontDoorSecret,
      [VIEWER_ADDRESS_HEADER]: sourceIp,
    },
  });
  const answered = new Promise<import('node:http').IncomingMessage>((resolve, reject) =>
    sent.once('response', resolve).once('error', reject),
  );
  sent.end(body);
  const answer = await answered;
  const { 'set-cookie': cookies = [], ...headers } = answer.headers;
  return {
    statusCode: answer.statusCode ?? 0,
    headers: headers as Record<string, string>,
    cookies,
    body: await text(answer),
  } satisfies HttpAnswer;
};

/** The deployed functions of a login, as tests call those of a world. */
export const deployedHandlers = (api: DeployedApi): Handlers => {
  const handler: HttpHandler = (event) => overHttp(api, event);
  return { session: handler, enroll: handler, verify: handler };
};
