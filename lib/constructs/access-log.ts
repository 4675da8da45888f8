import { CfnDeletionPolicy, RemovalPolicy } from 'aws-cdk-lib';
import { CfnLogGroup, FilterPattern, LogGroup, MetricFilter, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { metricsNamespace, REFUSED_REQUESTS_METRIC } from '../metrics.ts';
import type { Settings } from '../settings.ts';

/**
 * What API Gateway logs of a request: no path and no query, since the query can contain a session token. Every line is JSON: each
 * variable is between quotes, and none brings its own, as `$context.error.messageString` would (API Gateway developer guide,
 * "Customize HTTP API access logs"). What a request does not have is `-`.
 */
const FORMAT = JSON.stringify({
  requestId: '$context.requestId',
  routeKey: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  integrationMs: '$context.integrationLatency',
  error: '$context.error.message',
});

/** The API's access log, and the count of requests that the gateway itself refused. */
export class AccessLog extends Construct {
  /** `accessLogSettings` of the API's stage. */
  readonly settings: { readonly destinationArn: string; readonly format: string };

  constructor(scope: Construct, id: string, { stage, logRetentionDays }: Pick<Settings, 'stage' | 'logRetentionDays'>) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      // The policy by which services write to logs has 5,120 characters for all groups of an account; when it is nearly full, CloudWatch
      // Logs opens this prefix to them, and no other (Step Functions developer guide, "Avoiding Amazon CloudWatch Logs resource policy
      // size restrictions"). Under another name, an account with many APIs cannot add one.
      logGroupName: `/aws/vendedlogs/verified-${stage}/api`,
      retention: logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const resource = logGroup.node.defaultChild;
    if (!(resource instanceof CfnLogGroup)) throw new Error('the log group is no log group');
    // The group of release 0.1 had another name: it stays, until its lines have reached their age.
    resource.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    new MetricFilter(this, 'Refused', {
      logGroup,
      // Without a function's duration the gateway itself refused. A function's own 429 concerns one key or account and is no flood.
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.status', '=', '429'),
        FilterPattern.stringValue('$.integrationMs', '=', '-'),
      ),
      metricNamespace: metricsNamespace(stage),
      metricName: REFUSED_REQUESTS_METRIC,
      metricValue: '1',
    });
    this.settings = { destinationArn: logGroup.logGroupArn, format: FORMAT };
  }
}
