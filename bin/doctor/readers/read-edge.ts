import {
  type CacheBehavior,
  type DistributionConfig,
  GetCachePolicyCommand,
  GetDistributionCommand,
  GetResponseHeadersPolicyCommand,
} from '@aws-sdk/client-cloudfront';
import type { Clients } from '../clients.ts';
import { resourcesOf } from '../declared.ts';
import type { Edge, EdgeBehavior, SentHeaders } from '../edge-facts.ts';
import type { Deployed } from '../facts.ts';
import { Unread } from '../reading.ts';

type Rule = Partial<Pick<CacheBehavior, 'CachePolicyId' | 'ResponseHeadersPolicyId' | 'ViewerProtocolPolicy'>>;

const readCacheSeconds = async ({ cloudFront }: Clients, Id: string): Promise<readonly number[]> => {
  const { CachePolicy } = await cloudFront.send(new GetCachePolicyCommand({ Id }));
  const { MinTTL = 0, DefaultTTL = 86_400, MaxTTL = 31_536_000 } = CachePolicy?.CachePolicyConfig ?? {};
  return [MinTTL, DefaultTTL, MaxTTL];
};

const readHeaders = async ({ cloudFront }: Clients, Id: string): Promise<SentHeaders> => {
  const { ResponseHeadersPolicy } = await cloudFront.send(new GetResponseHeadersPolicyCommand({ Id }));
  const sent = ResponseHeadersPolicy?.ResponseHeadersPolicyConfig?.SecurityHeadersConfig;
  return {
    contentSecurityPolicy: sent?.ContentSecurityPolicy !== undefined,
    contentTypeOptions: sent?.ContentTypeOptions !== undefined,
    frameOptions: sent?.FrameOptions !== undefined,
    referrerPolicy: sent?.ReferrerPolicy !== undefined,
    strictTransportSecurity: sent?.StrictTransportSecurity?.AccessControlMaxAgeSec ?? null,
  };
};

const readBehavior = async (clients: Clients, pattern: string, rule: Rule): Promise<EdgeBehavior> => {
  const { CachePolicyId, ResponseHeadersPolicyId, ViewerProtocolPolicy = '' } = rule;
  const [cacheSeconds, headers] = await Promise.all([
    CachePolicyId === undefined ? null : readCacheSeconds(clients, CachePolicyId),
    ResponseHeadersPolicyId === undefined ? null : readHeaders(clients, ResponseHeadersPolicyId),
  ]);
  return { pattern, viewerProtocol: ViewerProtocolPolicy, cacheSeconds, headers };
};

const certificateOf = ({ ViewerCertificate }: DistributionConfig): string | null =>
  ViewerCertificate?.CloudFrontDefaultCertificate === true ? null : (ViewerCertificate?.ACMCertificateArn ?? null);

const errorSecondsOf = ({ CustomErrorResponses }: DistributionConfig): Readonly<Record<number, number>> =>
  Object.fromEntries(
    (CustomErrorResponses?.Items ?? []).flatMap(({ ErrorCode, ErrorCachingMinTTL }) =>
      ErrorCode === undefined || ErrorCachingMinTTL === undefined ? [] : [[ErrorCode, ErrorCachingMinTTL]],
    ),
  );

/** The distribution as it is. Of its origins nothing is taken: a header of theirs is the secret between it and the API. */
export const readEdge = async (clients: Clients, deployed: Deployed): Promise<Edge> => {
  const [distribution] = resourcesOf(deployed, 'AWS::CloudFront::Distribution');
  if (distribution === undefined) throw new Unread('The stage has no distribution.');
  const { Distribution } = await clients.cloudFront.send(new GetDistributionCommand({ Id: distribution.physicalId }));
  const config = Distribution?.DistributionConfig;
  if (config === undefined) throw new Unread('CloudFront does not describe the distribution.');
  const rules = (config.CacheBehaviors?.Items ?? []).map((rule) => [rule.PathPattern ?? '', rule] as const);
  const all: readonly (readonly [string, Rule])[] = [...rules, ['*', config.DefaultCacheBehavior ?? {}]];
  return {
    domainName: Distribution?.DomainName ?? '',
    status: Distribution?.Status ?? '',
    isEnabled: config.Enabled === true,
    aliases: config.Aliases?.Items ?? [],
    certificateArn: certificateOf(config),
    minimumProtocol: config.ViewerCertificate?.MinimumProtocolVersion ?? '',
    priceClass: config.PriceClass ?? '',
    hasWebAcl: (config.WebACLId ?? '') !== '',
    behaviors: await Promise.all(all.map(([pattern, rule]) => readBehavior(clients, pattern, rule))),
    errorSeconds: errorSecondsOf(config),
  };
};
