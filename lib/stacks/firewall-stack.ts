import { Stack, type StackProps } from 'aws-cdk-lib';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';

/** The only region for web ACLs of CloudFront (AWS WAF developer guide, "How AWS WAF works"). */
export const FIREWALL_REGION = 'us-east-1';

export interface FirewallStackProps extends StackProps {
  /** Requests of one address in five minutes; above that it is refused for a while. */
  readonly requestsPerAddress: number;
}

const visibleAs = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  cloudWatchMetricsEnabled: true,
  metricName,
  // A sample shows whole requests, and a session token travels in the query of /s/*.
  sampledRequestsEnabled: false,
});

/** Rules of the common set that only count here, since they would refuse legitimate requests. */
const COUNTED = [
  // A signed link is longer than the 2,048 characters that the rule allows.
  'SizeRestrictions_QUERYSTRING',
  // Servers of customers need not send a User-Agent.
  'NoUserAgent_HEADER',
];

const managed = (priority: number, name: string, counted: readonly string[] = []): CfnWebACL.RuleProperty => ({
  name,
  priority,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
    },
  },
  visibilityConfig: visibleAs(name),
});

/** A web ACL in front of the distribution: a limit per address, known bad addresses, known bad requests. */
export class FirewallStack extends Stack {
  readonly webAclArn: string;

  constructor(scope: Construct, id: string, props: FirewallStackProps) {
    super(scope, id, props);
    const acl = new CfnWebACL(this, 'WebAcl', {
      description: 'Verified',
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: visibleAs('VerifiedWebAcl'),
      rules: [
        {
          name: 'RequestsPerAddress',
          priority: 0,
          action: { block: { customResponse: { responseCode: 429 } } },
          statement: {
            rateBasedStatement: {
              aggregateKeyType: 'IP',
              limit: props.requestsPerAddress,
              evaluationWindowSec: 300,
            },
          },
          visibilityConfig: visibleAs('RequestsPerAddress'),
        },
        managed(1, 'AWSManagedRulesAmazonIpReputationList'),
        managed(2, 'AWSManagedRulesKnownBadInputsRuleSet'),
        managed(3, 'AWSManagedRulesCommonRuleSet', COUNTED),
      ],
    });
    this.webAclArn = acl.attrArn;
  }
}
