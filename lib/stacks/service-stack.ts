import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpMethod, HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import { PORTAL_ROUTES, ROUTES, type RouteName } from '../../contract/api/routes.ts';
import { alarmRules } from '../alarms.ts';
import { ApiStage } from '../constructs/api-stage.ts';
import { LambdaFunction } from '../constructs/lambda-function.ts';
import { type AlarmTarget, StageAlarms } from '../constructs/stage-alarms.ts';
import { StageDashboard } from '../constructs/stage-dashboard.ts';
import { metricsNamespace } from '../metrics.ts';
import { SERVICE_FUNCTIONS, type Surroundings } from '../service-functions.ts';
import type { Settings } from '../settings.ts';
import type { DataStack } from './data-stack.ts';
import type { WebStack } from './web-stack.ts';

export interface ServiceStackProps extends StackProps {
  readonly settings: Settings;
  readonly data: DataStack;
  readonly web: WebStack;
  /** Where alarms go. */
  readonly alarmTopic: AlarmTarget;
}

/**
 * Logical ids of routes that had another name when they were first deployed. CloudFormation creates a resource with a new id before it
 * deletes the old one, and API Gateway refuses a second route with the same key, so the upgrade of a stage would fail.
 */
const FIRST_NAMES: Readonly<Partial<Record<RouteName, string>>> = {
  startEnrollLiveness: 'startEnrolLiveness',
  completeEnroll: 'completeEnrol',
};

/** The Lambdas, their routes with the API's stage, the schedule, and what watches them: alarms and the dashboard. */
export class ServiceStack extends Stack {
  readonly functions: ReadonlyMap<string, LambdaFunction>;

  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id, props);
    const { settings, data, web } = props;
    this.functions = new Map(
      SERVICE_FUNCTIONS.map(({ name, grant: _grant, maxConcurrency, ...size }) => [
        name,
        new LambdaFunction(this, name, {
          name,
          ...size,
          maxConcurrency: settings.accountConcurrency === undefined ? null : maxConcurrency,
          logRetentionDays: settings.logRetentionDays,
          metricsNamespace: metricsNamespace(settings.stage),
        }),
      ]),
    );
    const surroundings: Surroundings = {
      settings,
      data,
      publicOrigin: web.publicOrigin,
      frontDoorSecret: web.acceptedFrontDoorSecrets,
      region: this.region,
      account: this.account,
      grantStream: this.#makeStreamRole(),
      grantInvite: (fn) => web.signIn.grantInvite(fn),
    };
    for (const { name, grant } of SERVICE_FUNCTIONS) grant(this.function(name), surroundings);
    new ApiStage(this, 'Api', { api: web.api, routes: this.#addRoutes(web), settings });
    this.#addSchedule();
    const rules = alarmRules({ settings, functions: this.functions, apiId: web.api.apiId });
    new StageAlarms(this, 'Alarms', { topic: props.alarmTopic, rules });
    new StageDashboard(this, 'Dashboard', { stage: settings.stage, functions: this.functions });
  }

  function(name: string): LambdaFunction {
    const fn = this.functions.get(name);
    if (fn === undefined) throw new Error(`there is no function ${name}`);
    return fn;
  }

  /** The role behind the browser's credentials: it can only open a liveness stream. */
  #makeStreamRole(): (fn: LambdaFunction) => void {
    const users = ['enroll', 'verify'].map((name) => this.function(name).role);
    const [first, ...others] = users;
    if (first === undefined) throw new Error('nobody uses the stream role');
    const role = new Role(this, 'LivenessStream', {
      description:
        'Verified: StartFaceLivenessSession for a browser, narrowed further by a session policy with a time limit',
      assumedBy: first,
      maxSessionDuration: Duration.hours(1),
    });
    for (const other of others) role.assumeRolePolicy?.addStatements(assumeStatement(other));
    role.addToPolicy(new PolicyStatement({ actions: ['rekognition:StartFaceLivenessSession'], resources: ['*'] }));
    return (fn) => {
      fn.setEnvironment('STREAM_ROLE_ARN', role.roleArn);
      fn.permit({ actions: ['sts:AssumeRole'], resources: [role.roleArn] });
    };
  }

  /** Every route of the shared route table. */
  #addRoutes({ api, signIn: { authorizer } }: WebStack): readonly HttpRoute[] {
    const operators = new Set<string>(PORTAL_ROUTES.map(({ name }) => name));
    const integrations = new Map<string, HttpLambdaIntegration>();
    return ROUTES.map(({ name, method, path, lambda }) => {
      const integration =
        integrations.get(lambda) ?? new HttpLambdaIntegration(`${lambda}Integration`, this.function(lambda).lambda);
      integrations.set(lambda, integration);
      return new HttpRoute(this, `${FIRST_NAMES[name] ?? name}Route`, {
        httpApi: api,
        routeKey: HttpRouteKey.with(path, HttpMethod[method]),
        integration,
        ...(operators.has(name) ? { authorizer } : {}),
      });
    });
  }

  #addSchedule(): void {
    const { lambda } = this.function('housekeeping');
    lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    new Schedule(this, 'Housekeeping', {
      description: 'Verified: does due jobs, every minute',
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      // A failed run needs no retry: the next one is a minute away. For the same reason failed runs go to no queue of their own: the
      // jobs stay in the table, and the alarms FunctionErrors, HousekeepingStopped and LateJobs report what goes on.
      target: new LambdaInvoke(lambda, { retryAttempts: 0, maxEventAge: Duration.minutes(1) }),
    });
  }
}

const assumeStatement = (role: Role): PolicyStatement =>
  new PolicyStatement({ actions: ['sts:AssumeRole'], principals: [role] });
