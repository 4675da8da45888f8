import {
  BOOTSTRAP_QUALIFIER_CONTEXT,
  BootstraplessSynthesizer,
  DefaultStackSynthesizer,
  type IStackSynthesizer,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * The roles that were bootstrapped in the stage's region, for a stack in another one. They work in every region, so a stack that uploads
 * nothing needs no bootstrapping of its own (CDK, BootstraplessSynthesizer).
 */
export const rolesOf = (scope: Construct, region: string): IStackSynthesizer => {
  const qualifier = scope.node.tryGetContext(BOOTSTRAP_QUALIFIER_CONTEXT) ?? DefaultStackSynthesizer.DEFAULT_QUALIFIER;
  const role = (name: string) =>
    `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/cdk-${qualifier}-${name}-role-\${AWS::AccountId}-${region}`;
  // CDK's class has an undefined member that its interface calls required, which the compiler's strictest setting distinguishes.
  return new BootstraplessSynthesizer({
    deployRoleArn: role('deploy'),
    cloudFormationExecutionRoleArn: role('cfn-exec'),
  }) as IStackSynthesizer;
};
