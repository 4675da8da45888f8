import { z } from 'zod';
import type { AddedHeader } from '../edge/response-headers.ts';
import type { Resolver } from './resolver.ts';
import type { Resource } from './template.ts';

const Override = z.boolean();
const Security = z.strictObject({
  ContentSecurityPolicy: z.strictObject({ ContentSecurityPolicy: z.string(), Override }).optional(),
  ContentTypeOptions: z.strictObject({ Override }).optional(),
  FrameOptions: z.strictObject({ FrameOption: z.string(), Override }).optional(),
  ReferrerPolicy: z.strictObject({ ReferrerPolicy: z.string(), Override }).optional(),
  StrictTransportSecurity: z
    .strictObject({
      AccessControlMaxAgeSec: z.number(),
      IncludeSubdomains: z.boolean().default(false),
      Preload: z.boolean().default(false),
      Override,
    })
    .optional(),
});
const Properties = z.strictObject({
  ResponseHeadersPolicyConfig: z.strictObject({
    Name: z.string(),
    Comment: z.string().optional(),
    SecurityHeadersConfig: Security.default({}),
    CustomHeadersConfig: z
      .strictObject({ Items: z.array(z.strictObject({ Header: z.string(), Value: z.string(), Override })) })
      .default({ Items: [] }),
  }),
});

const strictTransport = ({
  AccessControlMaxAgeSec,
  IncludeSubdomains,
  Preload,
}: NonNullable<z.infer<typeof Security>['StrictTransportSecurity']>): string =>
  [
    `max-age=${AccessControlMaxAgeSec}`,
    ...(IncludeSubdomains ? ['includeSubDomains'] : []),
    ...(Preload ? ['preload'] : []),
  ].join('; ');

const securityHeaders = (security: z.infer<typeof Security>): readonly AddedHeader[] => {
  const { ContentSecurityPolicy, ContentTypeOptions, FrameOptions, ReferrerPolicy, StrictTransportSecurity } = security;
  const all: readonly (readonly [name: string, value: string | undefined, overrides: boolean | undefined])[] = [
    ['content-security-policy', ContentSecurityPolicy?.ContentSecurityPolicy, ContentSecurityPolicy?.Override],
    ['x-content-type-options', ContentTypeOptions && 'nosniff', ContentTypeOptions?.Override],
    ['x-frame-options', FrameOptions?.FrameOption, FrameOptions?.Override],
    ['referrer-policy', ReferrerPolicy?.ReferrerPolicy, ReferrerPolicy?.Override],
    [
      'strict-transport-security',
      StrictTransportSecurity && strictTransport(StrictTransportSecurity),
      StrictTransportSecurity?.Override,
    ],
  ];
  return all.flatMap(([name, value, overrides]) =>
    value === undefined || overrides === undefined ? [] : [{ name, value, overrides }],
  );
};

/**
 * The headers of a response headers policy.
 * @throws z.ZodError for a kind of headers that the local edge does not add, such as CORS
 */
export const readResponseHeaders = (policy: Resource, resolver: Resolver): readonly AddedHeader[] => {
  const { stack, properties } = policy;
  const { ResponseHeadersPolicyConfig } = Properties.parse({
    ResponseHeadersPolicyConfig: resolver.value(properties['ResponseHeadersPolicyConfig'], stack),
  });
  const { SecurityHeadersConfig, CustomHeadersConfig } = ResponseHeadersPolicyConfig;
  const custom = CustomHeadersConfig.Items.map(({ Header, Value, Override: overrides }) => ({
    name: Header.toLowerCase(),
    value: Value,
    overrides,
  }));
  return [...securityHeaders(SecurityHeadersConfig), ...custom];
};
