import { CfnResource, type Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { z } from 'zod';
import { PORTAL_ROUTES } from '../contract/api/routes.ts';
import type { VerifiedStacks } from './stage-stacks.ts';

/** A resource as the template will have it, with all overrides. */
const Rendered = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
});
type Rendered = z.infer<typeof Rendered>;
type Resources = ReadonlyMap<string, Rendered>;

/** @returns what is wrong with the resource: a sentence, or nothing */
type Rule = (
  resource: Rendered,
  around: { readonly resources: Resources; readonly frontDoorSecret: () => string },
) => string | null;

const PUBLIC_ACCESS_BLOCKS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
const Members = z.record(z.string(), z.unknown());
const member = (value: unknown, name: string): unknown => Members.safeParse(value).data?.[name];

const Statements = z.looseObject({
  PolicyDocument: z.looseObject({
    Statement: z.array(z.looseObject({ Effect: z.string(), Principal: z.unknown().optional() })),
  }),
});
const isEverybody = (principal: unknown): boolean => [principal, member(principal, 'AWS')].flat().includes('*');

const Target = z.looseObject({ IntegrationUri: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }) });
/** Keys of the routes that need a signed-in operator. */
const OPERATORS_ROUTES = new Set(PORTAL_ROUTES.map(({ method, path }) => `${method} ${path}`));

/** Below the routes that the API has: only functions that refuse whatever did not come through the distribution. */
const checkIntegration: Rule = ({ Properties }, { resources, frontDoorSecret }) => {
  const target = Target.safeParse(Properties).data?.IntegrationUri['Fn::GetAtt'][0] ?? '';
  const variables = member(resources.get(target)?.Properties['Environment'], 'Variables');
  return JSON.stringify(member(variables, 'FRONT_DOOR_SECRET')) === frontDoorSecret()
    ? null
    : 'a route of the API leads to something that does not check the secret of the front door, so that it answers callers who avoid the distribution';
};

const checkTable: Rule = ({ Properties, DeletionPolicy, UpdateReplacePolicy }) => {
  if (member(Properties['PointInTimeRecoverySpecification'], 'PointInTimeRecoveryEnabled') !== true)
    return 'point-in-time recovery is off, so that lost or damaged rows could not be restored';
  if (Properties['DeletionProtectionEnabled'] !== true) return 'the deletion protection of a table is off';
  if (DeletionPolicy !== 'Retain' || UpdateReplacePolicy !== 'Retain')
    return 'a table is not retained, so that an update or the end of its stack could delete it';
  return null;
};

/** What nothing may change, by type of resource: overrides, Aspects, or later versions of this code. */
const RULES: Readonly<Record<string, Rule>> = {
  'AWS::S3::Bucket': ({ Properties }) =>
    PUBLIC_ACCESS_BLOCKS.every((name) => member(Properties['PublicAccessBlockConfiguration'], name) === true)
      ? null
      : 'a bucket does not block public access completely',
  'AWS::S3::BucketPolicy': ({ Properties }) =>
    Statements.safeParse(Properties).data?.PolicyDocument.Statement.every(
      // Without `Principal`, an Allow names those whom it leaves out (`NotPrincipal`): it allows everybody else.
      ({ Effect, Principal }) => Effect === 'Deny' || (Principal !== undefined && !isEverybody(Principal)),
    ) === true
      ? null
      : 'the policy of a bucket allows something to everybody',
  'AWS::DynamoDB::Table': checkTable,
  'AWS::KMS::Key': ({ Properties }) =>
    Properties['EnableKeyRotation'] === true ? null : 'the yearly rotation of a key is off',
  'AWS::Cognito::UserPool': ({ Properties }) =>
    Properties['DeletionProtection'] === 'ACTIVE' ? null : 'the deletion protection of the pool of operators is off',
  'AWS::ApiGatewayV2::Integration': checkIntegration,
  'AWS::ApiGatewayV2::Route': ({ Properties }) =>
    Properties['AuthorizationType'] === 'JWT' || !OPERATORS_ROUTES.has(String(Properties['RouteKey']))
      ? null
      : 'a route of the portal does not require a signed-in operator',
};

/**
 * CDK has no public way to a resource's final form before the templates are written: overrides appear in none of its properties.
 * If a later version of CDK has no such method, this fails, and nothing is deployed unchecked.
 */
const renderedResources = (stack: Stack): readonly (readonly [resource: CfnResource, id: string, form: Rendered])[] =>
  stack.node
    .findAll()
    .filter((node) => CfnResource.isCfnResource(node))
    .flatMap((resource) => {
      const own = resource as CfnResource & { _toCloudFormation(): unknown };
      const { Resources = {} } = z
        .looseObject({ Resources: z.record(z.string(), Rendered).optional() })
        .parse(stack.resolve(own._toCloudFormation()));
      return Object.entries(Resources).map(([id, form]) => [resource, id, form] as const);
    });

/** What is wrong with a stack: one sentence for each resource, with its place. */
const faultsOf = (stack: Stack, acceptedSecrets: string): readonly string[] => {
  const rendered = renderedResources(stack);
  const around = {
    resources: new Map(rendered.map(([, id, form]) => [id, form])),
    // Read on demand: only the stacks that use the secret can resolve it.
    frontDoorSecret: () => JSON.stringify(stack.resolve(acceptedSecrets)),
  };
  return rendered.flatMap(([resource, , form]) => {
    const fault = RULES[form.Type]?.(form, around) ?? null;
    return fault === null
      ? []
      : [
          `${resource.node.path}: ${fault}. Remove what changes it; Verified must not be deployed like this (docs/library.md)`,
        ];
  });
};

/**
 * Refuses, when the app is synthesized, what overrides of a team must never change. It runs after all Aspects, on the resources as the
 * templates will have them.
 */
export const guardStacks = (scope: Construct, stacks: VerifiedStacks): void => {
  const { acceptedFrontDoorSecrets } = stacks.web;
  scope.node.addValidation({
    validate: () => [
      ...Object.values(stacks).flatMap((stack: Stack | null) =>
        stack === null ? [] : faultsOf(stack, acceptedFrontDoorSecrets),
      ),
      ...(stacks.data.terminationProtection === true
        ? []
        : [
            `${stacks.data.node.path}: the termination protection of the data stack is off. Leave it on (docs/library.md)`,
          ]),
    ],
  });
};
