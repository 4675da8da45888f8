import { AwsError } from '../aws-wire/aws-error.ts';
import { type CredentialStore, requestContext } from '../aws-wire/credentials.ts';
import type { Signer } from '../aws-wire/signature.ts';

/** Bucket to the ARN of the KMS key in its default encryption. */
export type BucketKeys = Readonly<Record<string, string>>;

interface Rules {
  readonly credentials: CredentialStore;
  readonly bucketKeys?: BucketKeys;
}

interface SignedCall {
  readonly action: string;
  readonly bucket: string;
  /** Empty for calls about the bucket. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly signer: Signer;
  readonly nowMs: number;
}

/** The version of TLS that clients of S3 speak; see `requestContext`. */
const TLS = { 's3:tlsversion': '1.3' } as const;

/** What S3 does with the bucket's key in the caller's name (S3 user guide, "Required permissions" of SSE-KMS). */
const KEY_USES: Readonly<Record<string, string>> = {
  's3:PutObject': 'kms:GenerateDataKey',
  's3:GetObject': 'kms:Decrypt',
};

const arnOf = (bucket: string, key: string): string => `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`;

/** @throws AwsError AccessDeniedException if the caller may not do it, or may not use the bucket's key for it */
export const authorizeCall = (rules: Rules, { action, bucket, key, query, signer, nowMs }: SignedCall): void => {
  const { access } = rules.credentials;
  const common = requestContext(signer.scope, nowMs);
  const prefix = action === 's3:ListBucket' ? { 's3:prefix': query.get('prefix') ?? '' } : {};
  const context = { ...common, ...TLS, ...prefix };
  access.authorize(signer.credentials, { action, resource: arnOf(bucket, key), context });
  const [use, kmsKey] = [KEY_USES[action], rules.bucketKeys?.[bucket]];
  if (use === undefined || kmsKey === undefined) return;
  const [, region] = signer.scope.split('/');
  access.authorize(signer.credentials, {
    action: use,
    resource: kmsKey,
    // With a bucket key the encryption context is the bucket's ARN (S3 user guide, S3 Bucket Keys).
    context: {
      ...common,
      'kms:viaservice': `s3.${region}.amazonaws.com`,
      'kms:encryptioncontext:aws:s3:arn': arnOf(bucket, ''),
    },
  });
};

/** Whether the caller may list the object's bucket, hence learn that it is not there. */
const mayList = (rules: Rules, { bucket, key, signer, nowMs }: SignedCall): boolean => {
  const context = { ...requestContext(signer.scope, nowMs), ...TLS, 's3:prefix': key };
  try {
    const list = { action: 's3:ListBucket', resource: arnOf(bucket, ''), context };
    rules.credentials.access.authorize(signer.credentials, list);
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
};

/** Who may not list does not learn what is missing (S3 API reference, GetObject, permissions). */
export const hideMissing =
  (rules: Rules, call: SignedCall) =>
  (error: unknown): never => {
    if (!(error instanceof AwsError && error.code === 'NoSuchKey') || mayList(rules, call)) throw error;
    throw new AwsError('AccessDenied', 'Access Denied', 403);
  };
