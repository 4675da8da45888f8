import { Aspects, CfnResource, type IAspect, Stack } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';

/** The whole ARN of a managed policy, or its name with its path (IAM user guide, "IAM identifiers"). */
const ARN = /^arn:aws:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/;
const NAME = /^(?!\/)[\w+=,.@/-]+$/;

/** Bounds a construct if it is a role or a user of IAM. */
class RoleBoundary implements IAspect {
  readonly #policy: string;

  constructor(policy: string) {
    this.#policy = policy;
  }

  visit(node: IConstruct): void {
    if (!CfnResource.isCfnResource(node)) return;
    if (!['AWS::IAM::Role', 'AWS::IAM::User'].includes(node.cfnResourceType)) return;
    const arn = ARN.test(this.#policy)
      ? this.#policy
      : Stack.of(node).formatArn({ service: 'iam', region: '', resource: 'policy', resourceName: this.#policy });
    node.addPropertyOverride('PermissionsBoundary', arn);
  }
}

/**
 * Gives every role below the construct a permissions boundary, those of CDK's own functions included.
 * @param policy ARN or name of a managed policy
 * @throws Error for a text that is neither
 */
export const boundRoles = (scope: Construct, policy: string): void => {
  if (!ARN.test(policy) && !NAME.test(policy))
    throw new Error(`permissionsBoundary: "${policy}" is neither the ARN nor the name of a managed policy`);
  const boundary = new RoleBoundary(policy);
  Aspects.of(scope).add(boundary);
  // CDK creates the functions of its references between regions, and their roles, after all Aspects. Validation is what comes later.
  scope.node.addValidation({
    validate: () => {
      for (const node of scope.node.findAll()) boundary.visit(node);
      return [];
    },
  });
};
