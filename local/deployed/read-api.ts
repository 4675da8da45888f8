import { z } from 'zod';
import { fitsArn } from '../aws-wire/iam/wildcard.ts';
import type { ServedRoute } from '../edge/gateway-event.ts';
import type { JwtAuthorizerOptions } from '../edge/jwt-authorizer.ts';
import type { RateLimit, RateLimits } from '../edge/throttle.ts';
import type { DeployedFunction } from './read-functions.ts';
import type { Resolver } from './resolver.ts';
import { type Resource, resourcesOf, type Stack } from './template.ts';

const Limit = z
  .looseObject({ ThrottlingRateLimit: z.number().positive(), ThrottlingBurstLimit: z.number().positive() })
  .transform((one): RateLimit => ({ perSecond: one.ThrottlingRateLimit, burst: one.ThrottlingBurstLimit }));
const Stage = z.looseObject({
  StageName: z.literal('$default'),
  DefaultRouteSettings: Limit,
  RouteSettings: z.record(z.string(), Limit).default({}),
});
const RouteProperties = z.strictObject({
  ApiId: z.string(),
  RouteKey: z.string().regex(/^[A-Z]+ \/\S*$/),
  AuthorizationType: z.enum(['NONE', 'JWT']),
  AuthorizerId: z.unknown().optional(),
  Target: z.unknown(),
});
const Integration = z.looseObject({
  IntegrationType: z.literal('AWS_PROXY'),
  PayloadFormatVersion: z.literal('2.0'),
  IntegrationUri: z.string(),
});
const Authorizer = z.looseObject({
  AuthorizerType: z.literal('JWT'),
  IdentitySource: z.tuple([z.literal('$request.header.Authorization')]),
  JwtConfiguration: z.strictObject({ Audience: z.array(z.string()).length(1), Issuer: z.string() }),
});
const Target = z.object({
  'Fn::Join': z.tuple([z.literal(''), z.tuple([z.literal('integrations/'), z.object({ Ref: z.string() })])]),
});
const Permission = z.looseObject({
  Action: z.literal('lambda:InvokeFunction'),
  Principal: z.string(),
  FunctionName: z.string(),
  SourceArn: z.string().optional(),
});

const one = (stacks: readonly Stack[], type: string): Resource => {
  const [found, ...others] = resourcesOf(stacks, type);
  if (found === undefined || others.length > 0) throw new Error(`the stacks have not exactly one ${type}`);
  return found;
};

/** The function behind an integration, by its ARN, whether or not wrapped in API Gateway's own. */
const functionOf = (functions: readonly DeployedFunction[], uri: string): DeployedFunction => {
  const found = functions.find(({ arn }) => uri === arn || uri.includes(`:path/2015-03-31/functions/${arn}/`));
  if (found === undefined) throw new Error(`no function of the service is behind ${uri}`);
  return found;
};

/** The permissions by which API Gateway may call functions: without one, the route answers 500. */
const readPermissions = (stacks: readonly Stack[], resolver: Resolver) =>
  resourcesOf(stacks, 'AWS::Lambda::Permission')
    .map((resource) => Permission.parse(resolver.properties(resource)))
    .filter(({ Principal }) => Principal === 'apigateway.amazonaws.com');

/**
 * The routes of the HTTP API, in the order of the template.
 * @throws Error for one that leads to no function, or to one that API Gateway may not call
 */
export const readRoutes = (
  stacks: readonly Stack[],
  resolver: Resolver,
  { functions, region }: { readonly functions: readonly DeployedFunction[]; readonly region: string },
): readonly ServedRoute[] => {
  const permissions = readPermissions(stacks, resolver);
  return resourcesOf(stacks, 'AWS::ApiGatewayV2::Route').map(({ properties, stack }) => {
    const target = Target.parse(properties['Target'])['Fn::Join'][1][1].Ref;
    const { Target: _resolvedAbove, AuthorizerId: _theOnlyOne, ...rest } = properties;
    const route = RouteProperties.parse({ ...(resolver.value(rest, stack) as object), Target: target });
    const integration = stack.resources.get(target);
    if (integration === undefined) throw new Error(`${stack.name} has no integration ${target}`);
    const { arn, name } = functionOf(functions, Integration.parse(resolver.properties(integration)).IntegrationUri);
    const [method = '', path = ''] = route.RouteKey.split(' ');
    const account = arn.split(':')[4] ?? '';
    const source = `arn:aws:execute-api:${region}:${account}:${route.ApiId}/$default/${method}${path}`;
    const mayCall = permissions.some(
      ({ FunctionName, SourceArn }) => FunctionName === arn && SourceArn !== undefined && fitsArn(SourceArn, source),
    );
    if (!mayCall) throw new Error(`API Gateway may not call ${name} for ${route.RouteKey}`);
    return { method, path, lambda: name, isForOperators: route.AuthorizationType === 'JWT' } as ServedRoute;
  });
};

/** The limits of the API's only stage. */
export const readRateLimits = (stacks: readonly Stack[], resolver: Resolver): RateLimits => {
  const stage = Stage.parse(resolver.properties(one(stacks, 'AWS::ApiGatewayV2::Stage')));
  return { others: stage.DefaultRouteSettings, byRoute: stage.RouteSettings };
};

/** Whom the routes of operators let in. */
export const readAuthorizer = (stacks: readonly Stack[], resolver: Resolver): JwtAuthorizerOptions => {
  const { properties, stack } = one(stacks, 'AWS::ApiGatewayV2::Authorizer');
  const { JwtConfiguration } = Authorizer.parse(resolver.value(properties, stack));
  return { issuer: JwtConfiguration.Issuer, audience: JwtConfiguration.Audience[0] ?? '' };
};
