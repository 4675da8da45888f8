import { Stack, Tags } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { pinFeatureFlags } from './feature-flags.ts';
import { guardStacks } from './guarded-properties.ts';
import { boundRoles } from './role-boundary.ts';
import { makeStacks, type VerifiedStacks } from './stage-stacks.ts';
import { settingsIn, type VerifiedProps } from './verified-props.ts';

/**
 * One stage of Verified, as several stacks: `verified-STAGE-data`, `-web`, `-service` and others, which docs/deploy.md shows. Their names
 * depend on the settings alone, and so do the ids of their resources: the construct may move within an app, and a stage that
 * Verified's own app deployed can be taken over.
 *
 * The stacks have different lives, so the construct creates them itself: its scope is an App or a Stage (or a construct below one), never
 * a Stack.
 */
export class Verified extends Construct {
  /** Origin of pages and API, e.g. `https://verify.example.com`: CAPTURE_URL of the Action. */
  readonly origin: string;
  /** Answers only through the distribution. */
  readonly api: HttpApi;
  readonly distribution: Distribution;
  /** By the name of the environment variable that functions read, e.g. `AUDIT_TABLE`. */
  readonly tables: ReadonlyMap<string, Table>;
  /** By the folder in `lambdas/functions/`, e.g. `session`. */
  readonly functions: ReadonlyMap<string, Lambda>;
  readonly stacks: VerifiedStacks;

  /**
   * @throws Error if the scope is in a stack, or with one line for each wrong property
   */
  constructor(scope: Construct, id: string, props: VerifiedProps = {}) {
    super(scope, id);
    if (scope.node.scopes.some((each) => Stack.isStack(each)))
      throw new Error(
        `${this.node.path} is in a stack, but creates stacks itself: give it the App or a Stage as its scope`,
      );
    pinFeatureFlags(this);
    const settings = settingsIn(this, props);
    this.stacks = makeStacks(this, settings, props);
    const { data, web, service } = this.stacks;
    this.origin = web.publicOrigin;
    this.api = web.api;
    this.distribution = web.distribution;
    this.tables = data.tables.byVariable;
    this.functions = new Map([...service.functions].map(([name, { lambda }]) => [name, lambda]));
    const tags = { application: 'verified', stage: settings.stage, ...props.tags };
    for (const [name, value] of Object.entries(tags)) Tags.of(this).add(name, value);
    if (props.permissionsBoundary !== undefined) boundRoles(this, props.permissionsBoundary);
    guardStacks(this, this.stacks);
  }

  /** Lets something read the audit log, e.g. to copy it to where the organization keeps its logs. */
  grantReadAuditLog(grantee: IGrantable): Grant {
    return this.stacks.data.tables.table('AUDIT_TABLE').grantReadData(grantee);
  }
}
