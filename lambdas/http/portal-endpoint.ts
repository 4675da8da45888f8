import type { APIGatewayProxyEventV2, APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';
import type { PortalRoute, RouteTable } from '../../contract/api/routes/definition.ts';
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
import { dispatcher } from './dispatch.ts';
import { endpoint, type HttpHandler, type HttpRequest } from './endpoint.ts';
import { problemAnswer } from './problem-json.ts';
import { type RouteAnswer, writeAnswer } from './route-answer.ts';
import { type RouteInput, readInput } from './route-input.ts';

export interface PortalEndpointPorts extends SignInPorts {
  readonly log: Log;
}

/** The caller: somebody who need not belong to an account, or an operator of one. */
type CallerOf<Route extends PortalRoute> = Route['permission'] extends 'unregistered' ? Identity : Operator;

/** What each route of a table does. */
export type PortalHandlers<Table extends RouteTable<PortalRoute>> = {
  readonly [Name in keyof Table]: (
    input: RouteInput<Table[Name]>,
    caller: CallerOf<Table[Name]>,
  ) => RouteAnswer<Table[Name]>;
};

/** After this time an operator has to sign in again, however often tokens were renewed (T67). */
const ABSOLUTE_SECONDS = 12 * 3600;

const MAX_CLAIM_LENGTH = 256;

const text = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' && value.length <= MAX_CLAIM_LENGTH ? value : null;

const hasClaims = (event: APIGatewayProxyEventV2): event is APIGatewayProxyEventV2WithJWTAuthorizer =>
  typeof (event.requestContext as { authorizer?: { jwt?: { claims?: unknown } } }).authorizer?.jwt?.claims === 'object';

/**
 * Whether these are the claims of an ID token, which says who somebody is. The gateway also accepts tokens that were issued to our
 * client but are not meant for it (`client_id` in place of `aud`): access tokens, which any app may receive to call something else. An
 * ID token always has `aud` (OpenID Connect Core, 2). Cognito's tokens state their purpose; other issuers have no `token_use`. Source:
 * Cognito developer guide, "Understanding the access token" and "Understanding the identity (ID) token".
 */
const isIdToken = (claims: Readonly<Record<string, unknown>>): boolean =>
  typeof claims['aud'] === 'string' &&
  claims['aud'] !== '' &&
  (claims['token_use'] === 'id' || (claims['token_use'] === undefined && !isOfCognito(claims['iss'])));

const isOfCognito = (issuer: unknown): boolean =>
  /^https:\/\/[a-z0-9.-]*cognito-idp\.[a-z0-9-]+\.amazonaws\./.test(String(issuer));

/**
 * The caller that the gateway's JWT authorizer let in. It has verified signature, issuer, audience and times; without it nobody is let in.
 * Source: API Gateway developer guide, "Controlling access to HTTP APIs with JWT authorizers".
 */
const identityOf = ({ event }: HttpRequest): Identity => {
  if (!hasClaims(event)) throw new Problem('not-signed-in', 'the gateway passed no claims');
  const { claims } = event.requestContext.authorizer.jwt;
  const [issuer, subject] = [text(claims['iss']), text(claims['sub'])];
  if (issuer === null || subject === null) throw new Problem('not-signed-in', 'a token without issuer or subject');
  if (!isIdToken(claims)) throw new Problem('not-signed-in', 'a token that is not an ID token');
  // `iat` is no substitute: it is that of the last renewal, so a stolen session would never end (T67).
  const authenticatedAt = Number(claims['auth_time'] ?? Number.NaN);
  if (!Number.isInteger(authenticatedAt) || authenticatedAt < FIRST_SECOND || authenticatedAt > LAST_SECOND) {
    throw new Problem('sign-in-time-unknown', 'a token without auth_time');
  }
  return {
    issuer,
    subject,
    // An address that the issuer has not verified proves nothing.
    email: String(claims['email_verified']) === 'true' ? text(claims['email']) : null,
    authenticatedAt: epochSeconds(authenticatedAt),
  };
};

/**
 * The endpoints for operators: finds the caller, checks the route's permission, reads the input, runs the handler and writes its
 * answer.
 */
export const portalEndpoint = <Table extends RouteTable<PortalRoute>>(
  ports: PortalEndpointPorts,
  table: Table,
  handlers: PortalHandlers<Table>,
): HttpHandler => {
  const find = findOperator(ports);
  const dispatch = dispatcher<PortalRoute, Table>(table, handlers);
  const admit = async (identity: Identity, { permission }: PortalRoute): Promise<Identity | Operator> => {
    if (ports.clock() - identity.authenticatedAt > ABSOLUTE_SECONDS) {
      throw new Problem('not-signed-in', 'the sign-in is older than a session may be');
    }
    if (permission === 'unregistered') return identity;
    const operator = await find(identity);
    checkPermission(operator, identity, permission, ports.clock());
    return operator;
  };
  return endpoint(ports.log, problemAnswer, async (request) => {
    const identity = identityOf(request);
    const { route, run } = dispatch(request);
    const caller = await admit(identity, route);
    return writeAnswer(route, await run(readInput(request, route) as never, caller as never));
  });
};
