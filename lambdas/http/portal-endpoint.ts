import type { APIGatewayProxyEventV2, APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';
import type { Permission } from '../../contract/api/portal/permissions.ts';
import { epochSeconds, FIRST_SECOND, LAST_SECOND } from '../../contract/protocol/epoch-seconds.ts';
import {
  checkPermission,
  findOperator,
  type Identity,
  type Operator,
  type SignInPorts,
} from '../core/accounts/operator.ts';
import type { Log } from '../core/model/ports.ts';
import { Problem } from '../core/model/problem.ts';
import { endpoint, type HttpAnswer, type HttpHandler, type HttpRequest } from './endpoint.ts';
import { problemAnswer } from './problem-json.ts';

export interface PortalEndpointPorts extends SignInPorts {
  readonly log: Log;
}

/** One route of the portal: what it takes to call it, and what it does. */
export type PortalRoute =
  | {
      readonly permission: Permission;
      readonly run: (request: HttpRequest, operator: Operator) => Promise<HttpAnswer>;
    }
  | {
      readonly permission: 'newcomer';
      readonly run: (request: HttpRequest, identity: Identity) => Promise<HttpAnswer>;
    };

/** After this time nobody is in any more without a new sign-in, however often tokens were renewed (T67). */
const ABSOLUTE_SECONDS = 12 * 3600;

const MAX_CLAIM_LENGTH = 256;

const text = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' && value.length <= MAX_CLAIM_LENGTH ? value : null;

const hasClaims = (event: APIGatewayProxyEventV2): event is APIGatewayProxyEventV2WithJWTAuthorizer =>
  typeof (event.requestContext as { authorizer?: { jwt?: { claims?: unknown } } }).authorizer?.jwt?.claims === 'object';

/**
 * Whether these are the claims of an ID token, which says who somebody is. The gateway also lets in what was issued to our client
 * without being meant for it (`client_id` in place of `aud`): an access token, which any app may be handed to call something
 * else with. An ID token always has `aud` (OpenID Connect Core, 2). Cognito's tokens say themselves what they are for; other
 * issuers have no `token_use`.
 * Source: Cognito developer guide, "Understanding the access token" and "Understanding the identity (ID) token".
 */
const isIdToken = (claims: Readonly<Record<string, unknown>>): boolean =>
  typeof claims['aud'] === 'string' &&
  claims['aud'] !== '' &&
  (claims['token_use'] === 'id' || (claims['token_use'] === undefined && !isOfCognito(claims['iss'])));

const isOfCognito = (issuer: unknown): boolean =>
  /^https:\/\/[a-z0-9.-]*cognito-idp\.[a-z0-9-]+\.amazonaws\./.test(String(issuer));

/**
 * Who the gateway's JWT authorizer let in. It has verified signature, issuer, audience and times; without its word nobody is in.
 * Source: API Gateway developer guide, "Controlling access to HTTP APIs with JWT authorizers".
 */
const identityOf = ({ event }: HttpRequest): Identity => {
  if (!hasClaims(event)) throw new Problem('not-signed-in', 'the gateway named nobody');
  const { claims } = event.requestContext.authorizer.jwt;
  const [issuer, subject] = [text(claims['iss']), text(claims['sub'])];
  if (issuer === null || subject === null) throw new Problem('not-signed-in', 'a token without issuer or subject');
  if (!isIdToken(claims)) throw new Problem('not-signed-in', 'a token that is no ID token');
  // `iat` cannot stand in: it is that of the last renewal, so that a stolen session would never end (T67).
  const authenticatedAt = Number(claims['auth_time'] ?? Number.NaN);
  if (!Number.isInteger(authenticatedAt) || authenticatedAt < FIRST_SECOND || authenticatedAt > LAST_SECOND) {
    throw new Problem('sign-in-time-unknown', 'a token without auth_time');
  }
  return {
    issuer,
    subject,
    // An address that the issuer has not verified is nobody's.
    email: String(claims['email_verified']) === 'true' ? text(claims['email']) : null,
    authenticatedAt: epochSeconds(authenticatedAt),
  };
};

/** The endpoints of operators: finds who calls, checks the route's permission, then runs it. */
export const portalEndpoint = (
  ports: PortalEndpointPorts,
  routes: Readonly<Record<string, PortalRoute>>,
): HttpHandler => {
  const find = findOperator(ports);
  return endpoint(ports.log, problemAnswer, async (request) => {
    const identity = identityOf(request);
    const route = routes[request.event.routeKey];
    if (route === undefined) throw new Problem('not-found', 'no such route');
    if (ports.clock() - identity.authenticatedAt > ABSOLUTE_SECONDS) {
      throw new Problem('not-signed-in', 'the sign-in is older than a session may be');
    }
    if (route.permission === 'newcomer') return route.run(request, identity);
    const operator = await find(identity);
    checkPermission(operator, identity, route.permission, ports.clock());
    return route.run(request, operator);
  });
};
