import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnReplicaKey, type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { LambdaFunction } from './lambda-function.ts';

export interface DataKeyProps {
  readonly description: string;
  /** Whether other regions may have replicas of it, which read what it encrypted. */
  readonly isMultiRegion: boolean;
  /** ARN of the key in another region that it is a replica of; null: a key of its own. */
  readonly primaryKeyArn: string | null;
}

/** As CDK's own keys: access is managed by IAM policies of the account (AWS KMS developer guide, "Default key policy"). */
const keyPolicy = (): PolicyDocument =>
  new PolicyDocument({
    statements: [
      new PolicyStatement({ principals: [new AccountRootPrincipal()], actions: ['kms:*'], resources: ['*'] }),
    ],
  });

/**
 * A customer managed key that outlives its stack. A function may use it for one purpose only: the purpose is in the encryption
 * context of every call and in the condition of every permission.
 *
 * Which kind of key it is, is decided when it is created. CloudFormation refuses to change `MultiRegion` (template reference,
 * AWS::KMS::Key), and a key and a replica have the same logical id, so that it refuses to make one of the other as well: a stage never
 * gets another key than that which encrypted its data.
 */
export class DataKey extends Construct {
  readonly key: IKey;

  constructor(scope: Construct, id: string, props: DataKeyProps) {
    super(scope, id);
    this.key =
      props.primaryKeyArn === null ? this.#newKey(props) : this.#replica(props.description, props.primaryKeyArn);
  }

  #newKey({ description, isMultiRegion }: DataKeyProps): IKey {
    return new Key(this, 'Key', {
      description,
      ...(isMultiRegion ? { multiRegion: true } : {}),
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  /** It rotates with its primary key. */
  #replica(description: string, primaryKeyArn: string): IKey {
    // The logical id follows from the path, which is that of a key.
    const replica = new CfnReplicaKey(new Construct(this, 'Key'), 'Resource', {
      description,
      primaryKeyArn,
      keyPolicy: keyPolicy(),
    });
    replica.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    return Key.fromKeyArn(this, 'Replica', replica.attrArn);
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
