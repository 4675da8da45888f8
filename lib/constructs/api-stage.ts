import { CfnStage, type HttpApi, type HttpRoute, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { routeSettings } from '../route-limits.ts';
import type { Settings } from '../settings.ts';
import { AccessLog } from './access-log.ts';

export interface ApiStageProps {
  readonly api: HttpApi;
  readonly routes: readonly HttpRoute[];
  readonly settings: Pick<Settings, 'stage' | 'requestsPerSecond' | 'logRetentionDays'>;
}

/** The only stage of the HTTP API: its limits, overall and by route, and its access log. */
export class ApiStage extends Construct {
  constructor(scope: Construct, id: string, { api, routes, settings }: ApiStageProps) {
    super(scope, id);
    const { requestsPerSecond } = settings;
    // `Default` does not appear in logical ids.
    const accessLog = new AccessLog(this, 'Default', settings);
    const stage = new HttpStage(this, 'Stage', { httpApi: api, autoDeploy: true });
    const resource = stage.node.defaultChild;
    if (!(resource instanceof CfnStage)) throw new Error('the HTTP API has no stage');
    resource.accessLogSettings = accessLog.settings;
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
