import { AwsError } from '../../aws-wire/aws-error.ts';
import { findNamed, type Model, type ModelResource, memberOf } from '../model.ts';
import { restXmlService, type Xml } from '../protocols.ts';

/** Minimum, default and maximum seconds of CloudFront's own policies (CloudFront developer guide, managed cache policies). */
const MANAGED: Readonly<Record<string, readonly [number, number, number]>> = {
  '4135ea2d-6df8-44a3-9df3-4b5a84be39ad': [0, 0, 0],
  '658327ea-f89d-4fab-a63d-7e88639e58f6': [1, 86_400, 31_536_000],
};

const none = (code: string): AwsError => new AwsError(code, 'The specified resource does not exist.', 404);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** CloudFront's lists: `Quantity`, and `Items` of elements with one name. */
const items = (name: string, values: readonly Xml[]): Xml =>
  values.length === 0 ? { Quantity: 0 } : { Quantity: values.length, Items: { [name]: values } };

const textOf = (value: unknown, ...path: readonly string[]): string | undefined => {
  const member = memberOf(value, ...path);
  return member === undefined ? undefined : String(member);
};

const behavior = (rule: unknown): Xml => ({
  PathPattern: textOf(rule, 'PathPattern'),
  TargetOriginId: textOf(rule, 'TargetOriginId'),
  ViewerProtocolPolicy: textOf(rule, 'ViewerProtocolPolicy'),
  CachePolicyId: textOf(rule, 'CachePolicyId'),
  ResponseHeadersPolicyId: textOf(rule, 'ResponseHeadersPolicyId'),
});

const origin = (one: unknown): Xml => ({
  Id: textOf(one, 'Id'),
  DomainName: textOf(one, 'DomainName'),
  CustomHeaders: items(
    'OriginCustomHeader',
    listOf(memberOf(one, 'OriginCustomHeaders')).map((header) => ({
      HeaderName: textOf(header, 'HeaderName'),
      HeaderValue: textOf(header, 'HeaderValue'),
    })),
  ),
});

const certificate = (config: unknown): Xml => {
  const arn = textOf(config, 'ViewerCertificate', 'AcmCertificateArn');
  return arn === undefined
    ? { CloudFrontDefaultCertificate: true, MinimumProtocolVersion: 'TLSv1' }
    : {
        CloudFrontDefaultCertificate: false,
        ACMCertificateArn: arn,
        MinimumProtocolVersion: textOf(config, 'ViewerCertificate', 'MinimumProtocolVersion'),
      };
};

/** From CloudFormation's form of a distribution to CloudFront's. */
const configOf = (config: unknown): Xml => ({
  CallerReference: 'stack',
  Aliases: items('CNAME', listOf(memberOf(config, 'Aliases')).map(String)),
  Origins: items('Origin', listOf(memberOf(config, 'Origins')).map(origin)),
  DefaultCacheBehavior: behavior(memberOf(config, 'DefaultCacheBehavior')),
  CacheBehaviors: items('CacheBehavior', listOf(memberOf(config, 'CacheBehaviors')).map(behavior)),
  CustomErrorResponses: items(
    'CustomErrorResponse',
    listOf(memberOf(config, 'CustomErrorResponses')).map((response) => ({
      ErrorCode: textOf(response, 'ErrorCode'),
      ErrorCachingMinTTL: textOf(response, 'ErrorCachingMinTTL'),
    })),
  ),
  Comment: textOf(config, 'Comment'),
  PriceClass: textOf(config, 'PriceClass'),
  Enabled: memberOf(config, 'Enabled') === true,
  ViewerCertificate: certificate(config),
  WebACLId: textOf(config, 'WebACLId') ?? '',
});

const distributionOf = (model: Model, id: string): ModelResource => {
  const found = findNamed(model, 'AWS::CloudFront::Distribution', id);
  if (found === null) throw none('NoSuchDistribution');
  return found;
};

/** The part of CloudFront's API that describes a distribution (CloudFront API reference). */
export const cloudFront = restXmlService(
  [
    {
      path: /^\/2020-05-31\/distribution\/(\w+)$/,
      iamAction: 'cloudfront:GetDistribution',
      run: (id, { model }) => {
        const { physicalId, properties, state } = distributionOf(model, id);
        return {
          name: 'Distribution',
          value: {
            Id: physicalId,
            Status: String(state['status'] ?? 'Deployed'),
            DomainName: `${physicalId.toLowerCase()}.cloudfront.net`,
            DistributionConfig: configOf(properties['DistributionConfig']),
          },
        };
      },
    },
    {
      path: /^\/2020-05-31\/cache-policy\/([\w-]+)$/,
      iamAction: 'cloudfront:GetCachePolicy',
      run: (id) => {
        const seconds = MANAGED[id];
        if (seconds === undefined) throw none('NoSuchCachePolicy');
        const [MinTTL, DefaultTTL, MaxTTL] = seconds;
        const CachePolicyConfig = { Name: 'Managed', MinTTL, DefaultTTL, MaxTTL };
        return { name: 'CachePolicy', value: { Id: id, CachePolicyConfig } };
      },
    },
    {
      path: /^\/2020-05-31\/response-headers-policy\/([\w-]+)$/,
      iamAction: 'cloudfront:GetResponseHeadersPolicy',
      run: (id, { model }) => {
        const policy = findNamed(model, 'AWS::CloudFront::ResponseHeadersPolicy', id);
        if (policy === null) throw none('NoSuchResponseHeadersPolicy');
        const sent = memberOf(policy.properties, 'ResponseHeadersPolicyConfig', 'SecurityHeadersConfig') as Xml;
        const ResponseHeadersPolicyConfig = { Name: id, SecurityHeadersConfig: sent };
        return { name: 'ResponseHeadersPolicy', value: { Id: id, ResponseHeadersPolicyConfig } };
      },
    },
  ],
  true,
);
