import { z } from 'zod';
import type { AccessControl, Role } from '../aws-wire/iam/access-control.ts';
import { readPolicy } from '../aws-wire/iam/policy.ts';
import type { DeployedFunction } from './read-functions.ts';
import type { Resolver } from './resolver.ts';
import { type Resource, resourcesOf, type Stack } from './template.ts';

const RoleProperties = z.strictObject({
  AssumeRolePolicyDocument: z.unknown(),
  Description: z.string().optional(),
  MaxSessionDuration: z.number().optional(),
  Tags: z.unknown().optional(),
});
const PolicyProperties = z.strictObject({
  PolicyDocument: z.unknown(),
  PolicyName: z.string(),
  Roles: z.array(z.string()).min(1),
});
const KeyProperties = z.looseObject({ KeyPolicy: z.unknown() });
const BucketPolicyProperties = z.strictObject({ Bucket: z.string(), PolicyDocument: z.unknown() });

const readRole = (resource: Resource, resolver: Resolver, policies: readonly Resource[]): Role => {
  // Strict: a managed policy, inline policy or permissions boundary would have to be evaluated, too.
  const { AssumeRolePolicyDocument } = RoleProperties.parse(resolver.properties(resource));
  const name = resolver.nameOf(resource);
  const documents = policies
    .map((policy) => PolicyProperties.parse(resolver.properties(policy)))
    .filter(({ Roles }) => Roles.includes(name));
  return {
    arn: resolver.arnOf(resource),
    policies: documents.map(({ PolicyDocument }) => readPolicy(PolicyDocument, 'identity')),
    trust: readPolicy(AssumeRolePolicyDocument, 'trust'),
  };
};

/** Other ways to give a role policies, which are not read: a Deny in one would be passed over. */
const UNREAD = ['AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy'];

const refuseUnread = (stacks: readonly Stack[]): void => {
  const [found] = UNREAD.flatMap((type) => resourcesOf(stacks, type));
  if (found !== undefined) throw new Error(`${found.type} ${found.id} of ${found.stack.name} is not evaluated here`);
};

/**
 * Every role of the stacks in which the service's functions are; CDK's helpers elsewhere run only during a deployment.
 * @throws Error, UnknownPolicyPart or z.ZodError for what would not be evaluated
 */
export const readRoles = (functions: readonly DeployedFunction[], resolver: Resolver): readonly Role[] => {
  const stacks = [...new Set(functions.map(({ stack }) => stack))];
  refuseUnread(stacks);
  return stacks.flatMap((stack) => {
    const policies = resourcesOf([stack], 'AWS::IAM::Policy');
    return resourcesOf([stack], 'AWS::IAM::Role').map((role) => readRole(role, resolver, policies));
  });
};

/** Gives the platform the roles, and the policies of keys and of these buckets. */
export const putAccess = (access: AccessControl, { roles, stacks, resolver, buckets }: AccessParts): void => {
  for (const role of roles) access.putRole(role);
  for (const key of resourcesOf(stacks, 'AWS::KMS::Key')) {
    const { KeyPolicy } = KeyProperties.parse(resolver.properties(key));
    access.putResourcePolicy(resolver.arnOf(key), readPolicy(KeyPolicy, 'resource'));
  }
  for (const policy of resourcesOf(stacks, 'AWS::S3::BucketPolicy')) {
    const name = resolver.value(policy.properties['Bucket'], policy.stack);
    if (!buckets.some((bucket) => bucket === name)) continue;
    const { Bucket, PolicyDocument } = BucketPolicyProperties.parse(resolver.properties(policy));
    access.putResourcePolicy(`arn:aws:s3:::${Bucket}`, readPolicy(PolicyDocument, 'resource'));
  }
};

interface AccessParts {
  readonly roles: readonly Role[];
  readonly stacks: readonly Stack[];
  readonly resolver: Resolver;
  /** Names of the buckets that exist here. */
  readonly buckets: readonly string[];
}
