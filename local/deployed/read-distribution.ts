import { z } from 'zod';
import { FRONT_DOOR_SECRET_HEADER } from '../../contract/api/front-door.ts';
import type { EdgeRules } from '../edge/edge-rules.ts';
import type { AddedHeader } from '../edge/response-headers.ts';
import { readResponseHeaders } from './read-headers.ts';
import type { Resolver } from './resolver.ts';
import { type Resource, resourcesOf, type Stack } from './template.ts';

/** CloudFront's managed policies (developer guide, "Use managed cache policies" and "… origin request policies"). */
const CACHING = { '4135ea2d-6df8-44a3-9df3-4b5a84be39ad': 'none', '658327ea-f89d-4fab-a63d-7e88639e58f6': 'optimized' };
const ALL_BUT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

const Reference = z.object({ Ref: z.string() });
const Behavior = z.looseObject({
  AllowedMethods: z.array(z.string()),
  CachePolicyId: z.enum(Object.keys(CACHING) as (keyof typeof CACHING)[]),
  OriginRequestPolicyId: z.literal(ALL_BUT_HOST).optional(),
  ResponseHeadersPolicyId: Reference.optional(),
  TargetOriginId: z.string(),
  FunctionAssociations: z
    .array(
      z.strictObject({
        EventType: z.literal('viewer-request'),
        FunctionARN: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('FunctionARN')]) }),
      }),
    )
    .length(1),
});
type Behavior = z.infer<typeof Behavior>;
const Config = z.looseObject({
  CacheBehaviors: z.array(Behavior.extend({ PathPattern: z.string() })),
  DefaultCacheBehavior: Behavior,
  CustomErrorResponses: z.array(z.strictObject({ ErrorCode: z.number(), ErrorCachingMinTTL: z.number() })).default([]),
  Origins: z.array(
    z.looseObject({
      Id: z.string(),
      S3OriginConfig: z.object({}).optional(),
      OriginCustomHeaders: z.array(z.strictObject({ HeaderName: z.string(), HeaderValue: z.unknown() })).default([]),
    }),
  ),
});
type Config = z.infer<typeof Config>;

/** The distribution of the stacks. */
export interface DeployedDistribution {
  readonly rules: EdgeRules;
  /** The secret that it sends to the API. */
  readonly frontDoorSecret: string;
}

const inStack = (stack: Stack, id: string): Resource => {
  const resource = stack.resources.get(id);
  if (resource === undefined) throw new Error(`${stack.name} has no ${id}`);
  return resource;
};

const behaviorReader = ({ Origins }: Config, stack: Stack, resolver: Resolver) => {
  const sources = new Map<string, readonly AddedHeader[]>();
  const headersOf = (policy: string): readonly AddedHeader[] => {
    const headers = sources.get(policy) ?? readResponseHeaders(inStack(stack, policy), resolver);
    sources.set(policy, headers);
    return headers;
  };
  return (behavior: Behavior) => {
    const isFiles = Origins.find(({ Id }) => Id === behavior.TargetOriginId)?.S3OriginConfig !== undefined;
    // What functions answer concerns one person: nothing here serves it to another, and nothing there may.
    if (!isFiles && CACHING[behavior.CachePolicyId] !== 'none') throw new Error('answers of the API are cached');
    if (!isFiles && behavior.OriginRequestPolicyId === undefined) throw new Error('the API gets no cookies');
    const [name] = behavior.FunctionAssociations[0]?.FunctionARN['Fn::GetAtt'] ?? [''];
    const policy = behavior.ResponseHeadersPolicyId?.Ref;
    return {
      origin: isFiles ? ('pages' as const) : ('api' as const),
      methods: behavior.AllowedMethods,
      viewerRequest: String(inStack(stack, name).properties['FunctionCode']),
      ...(policy === undefined ? {} : { responseHeaders: headersOf(policy) }),
    };
  };
};

const rulesOf = (config: Config, stack: Stack, resolver: Resolver): EdgeRules => {
  const read = behaviorReader(config, stack, resolver);
  return {
    behaviors: config.CacheBehaviors.map((behavior) => ({ pattern: behavior.PathPattern, ...read(behavior) })),
    otherwise: read(config.DefaultCacheBehavior),
    keptErrorSeconds: Object.fromEntries(
      config.CustomErrorResponses.map(({ ErrorCode, ErrorCachingMinTTL }) => [ErrorCode, ErrorCachingMinTTL]),
    ),
  };
};

const only = (stacks: readonly Stack[]): Resource => {
  const [found, ...others] = resourcesOf(stacks, 'AWS::CloudFront::Distribution');
  if (found === undefined || others.length > 0) throw new Error('the stacks have not exactly one distribution');
  return found;
};

/** How the distribution chooses, refuses, caches errors and adds headers, and by what the API knows it. */
export const readDistribution = (stacks: readonly Stack[], resolver: Resolver): DeployedDistribution => {
  const { properties, stack } = only(stacks);
  const config = Config.parse(properties['DistributionConfig']);
  const secrets = config.Origins.flatMap(({ OriginCustomHeaders }) => OriginCustomHeaders)
    .filter(({ HeaderName }) => HeaderName === FRONT_DOOR_SECRET_HEADER)
    .map(({ HeaderValue }) => String(resolver.value(HeaderValue, stack)));
  if (secrets[0] === undefined) throw new Error('the distribution sends no secret');
  return { rules: rulesOf(config, stack, resolver), frontDoorSecret: secrets[0] };
};
