import { z } from 'zod';

const Resource = z.looseObject({
  Type: z.string(),
  DeletionPolicy: z.string().optional(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
const Template = z.looseObject({ Resources: z.record(z.string(), Resource).default({}) });
type Resource = z.infer<typeof Resource>;

/** Display names of resource types. Types that are missing here are listed by their CloudFormation name. */
const NAMES: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::Api': 'HTTP API',
  'AWS::ApiGatewayV2::Authorizer': 'sign-in check of the API',
  'AWS::ApiGatewayV2::Route': 'route of the API',
  'AWS::CertificateManager::Certificate': 'certificate',
  'AWS::Budgets::Budget': 'monthly budget of the account',
  'AWS::CloudFront::Distribution': 'CloudFront distribution',
  'AWS::CloudFront::Function': 'CloudFront function',
  'AWS::CloudFront::ResponseHeadersPolicy': 'set of response headers',
  'AWS::CloudTrail::Trail': 'trail of accesses (CloudTrail)',
  'AWS::CloudWatch::Alarm': 'alarm',
  'AWS::CloudWatch::Dashboard': 'dashboard',
  'AWS::Cognito::ManagedLoginBranding': 'style of the login pages',
  'AWS::Cognito::UserPool': 'pool of operators (Cognito)',
  'AWS::Cognito::UserPoolClient': 'client of the pool',
  'AWS::Cognito::UserPoolDomain': 'managed login of the pool',
  'AWS::DynamoDB::Table': 'DynamoDB table',
  'AWS::IAM::Role': 'role',
  'AWS::KMS::Key': 'encryption key',
  'AWS::KMS::ReplicaKey': 'replica of an encryption key in another region',
  'AWS::Lambda::Function': 'Lambda function',
  'AWS::Logs::LogGroup': 'log group',
  'AWS::Logs::MetricFilter': 'metric from a log',
  'AWS::S3::Bucket': 'private bucket',
  'AWS::Route53::RecordSet': 'record of the domain name',
  'AWS::SNS::Subscription': 'alarm subscription',
  'AWS::SNS::Topic': 'topic for alarms',
  'AWS::SSM::Parameter': 'parameter for another stack',
  'AWS::Scheduler::Schedule': 'schedule',
  'AWS::SecretsManager::Secret': 'secret',
  'AWS::WAFv2::WebACL': 'web ACL (WAF)',
};
/** Resources that mean nothing to a reader of a plan. */
const SILENT =
  /^(AWS::CDK::|AWS::IAM::Policy|AWS::Lambda::(EventInvokeConfig|LayerVersion|Permission)|AWS::S3::BucketPolicy|AWS::SNS::TopicPolicy|AWS::ApiGatewayV2::(Integration|Stage)|AWS::CloudFront::OriginAccessControl|Custom::)/;

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

const detailOf = ({ Type, Properties }: Resource): string => {
  switch (Type) {
    case 'AWS::ApiGatewayV2::Route':
      return text(Properties['RouteKey']);
    case 'AWS::Lambda::Function':
      return [
        text(Properties['Description']) || "CDK's own, while a deployment runs",
        `${text(Properties['MemorySize']) || 128} MB`,
        `${text(Properties['Timeout']) || 3} s`,
        ...(Properties['ReservedConcurrentExecutions'] === undefined
          ? []
          : [`at most ${text(Properties['ReservedConcurrentExecutions'])} concurrently`]),
      ].join(', ');
    case 'AWS::CloudWatch::Alarm':
      return `${text(Properties['AlarmName'])} → ${text(Properties['AlarmDescription']).split('#')[1] ?? ''}`;
    case 'AWS::Scheduler::Schedule':
      return text(Properties['ScheduleExpression']);
    case 'AWS::Logs::LogGroup':
      return `kept ${text(Properties['RetentionInDays'])} days`;
    default:
      return text(Properties['Description'] ?? Properties['Comment']);
  }
};

/** Readable lines: what a template creates, by type, and what stays when the stack is destroyed. */
export const describeStack = (template: unknown): readonly string[] => {
  const { Resources } = Template.parse(template);
  const kinds = new Map<string, { id: string; resource: Resource }[]>();
  for (const [id, resource] of Object.entries(Resources)) {
    if (SILENT.test(resource.Type)) continue;
    kinds.set(resource.Type, [...(kinds.get(resource.Type) ?? []), { id, resource }]);
  }
  return [...kinds]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([type, members]) => [
      `${members.length} × ${NAMES[type] ?? type}`,
      ...members.map(({ id, resource }) => {
        const stays = resource.DeletionPolicy?.startsWith('Retain') ? ' (stays when the stack is destroyed)' : '';
        return `    ${detailOf(resource) || id.replace(/[0-9A-F]{8}$/, '')}${stays}`;
      }),
    ]);
};
