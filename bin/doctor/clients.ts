import { ACMClient } from '@aws-sdk/client-acm';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { S3Client } from '@aws-sdk/client-s3';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import { STSClient } from '@aws-sdk/client-sts';

/** The only region of CloudFront's API, and of what belongs to a distribution (CloudFront developer guide). */
export const GLOBAL_REGION = 'us-east-1';

/** A call that hangs is a finding too. */
const CONNECT_MS = 5000;
const ANSWER_MS = 20_000;

const make = (region: string, answerMs: number) => {
  const options = {
    region,
    // Without `throwOnRequestTimeout` the SDK only warns, and waits on (AWS SDK for JavaScript v3, NodeHttpHandler options).
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: answerMs,
      throwOnRequestTimeout: true,
      socketTimeout: answerMs,
    },
  };
  return {
    region,
    acm: new ACMClient(options),
    cloudFormation: new CloudFormationClient(options),
    cloudFront: new CloudFrontClient(options),
    cloudWatch: new CloudWatchClient(options),
    cognito: new CognitoIdentityProviderClient(options),
    dynamodb: new DynamoDBClient(options),
    kms: new KMSClient(options),
    lambda: new LambdaClient(options),
    logs: new CloudWatchLogsClient(options),
    quotas: new ServiceQuotasClient(options),
    rekognition: new RekognitionClient(options),
    s3: new S3Client(options),
    ses: new SESv2Client(options),
    sns: new SNSClient(options),
    sts: new STSClient(options),
  };
};

export type Clients = ReturnType<typeof make>;

/** The clients of a region. */
export type ClientsIn = (region: string) => Clients;

/**
 * Clients with the credentials and addresses of the environment, made once for each region.
 * @param answerMs the time until the answer to a call begins, and the longest silence within it
 */
export const regionalClients = (answerMs = ANSWER_MS): ClientsIn => {
  const made = new Map<string, Clients>();
  return (region) => {
    const clients = made.get(region) ?? make(region, answerMs);
    made.set(region, clients);
    return clients;
  };
};
