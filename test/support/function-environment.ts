import { ROOT } from './local-aws.ts';
import { PUBLIC_ORIGIN, type World } from './world.ts';

/** What CloudFront sends, and the functions accept. */
export const FRONT_DOOR_SECRET = 's'.repeat(48);

/** Values of every variable that any function declares. */
const valuesIn = (world: World): Readonly<Record<string, string>> => ({
  ...world.tables,
  PUBLIC_ORIGIN,
  FRONT_DOOR_SECRET,
  INTEGRATION_KEY_ID: 'alias/integrations',
  FACE_KEY_ID: 'alias/faces',
  FACE_BUCKET: 'faces',
  LIVENESS_REGION: 'eu-west-1',
  STREAM_ROLE_ARN: 'arn:aws:iam::000000000000:role/stream',
  PORTAL_SIGN_UP: 'closed',
  OPERATOR_POOL_ID: '',
  NOTICE_SENDER: '',
});

/**
 * The environment of a deployed function over a world: the variables that it declares, and the AWS endpoints; nothing else of this
 * process.
 * @throws Error for a variable that this has no value for
 */
export const functionEnvironment = (world: World, variables: readonly string[]): Record<string, string> => ({
  AWS_REGION: 'us-east-1',
  // As in this process (vitest.config.ts): no warning about the Node versions of later SDK releases.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  POWERTOOLS_METRICS_NAMESPACE: 'Verified/smoke',
  AWS_ACCESS_KEY_ID: ROOT.accessKeyId,
  AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
  AWS_ENDPOINT_URL_DYNAMODB: world.endpoints.dynamodb,
  AWS_ENDPOINT_URL_S3: world.endpoints.s3,
  AWS_ENDPOINT_URL_KMS: world.endpoints.kms,
  AWS_ENDPOINT_URL_STS: world.endpoints.sts,
  ...Object.fromEntries(
    variables.map((variable) => {
      const value = valuesIn(world)[variable];
      if (value === undefined) throw new Error(`there is no value for ${variable}`);
      return [variable, value];
    }),
  ),
});
