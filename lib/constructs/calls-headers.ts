import { Duration } from 'aws-cdk-lib';
import { HeadersFrameOption, HeadersReferrerPolicy, ResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import { accountWideName } from '../account-wide-name.ts';

/** Headers for answers of the gateway and the distribution themselves; the functions' own headers stay. */
export const callsHeaders = (scope: Construct, stage: string): ResponseHeadersPolicy =>
  new ResponseHeadersPolicy(scope, 'CallsHeaders', {
    responseHeadersPolicyName: accountWideName(scope, stage, 'calls'),
    comment: 'Verified: answers without headers of their own',
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'", override: false },
      contentTypeOptions: { override: false },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: false },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: false },
      strictTransportSecurity: {
        accessControlMaxAge: Duration.days(730),
        includeSubdomains: true,
        override: false,
      },
    },
  });
