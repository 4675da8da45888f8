import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as Lambda, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { functionFolder } from '../built-files.ts';

export interface LambdaFunctionProps {
  /** Folder in `lambdas/functions/`. */
  readonly name: string;
  readonly description: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Maximum concurrent instances; null leaves it to the account's limit. */
  readonly maxConcurrency: number | null;
  readonly logRetentionDays: number;
  /** Namespace of its own metrics. */
  readonly metricsNamespace: string;
}

/** A permission in the function's role. */
export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * One Lambda, configured like all of them: ARM, the newest Node runtime, one bundled file, JSON logs with a retention, tracing, and a
 * role with only what `permit` gave it. Whatever grants something sets the environment variable in the same call.
 */
export class LambdaFunction extends Construct {
  readonly lambda: Lambda;
  readonly role: Role;
  readonly logs: LogGroup;
  readonly #environment = new Map<string, string>();

  constructor(scope: Construct, id: string, props: LambdaFunctionProps) {
    super(scope, id);
    this.logs = new LogGroup(this, 'Logs', {
      retention: props.logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Own role, own log group: no AWS managed policy that allows more.
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.permit({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [`${this.logs.logGroupArn}`] });
    this.permit({ actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], resources: ['*'] });
    this.lambda = new Lambda(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(functionFolder(props.name)),
      role: this.role.withoutPolicyUpdates(),
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      ...(props.maxConcurrency === null ? {} : { reservedConcurrentExecutions: props.maxConcurrency }),
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      logGroup: this.logs,
    });
    this.setEnvironment('POWERTOOLS_LOG_LEVEL', 'INFO');
    this.setEnvironment('POWERTOOLS_METRICS_NAMESPACE', props.metricsNamespace);
  }

  /** Adds to the function's role. */
  permit({ actions, resources, conditions }: Permission): void {
    this.role.addToPolicy(
      new PolicyStatement({
        actions: [...actions],
        resources: [...resources],
        ...(conditions === undefined ? {} : { conditions }),
      }),
    );
  }

  setEnvironment(name: string, value: string): void {
    this.#environment.set(name, value);
    this.lambda.addEnvironment(name, value);
  }

  /** Names of the variables that were set. */
  get environmentNames(): readonly string[] {
    return [...this.#environment.keys()].sort();
  }
}
