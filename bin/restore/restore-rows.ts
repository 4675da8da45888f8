import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { HeadBucketCommand, HeadObjectCommand, NotFound, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { type DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { erasedRow } from '../../lambdas/adapters/dynamodb/users/user-item.ts';
import { TABLES } from '../../lambdas/tables.ts';

export type TableVariable = keyof typeof TABLES;

export interface RestoredRows {
  readonly copied: number;
  /** A row with that key exists already: it is newer, and stays. */
  readonly stoodAlready: number;
  /**
   * Users left out because their face no longer exists: deleted, or enrolled again, after the restored point in time, or lost with the
   * bucket. Of those who were disabled then, the disablement is restored, and they are not counted here.
   */
  readonly withoutFace: number;
}

export interface RestoreTask {
  readonly table: TableVariable;
  /** Table that DynamoDB restored to a point in time. */
  readonly from: string;
  /** Table of the service. */
  readonly to: string;
}

export interface RestoreClients {
  readonly documents: DynamoDBDocumentClient;
  /** Bucket of the faces, which is never restored: a missing face was deleted. */
  readonly faces: { readonly client: S3Client; readonly bucket: string };
}

type Row = Readonly<Record<string, unknown>>;

const PARALLEL = 25;

const objectKeyOf = (row: Row): string | null => {
  const reference = row['reference'];
  if (typeof reference !== 'object' || reference === null) return null;
  const key: unknown = Reflect.get(reference, 'objectKey');
  return typeof key === 'string' ? key : null;
};

/** An invitation may have been revoked or used up after that time: whoever still needs one is invited again. */
const withoutInvitation = ({ invitation: _, ...row }: Row): Row => row;

/**
 * A missing bucket answers as a missing face does, 404 without a code (S3 API reference, HeadObject), and every face would seem deleted.
 * @throws Error that says what to give
 */
const checkBucket = async ({ client, bucket }: RestoreClients['faces']): Promise<void> => {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch (error) {
    // The answer to HEAD has no body, and so no words about a denial.
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 403)
      throw new Error(
        `These credentials may not list the bucket ${bucket}, and nothing was restored: docs/deploy.md says which permissions a restore needs.`,
      );
    if (!(error instanceof NotFound)) throw error;
    throw new Error(
      `There is no bucket ${bucket}, and nothing was restored: give --faces the bucket of the faces, which is in the data stack.`,
    );
  }
};

const isThere = async ({ client, bucket }: RestoreClients['faces'], key: string): Promise<boolean> => {
  try {
    await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return true;
  } catch (error) {
    if (error instanceof NotFound) return false;
    throw error;
  }
};

/** A user as restored: without a face that is gone, and whatever belongs to it. Null: nothing is left to restore. */
const restoredUser = async (faces: RestoreClients['faces'], row: Row): Promise<Row | null> => {
  const face = objectKeyOf(row);
  return face === null || (await isThere(faces, face)) ? withoutInvitation(row) : erasedRow(row);
};

const put = async (documents: DynamoDBDocumentClient, { table, to }: RestoreTask, row: Row): Promise<boolean> => {
  try {
    await documents.send(
      new PutCommand({
        TableName: to,
        Item: row,
        ConditionExpression: 'attribute_not_exists(#key)',
        ExpressionAttributeNames: { '#key': TABLES[table].partitionKey },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

/**
 * Copies the rows of a restored table into the live table. Nothing is overwritten, and users whose face has been deleted since then
 * are not restored, except that they are disabled; nor are invitations to enroll. Safe to repeat.
 * @throws Error if there is no such bucket, or it may not be listed, or the service's error
 */
export const restoreRows = async (clients: RestoreClients, task: RestoreTask): Promise<RestoredRows> => {
  if (task.table === 'USER_TABLE') await checkBucket(clients.faces);
  const counts = { copied: 0, stoodAlready: 0, withoutFace: 0 };
  const restore = async (row: Row): Promise<void> => {
    const restored = task.table === 'USER_TABLE' ? await restoredUser(clients.faces, row) : row;
    if (restored === null) counts.withoutFace += 1;
    else if (await put(clients.documents, task, restored)) counts.copied += 1;
    else counts.stoodAlready += 1;
  };
  let after: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await clients.documents.send(
      new ScanCommand({ TableName: task.from, ExclusiveStartKey: after }),
    );
    for (let at = 0; at < Items.length; at += PARALLEL) await Promise.all(Items.slice(at, at + PARALLEL).map(restore));
    after = LastEvaluatedKey;
  } while (after !== undefined);
  return counts;
};
