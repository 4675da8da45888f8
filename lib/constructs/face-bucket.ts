import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { DataKey } from './data-key.ts';
import type { LambdaFunction } from './lambda-function.ts';

/** Encryption context of references (lambdas/adapters/s3/sealed-reference-store.ts). */
const PURPOSE = 'verified/reference-face';

/**
 * The only place for faces: private, TLS only, encrypted by a customer managed key on top of the seal of each picture. Not versioned
 * and not replicated, since deleting a face has to delete it; a mistaken deletion costs an enrollment.
 */
export class FaceBucket extends Construct {
  readonly bucket: Bucket;
  readonly #key: DataKey;

  constructor(scope: Construct, id: string, props: { readonly key: DataKey; readonly accessLogs: IBucket }) {
    super(scope, id);
    this.#key = props.key;
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: false,
      encryption: BucketEncryption.KMS,
      encryptionKey: props.key.key,
      bucketKeyEnabled: true,
      serverAccessLogsBucket: props.accessLogs,
      serverAccessLogsPrefix: 'faces/',
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  /** Passes the names of bucket and key, and allows nothing. */
  name(fn: LambdaFunction): void {
    fn.setEnvironment('FACE_BUCKET', this.bucket.bucketName);
    fn.setEnvironment('FACE_KEY_ID', this.#key.key.keyArn);
  }

  grantStore(fn: LambdaFunction): void {
    this.name(fn);
    this.#permit(fn, ['PutObject', 'DeleteObject']);
    this.#key.grantPurpose(fn, PURPOSE, ['GenerateDataKey']);
    this.#key.grantThrough(fn, 's3', ['GenerateDataKey']);
  }

  grantLoad(fn: LambdaFunction): void {
    this.name(fn);
    this.#permit(fn, ['GetObject']);
    this.#key.grantPurpose(fn, PURPOSE, ['Decrypt']);
    this.#key.grantThrough(fn, 's3', ['Decrypt']);
  }

  grantRemove(fn: LambdaFunction): void {
    this.name(fn);
    this.#permit(fn, ['DeleteObject']);
  }

  /** Allows deletion, and checking afterwards whether a name exists: names disclose nothing. */
  grantDelete(fn: LambdaFunction): void {
    this.grantRemove(fn);
    fn.permit({
      actions: ['s3:ListBucket'],
      resources: [this.bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': 'faces/*' } },
    });
  }

  #permit(fn: LambdaFunction, actions: readonly string[]): void {
    fn.permit({ actions: actions.map((action) => `s3:${action}`), resources: [this.bucket.arnForObjects('faces/*')] });
  }
}
