import { ResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import { NO_STORE_HEADERS } from '../../lambdas/http/answer-headers.ts';
import { accountWideName } from '../account-wide-name.ts';
import { securityHeaders } from './security-headers.ts';

/** Headers for answers of the gateway and the distribution themselves; the functions' own headers stay. */
export const callsHeaders = (scope: Construct, stage: string): ResponseHeadersPolicy =>
  new ResponseHeadersPolicy(scope, 'CallsHeaders', {
    responseHeadersPolicyName: accountWideName(scope, stage, 'calls'),
    comment: 'Verified: answers without headers of their own',
    securityHeadersBehavior: securityHeaders(NO_STORE_HEADERS['content-security-policy'], false),
  });
