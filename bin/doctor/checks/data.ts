import { isFaceBucket, propertyOf, resourcesOf } from '../declared.ts';
import type { BucketState, Deployed } from '../facts.ts';
import { type Check, check, fault, listed, ok } from './check.ts';

const names = (states: readonly { readonly name: string }[]): string => listed(states.map(({ name }) => name));
const ids = (states: readonly { readonly id: string }[]): string => listed(states.map(({ id }) => id));

const TABLES: readonly Check[] = [
  check('tables-recovery', 'Tables can be restored to any moment of 35 days', ['tables'], ({ tables }) => {
    const bare = tables.filter(({ isRecoverable }) => !isRecoverable);
    if (bare.length === 0) return ok(`${tables.length} tables`);
    return fault(
      `off: ${names(bare)}`,
      'What is lost there is lost.',
      'aws dynamodb update-continuous-backups --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true --table-name NAME',
    );
  }),
  check('tables-expiry', 'Rows expire by the attribute that was deployed', ['tables', 'deployed'], (read) => {
    const declared = new Map(
      resourcesOf(read.deployed, 'AWS::DynamoDB::Table').map((table) => [
        table.physicalId,
        propertyOf(table, 'TimeToLiveSpecification', 'AttributeName') ?? null,
      ]),
    );
    const wrong = read.tables.filter(({ name, timeToLive }) => timeToLive !== (declared.get(name) ?? null));
    if (wrong.length === 0) return ok(`${read.tables.filter(({ timeToLive }) => timeToLive !== null).length} tables`);
    return fault(
      listed(wrong.map(({ name, timeToLive }) => `${name}: ${timeToLive ?? 'off'}`)),
      'Rows stay that should be gone, or go that should stay.',
      'aws dynamodb update-time-to-live --time-to-live-specification Enabled=true,AttributeName=ATTRIBUTE --table-name NAME, with the attribute of lambdas/tables.ts; Enabled=false where it names none',
    );
  }),
  check('tables-protection', 'Tables are active and protected against deletion', ['tables'], ({ tables }) => {
    const down = tables.filter(({ status }) => !['ACTIVE', 'UPDATING'].includes(status));
    if (down.length > 0) {
      return fault(
        listed(down.map(({ name, status }) => `${name}: ${status}`)),
        'Logins fail until the table is active.',
        'INACCESSIBLE_ENCRYPTION_CREDENTIALS: make its key usable again, within seven days.',
      );
    }
    const open = tables.filter(({ isProtected }) => !isProtected);
    if (open.length === 0) return ok(`${tables.length} tables`);
    return fault(
      `unprotected: ${names(open)}`,
      'One command would delete the table.',
      'aws dynamodb update-table --deletion-protection-enabled --table-name NAME',
    );
  }),
  check('tables-encryption', "Tables are encrypted by the stage's own key", ['tables', 'keys'], ({ tables, keys }) => {
    const own = new Set(keys.map(({ arn }) => arn));
    const other = tables.filter(({ keyArn }) => keyArn === null || !own.has(keyArn));
    if (other.length === 0) return ok(`${tables.length} tables`);
    return fault(
      `another key: ${names(other)}`,
      "Whoever may read the table reads it, without a permission on the stage's key.",
      'aws dynamodb update-table --sse-specification Enabled=true,SSEType=KMS,KMSMasterKeyId=KEY --table-name NAME',
    );
  }),
];

const KEYS: readonly Check[] = [
  check('keys-usable', 'Keys are enabled, and none is about to be deleted', ['keys'], ({ keys }) => {
    const dead = keys.filter(({ state }) => state !== 'Enabled');
    if (dead.length === 0) return ok(`${keys.length} keys`);
    return fault(
      listed(dead.map(({ id, state }) => `${id}: ${state}`)),
      'Nothing that the key encrypted can be read; once it is deleted, never again.',
      'aws kms cancel-key-deletion --key-id KEY, then aws kms enable-key --key-id KEY',
    );
  }),
  check('key-rotation', 'Keys are rotated by AWS', ['keys'], ({ keys }) => {
    const still = keys.filter(({ state, isRotated }) => state === 'Enabled' && !isRotated);
    if (still.length === 0) return ok(`${keys.length} keys`);
    return fault(
      `off: ${ids(still)}`,
      'The same key material encrypts everything, forever.',
      'aws kms enable-key-rotation --key-id KEY',
    );
  }),
];

const faceBucketOf = (deployed: Deployed, buckets: readonly BucketState[]): BucketState | undefined => {
  const declared = resourcesOf(deployed, 'AWS::S3::Bucket').find(isFaceBucket)?.physicalId;
  return buckets.find(({ name }) => name === declared);
};

const BUCKETS: readonly Check[] = [
  check('buckets-private', 'Buckets refuse public access', ['buckets'], ({ buckets }) => {
    const open = buckets.filter(({ isPrivate }) => !isPrivate);
    if (open.length === 0) return ok(`${buckets.length} buckets`);
    return fault(
      `open: ${names(open)}`,
      'A policy or an ACL may make objects public.',
      'aws s3api put-public-access-block --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true --bucket NAME',
    );
  }),
  check('faces-encryption', "Faces are encrypted by the stage's own key", ['buckets', 'deployed', 'keys'], (read) => {
    const bucket = faceBucketOf(read.deployed, read.buckets);
    const key = bucket?.keyArn ?? '';
    const isOwn = read.keys.some(({ arn, id }) => arn === key || id === key);
    if (bucket?.algorithm === 'aws:kms' && isOwn) return ok('aws:kms');
    return fault(
      bucket === undefined ? 'no bucket of faces' : `${bucket.algorithm}${isOwn ? '' : ', another key'}`,
      "Of the two locks on a face, the bucket's is missing.",
      'Deploy the data stack after a change, or set the default encryption of the bucket to the face key.',
    );
  }),
  check(
    'faces-removal',
    'Deleting a face leaves no version and no part of an upload',
    ['buckets', 'deployed'],
    (read) => {
      const bucket = faceBucketOf(read.deployed, read.buckets);
      if (bucket !== undefined && !bucket.isVersioned && bucket.removesParts) return ok('no versions');
      return fault(
        bucket?.isVersioned ? 'versions are kept' : 'parts of uploads are kept',
        'A deleted face would still be there.',
        bucket?.isVersioned
          ? 'aws s3api put-bucket-versioning --versioning-configuration Status=Suspended --bucket NAME, and delete the old versions'
          : 'Deploy the data stack after a change, or restore the rule that ends incomplete uploads after a day.',
      );
    },
  ),
];

export const DATA: readonly Check[] = [...TABLES, ...KEYS, ...BUCKETS];
