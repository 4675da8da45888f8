import { createHash } from 'node:crypto';
import { z } from 'zod';
import { allOf, type Model, type ModelResource, type ModelStack, memberOf } from './model.ts';
import { type References, resolve } from './resolve-template.ts';

/** A stack as CDK synthesizes it. */
export interface DeployedTemplate {
  readonly name: string;
  readonly region: string;
  readonly isProtected: boolean;
  readonly template: object;
}

const Template = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
  Outputs: z
    .record(z.string(), z.looseObject({ Value: z.unknown(), Export: z.looseObject({ Name: z.string() }).optional() }))
    .default({}),
});

type Output = z.infer<typeof Template>['Outputs'][string];

/** Properties that the account's services answer with; others, such as code and policies, stay unresolved. */
const ANSWERED =
  /^AWS::(CloudFront::|CloudWatch::Alarm|Cognito::UserPool|DynamoDB::|KMS::Key|Lambda::Function|Logs::LogGroup|S3::Bucket$|SNS::)/;

const hexOf = (...parts: readonly string[]): string => createHash('sha256').update(parts.join('/')).digest('hex');

/** Names as AWS gives them: an ARN, a UUID, an id, or `STACK-LOGICALID-SUFFIX`. */
const physicalIdOf = (
  account: string,
  stack: DeployedTemplate,
  logicalId: string,
  type: string,
  alarm: unknown,
): string => {
  const hex = hexOf(stack.name, logicalId);
  const name = `${stack.name}-${logicalId}-${hex.slice(0, 12)}`;
  switch (type) {
    case 'AWS::CloudWatch::Alarm':
      return typeof alarm === 'string' ? alarm : name;
    case 'AWS::CloudFront::Distribution':
      return `E${hex.slice(0, 13).toUpperCase()}`;
    case 'AWS::Cognito::UserPool':
      return `${stack.region}_${hex.slice(0, 9)}`;
    case 'AWS::Cognito::UserPoolClient':
      return hex.slice(0, 26);
    case 'AWS::CloudFront::ResponseHeadersPolicy':
    case 'AWS::KMS::Key':
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
    case 'AWS::S3::Bucket':
      return name.toLowerCase().slice(0, 63);
    case 'AWS::SNS::Topic':
      return `arn:aws:sns:${stack.region}:${account}:${name}`;
    case 'AWS::SNS::Subscription':
      return `arn:aws:sns:${stack.region}:${account}:topic:${hex.slice(0, 32)}`;
    default:
      return name;
  }
};

const attributeOf = (account: string, { type, region, physicalId }: ModelResource, attribute: string): string => {
  if (attribute === 'DomainName') return `${physicalId.toLowerCase()}.cloudfront.net`;
  if (attribute !== 'Arn') return `${physicalId}.${attribute}`;
  const service = type.split('::')[1]?.toLowerCase() ?? '';
  const kind = { kms: 'key/', dynamodb: 'table/', lambda: 'function:' }[service] ?? '';
  return `arn:aws:${service}:${service === 's3' ? ':' : `${region}:${account}`}:${kind}${physicalId}`;
};

const birth = (account: string, stack: DeployedTemplate): ModelStack => {
  const { Resources } = Template.parse(stack.template);
  return {
    ...stack,
    status: 'UPDATE_COMPLETE',
    outputs: {},
    resources: Object.entries(Resources).map(([logicalId, { Type: type, Properties }]) => ({
      region: stack.region,
      logicalId,
      physicalId: physicalIdOf(account, stack, logicalId, type, Properties['AlarmName']),
      type,
      properties: Properties,
      state: {},
    })),
  };
};

const referencesOf = (stacks: readonly ModelStack[], stack: ModelStack, account: string): References => {
  const named = (logicalId: string): ModelResource => {
    const found = stack.resources.find((resource) => resource.logicalId === logicalId);
    if (found === undefined) throw new Error(`${stack.name} has no ${logicalId}`);
    return found;
  };
  const outputOf = (isIt: (output: Output, name: string, of: ModelStack) => boolean, wanted: string): string => {
    for (const other of stacks) {
      const found = Object.entries(Template.parse(other.template).Outputs).find(([name, one]) =>
        isIt(one, name, other),
      );
      if (found !== undefined) return String(resolve(found[1].Value, referencesOf(stacks, other, account)));
    }
    throw new Error(`no stack has the output ${wanted}`);
  };
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': account,
    'AWS::Partition': 'aws',
    'AWS::Region': stack.region,
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack.name,
  };
  return {
    ref: (name) => pseudo[name] ?? named(name).physicalId,
    attribute: (logicalId, attribute) => attributeOf(account, named(logicalId), attribute),
    imported: (exportName) => outputOf(({ Export }) => Export?.Name === exportName, exportName),
    output: (stackName, outputName) =>
      outputOf((_output, name, { name: other }) => other === stackName && name === outputName, outputName),
  };
};

const sessionsOf = (model: Model): number => {
  const expressions = allOf(model, 'AWS::CloudWatch::Alarm').map(({ properties }) => JSON.stringify(properties));
  return Number(expressions.flatMap((text) => / 60 \/ (\d+)"/.exec(text)?.[1] ?? [])[0] ?? 15);
};

const sendersOf = (model: Model): readonly string[] =>
  allOf(model, 'AWS::Lambda::Function').flatMap(({ properties }) => {
    const sender = memberOf(properties, 'Environment', 'Variables', 'NOTICE_SENDER');
    return typeof sender === 'string' && sender !== '' ? [sender] : [];
  });

/**
 * The account after these stacks were deployed and nobody has touched them since: everything is as they declare, and the account
 * has what they need.
 */
export const modelOfStacks = (account: string, templates: readonly DeployedTemplate[]): Model => {
  const stacks = templates.map((template) => birth(account, template));
  for (const stack of stacks) {
    const references = referencesOf(stacks, stack, account);
    for (const resource of stack.resources) {
      if (ANSWERED.test(resource.type)) {
        resource.properties = resolve(resource.properties, references) as Record<string, unknown>;
      }
    }
    const { Outputs } = Template.parse(stack.template);
    for (const [name, { Value }] of Object.entries(Outputs)) {
      if (!name.startsWith('Exports')) stack.outputs[name] = String(resolve(Value, references));
    }
  }
  const model: Model = {
    account,
    stacks,
    rekognitionQuotas: [],
    concurrencyLimit: 1000,
    mail: { isInProduction: true, isSending: true, identities: {} },
    certificates: {},
    drainedThrough: {},
  };
  model.rekognitionQuotas = [{ name: 'Maximum number of concurrent Face Liveness sessions', value: sessionsOf(model) }];
  model.mail.identities = Object.fromEntries(sendersOf(model).map((sender) => [sender, true]));
  return model;
};
