import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnStage, type HttpApi, type HttpRoute, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { FilterPattern, LogGroup, MetricFilter, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { metricsNamespace, REFUSED_REQUESTS_METRIC } from '../metrics.ts';
import { routeSettings } from '../route-limits.ts';
import type { Settings } from '../settings.ts';

/** What API Gateway logs of a request: no path and no query, since the query can contain a session token. */
const ACCESS_LOG_FORMAT = JSON.stringify({
  requestId: '$context.requestId',
  routeKey: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  integrationMs: '$context.integrationLatency',
  error: '$context.error.messageString',
});

export interface ApiStageProps {
  readonly api: HttpApi;
  readonly routes: readonly HttpRoute[];
  readonly settings: Pick<Settings, 'stage' | 'requestsPerSecond' | 'logRetentionDays'>;
}

/** The only stage of the HTTP API: its limits, overall and by route, and its access log. */
export class ApiStage extends Construct {
  constructor(scope: Construct, id: string, { api, routes, settings }: ApiStageProps) {
    super(scope, id);
    const { requestsPerSecond, logRetentionDays } = settings;
    const logs = new LogGroup(this, 'Logs', {
      retention: logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new MetricFilter(this, 'Refused', {
      logGroup: logs,
      // Without a function's duration the gateway itself refused. A function's own 429 concerns one key or account and is no flood.
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.status', '=', '429'),
        FilterPattern.stringValue('$.integrationMs', '=', '-'),
      ),
      metricNamespace: metricsNamespace(settings.stage),
      metricName: REFUSED_REQUESTS_METRIC,
      metricValue: '1',
    });
    const stage = new HttpStage(this, 'Stage', { httpApi: api, autoDeploy: true });
    const resource = stage.node.defaultChild;
    if (!(resource instanceof CfnStage)) throw new Error('the HTTP API has no stage');
    resource.accessLogSettings = { destinationArn: logs.logGroupArn, format: ACCESS_LOG_FORMAT };
    // No detailed metrics: they are billed by route and kind, and the functions write their own duration per route.
    resource.defaultRouteSettings = {
      throttlingRateLimit: requestsPerSecond,
      throttlingBurstLimit: requestsPerSecond * 2,
    };
    resource.routeSettings = routeSettings(requestsPerSecond);
    // API Gateway refuses settings of a route that it does not know yet ("Unable to find Route by key").
    stage.node.addDependency(...routes);
  }
}
