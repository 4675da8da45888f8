import { Duration } from 'aws-cdk-lib';
import {
  HeadersFrameOption,
  HeadersReferrerPolicy,
  type ResponseSecurityHeadersBehavior,
} from 'aws-cdk-lib/aws-cloudfront';

/**
 * The headers that CloudFront has properties of its own for, with the same values for pages and calls; only the content security policy
 * differs.
 * @param override whether they replace the origin's own headers of these names
 */
export const securityHeaders = (contentSecurityPolicy: string, override: boolean): ResponseSecurityHeadersBehavior => ({
  contentSecurityPolicy: { contentSecurityPolicy, override },
  contentTypeOptions: { override },
  frameOptions: { frameOption: HeadersFrameOption.DENY, override },
  referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override },
  strictTransportSecurity: { accessControlMaxAge: Duration.days(730), includeSubdomains: true, override },
});
