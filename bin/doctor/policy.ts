import { cursorOf, QUEUES } from '../../lambdas/adapters/dynamodb/jobs/drained-days.ts';
import { DUE_JOBS_TABLE } from './declared.ts';
import type { Target } from './facts.ts';

/** The IAM action of each call (Service Authorization Reference; S3 names some of its actions differently). Nothing here writes. */
export const ACTIONS = {
  DescribeAlarmsCommand: 'cloudwatch:DescribeAlarms',
  DescribeCertificateCommand: 'acm:DescribeCertificate',
  DescribeContinuousBackupsCommand: 'dynamodb:DescribeContinuousBackups',
  DescribeKeyCommand: 'kms:DescribeKey',
  DescribeLogGroupsCommand: 'logs:DescribeLogGroups',
  DescribeManagedLoginBrandingByClientCommand: 'cognito-idp:DescribeManagedLoginBrandingByClient',
  DescribeStacksCommand: 'cloudformation:DescribeStacks',
  DescribeTableCommand: 'dynamodb:DescribeTable',
  DescribeTimeToLiveCommand: 'dynamodb:DescribeTimeToLive',
  DescribeUserPoolCommand: 'cognito-idp:DescribeUserPool',
  DescribeUserPoolDomainCommand: 'cognito-idp:DescribeUserPoolDomain',
  GetAccountCommand: 'ses:GetAccount',
  GetAccountSettingsCommand: 'lambda:GetAccountSettings',
  GetBucketEncryptionCommand: 's3:GetEncryptionConfiguration',
  GetBucketLifecycleConfigurationCommand: 's3:GetLifecycleConfiguration',
  GetBucketVersioningCommand: 's3:GetBucketVersioning',
  GetCachePolicyCommand: 'cloudfront:GetCachePolicy',
  GetCallerIdentityCommand: 'sts:GetCallerIdentity',
  GetDistributionCommand: 'cloudfront:GetDistribution',
  GetEmailIdentityCommand: 'ses:GetEmailIdentity',
  GetFunctionConcurrencyCommand: 'lambda:GetFunctionConcurrency',
  GetKeyRotationStatusCommand: 'kms:GetKeyRotationStatus',
  GetPublicAccessBlockCommand: 's3:GetBucketPublicAccessBlock',
  GetResponseHeadersPolicyCommand: 'cloudfront:GetResponseHeadersPolicy',
  GetTemplateCommand: 'cloudformation:GetTemplate',
  ListCollectionsCommand: 'rekognition:ListCollections',
  ListServiceQuotasCommand: 'servicequotas:ListServiceQuotas',
  ListStackResourcesCommand: 'cloudformation:ListStackResources',
  ListSubscriptionsByTopicCommand: 'sns:ListSubscriptionsByTopic',
  ListUsersCommand: 'cognito-idp:ListUsers',
} as const;

/** The one call that reads a table: the rows in which housekeeping notes how far it came. */
const ROW_ACTION = 'dynamodb:GetItem';

/** What a principal needs for `verified doctor`, as an IAM policy document. It reads settings, no face and no user's row. */
export const policyDocument = ({ stage, region }: Target) => {
  const dueJobs = `verified-${stage}-data-${DUE_JOBS_TABLE}*`;
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Settings', Effect: 'Allow', Action: Object.values(ACTIONS).sort(), Resource: '*' },
      {
        Sid: 'HowFarHousekeepingCame',
        Effect: 'Allow',
        Action: [ROW_ACTION],
        Resource: `arn:aws:dynamodb:${region}:*:table/${dueJobs}`,
        Condition: {
          'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': QUEUES.map((queue) => cursorOf(queue).dueDay) },
        },
      },
      {
        // DynamoDB decrypts in the caller's name (DynamoDB developer guide, encryption at rest); the key itself stays closed.
        Sid: 'ThroughDynamoDb',
        Effect: 'Allow',
        Action: ['kms:Decrypt'],
        Resource: `arn:aws:kms:${region}:*:key/*`,
        Condition: {
          StringEquals: { 'kms:ViaService': `dynamodb.${region}.amazonaws.com` },
          StringLike: { 'kms:EncryptionContext:aws:dynamodb:tableName': dueJobs },
        },
      },
    ],
  };
};
