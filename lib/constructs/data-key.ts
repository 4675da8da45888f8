import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { LambdaFunction } from './lambda-function.ts';

/**
 * A customer managed key that outlives its stack. A function may use it for one purpose only: the purpose is in the encryption
 * context of every call and in the condition of every permission.
 */
export class DataKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, description: string) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  /** Direct calls of the function with this purpose in the encryption context. */
  grantPurpose(
    fn: LambdaFunction,
    purpose: string,
    actions: readonly ('Decrypt' | 'Encrypt' | 'GenerateDataKey')[],
  ): void {
    fn.permit({
      actions: actions.map((action) => `kms:${action}`),
      resources: [this.key.keyArn],
      conditions: { StringEquals: { 'kms:EncryptionContext:purpose': purpose } },
    });
  }

  /** What a service does with the key in the function's name; useless outside that service. */
  grantThrough(fn: LambdaFunction, service: 'dynamodb' | 's3', actions: readonly string[]): void {
    fn.permit({
      actions: actions.map((action) => `kms:${action}`),
      resources: [this.key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `${service}.${Stack.of(this).region}.amazonaws.com` } },
    });
  }
}
