import { DynamoDBClient, type DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CredentialStore } from '../../../local/aws-wire/credentials.ts';
import { readPolicy } from '../../../local/aws-wire/iam/policy.ts';
import { createTables } from '../../../local/dynamodb/create-tables.ts';
import { guardDynamoDb } from '../../../local/dynamodb/guard-dynamodb.ts';
import { startDynamoDb } from '../../../local/dynamodb/start-dynamodb.ts';
import { startKms } from '../../../local/kms/start-kms.ts';
import { startMailbox } from '../../../local/mailbox/start-mailbox.ts';
import { startS3 } from '../../../local/s3/start-s3.ts';
import { startSts } from '../../../local/sts/start-sts.ts';
import { clientOf, newCredentials, temporaryFolder } from '../../support/local-aws.ts';

const ROLE = 'arn:aws:iam::000000000000:role/function';
const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/users';
const KEY = 'arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000';
/** Without a policy. */
const UNCLAIMED_KEY = KEY.replace('key/0', 'key/1');
const WHO = 'User: arn:aws:sts::000000000000:assumed-role/function/call is not authorized to perform: ';

let credentials: CredentialStore;
let urls: Readonly<Record<'dynamodb' | 's3' | 'kms' | 'sts' | 'mail', string>>;
let close: () => Promise<void>;
beforeAll(async () => {
  const { folder, remove } = await temporaryFolder();
  credentials = newCredentials();
  const byAccount = { ...allow('kms:*', '*'), Principal: { AWS: 'arn:aws:iam::000000000000:root' } };
  credentials.access.putResourcePolicy(KEY, readPolicy({ Statement: [byAccount] }, 'resource'));
  const database = await startDynamoDb({ port: 0, folder: `${folder}/dynamodb` });
  const parts = await Promise.all([
    guardDynamoDb({ url: database.url, credentials, tableKeys: { users: KEY } }),
    startS3({ port: 0, folder: `${folder}/s3`, credentials, buckets: ['faces'], bucketKeys: { faces: KEY } }),
    startKms({ port: 0, folder: `${folder}/kms`, credentials, keys: [KEY, UNCLAIMED_KEY] }),
    startSts({ port: 0, credentials }),
    startMailbox({ port: 0, folder: `${folder}/mail`, credentials }),
  ]);
  const [dynamodb, s3, kms, sts, mail] = parts;
  urls = { dynamodb: dynamodb.url, s3: s3.url, kms: kms.url, sts: sts.url, mail: mail.url };
  const keys = (name: string, type: 'HASH' | 'RANGE') => ({ AttributeName: name, KeyType: type });
  const text = (name: string) => ({ AttributeName: name, AttributeType: 'S' as const });
  await createTables(new DynamoDBClient(clientOf(dynamodb.url)), [
    {
      input: {
        TableName: 'users',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [text('id'), text('state')],
        KeySchema: [keys('id', 'HASH')],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'byState',
            KeySchema: [keys('state', 'HASH')],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
      },
      timeToLive: null,
    },
  ]);
  close = async () => {
    await Promise.all(parts.map((part) => part.close()));
    await database.close();
    await remove();
  };
});
afterAll(() => close());

const allow = (Action: string | string[], Resource: string, Condition = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  Condition,
});
const throughDynamoDb = allow('kms:Decrypt', KEY, {
  StringEquals: { 'kms:ViaService': 'dynamodb.us-east-1.amazonaws.com' },
});

/** Client options of a session of a role with these statements. */
const as = (url: string, ...Statement: object[]) => {
  credentials.access.putRole({ arn: ROLE, policies: [readPolicy({ Statement }, 'identity')], trust: [] });
  const { accessKeyId, secretAccessKey, sessionToken } = credentials.issue({
    roleArn: ROLE,
    name: 'call',
    expiresAtMs: null,
  });
  return { ...clientOf(url), credentials: { accessKeyId, secretAccessKey, sessionToken } };
};
const documents = (...statements: object[]) =>
  DynamoDBDocumentClient.from(new DynamoDBClient(as(urls.dynamodb, ...statements)));
const denied = (action: string, resource: string, name = 'AccessDeniedException') => ({
  name,
  message: `${WHO}${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
});

describe('DynamoDB', () => {
  const Key = { id: 'a' };
  const TableName = 'users';
  const transaction = new TransactWriteCommand({
    TransactItems: [
      { Put: { TableName, Item: { id: 'b' } } },
      { ConditionCheck: { TableName, Key, ConditionExpression: 'attribute_not_exists(id)' } },
    ],
  });

  test('serves what the role may do', async () => {
    const tables = documents(
      allow(['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:ConditionCheckItem'], TABLE),
      throughDynamoDb,
    );
    await tables.send(new PutCommand({ TableName, Item: { id: 'c' } }));
    await tables.send(transaction);
    expect((await tables.send(new GetCommand({ TableName, Key: { id: 'b' } }))).Item).toEqual({ id: 'b' });
  });

  test.each<[string, object[], object, string, string]>([
    [
      'another call',
      [allow('dynamodb:PutItem', TABLE), throughDynamoDb],
      new GetCommand({ TableName, Key }),
      'dynamodb:GetItem',
      TABLE,
    ],
    [
      'a part of a transaction',
      [allow('dynamodb:PutItem', TABLE), throughDynamoDb],
      transaction,
      'dynamodb:ConditionCheckItem',
      TABLE,
    ],
    [
      'a transaction by its own name',
      [allow('dynamodb:TransactWriteItems', TABLE), throughDynamoDb],
      transaction,
      'dynamodb:PutItem',
      TABLE,
    ],
    [
      'a batch',
      [allow('dynamodb:GetItem', TABLE), throughDynamoDb],
      new BatchGetCommand({ RequestItems: { users: { Keys: [Key] } } }),
      'dynamodb:BatchGetItem',
      TABLE,
    ],
    [
      'an index of a table',
      [allow('dynamodb:Query', TABLE), throughDynamoDb],
      new QueryCommand({
        TableName,
        IndexName: 'byState',
        KeyConditionExpression: '#s = :s',
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: { ':s': 'x' },
      }),
      'dynamodb:Query',
      `${TABLE}/index/byState`,
    ],
    [
      'the key of the table',
      [allow('dynamodb:GetItem', TABLE)],
      new GetCommand({ TableName, Key }),
      'kms:Decrypt',
      KEY,
    ],
  ])('denies %s', async (_what, statements, command, action, resource) => {
    const refused = (await documents(...statements)
      .send(command as never)
      .catch((error: unknown) => error)) as DynamoDBServiceException;
    expect(refused).toMatchObject({ ...denied(action, resource), $metadata: { httpStatusCode: 400 } });
  });

  test('denies a wrong signature', async () => {
    const options = as(urls.dynamodb, allow('dynamodb:*', '*'));
    const stranger = { ...options, credentials: { ...options.credentials, secretAccessKey: 'wrong' } };
    const call = DynamoDBDocumentClient.from(new DynamoDBClient(stranger)).send(new GetCommand({ TableName, Key }));
    await expect(call).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  });
});

test('KMS denies another key or context', async () => {
  const purpose = { StringEquals: { 'kms:EncryptionContext:purpose': 'faces' } };
  const kms = new KMSClient(as(urls.kms, allow(['kms:Encrypt', 'kms:Decrypt'], KEY, purpose)));
  const encrypt = (context: Record<string, string>) =>
    kms.send(new EncryptCommand({ KeyId: KEY, Plaintext: Buffer.from('x'), EncryptionContext: context }));
  const { CiphertextBlob } = await encrypt({ purpose: 'faces' });
  await expect(encrypt({ purpose: 'keys' })).rejects.toMatchObject(denied('kms:Encrypt', KEY));
  // Without the key's id the ciphertext names it.
  await expect(kms.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject(denied('kms:Decrypt', KEY));
  const decrypted = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { purpose: 'faces' } }));
  expect(Buffer.from(decrypted.Plaintext ?? []).toString()).toBe('x');
});

test('KMS denies a key without a policy to everybody but root', async () => {
  const command = new EncryptCommand({ KeyId: UNCLAIMED_KEY, Plaintext: Buffer.from('x') });
  await expect(new KMSClient(as(urls.kms, allow('kms:*', '*'))).send(command)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: `${WHO}kms:Encrypt on resource: ${UNCLAIMED_KEY} because no resource-based policy allows the kms:Encrypt action`,
  });
  expect((await new KMSClient(clientOf(urls.kms)).send(command)).KeyId).toBe(UNCLAIMED_KEY);
});

test('S3 denies other names, the use of the bucket’s key, and to tell what does not exist', async () => {
  const s3As = (...statements: object[]) => new S3Client({ ...as(urls.s3, ...statements), forcePathStyle: true });
  const put = (Key: string) => new PutObjectCommand({ Bucket: 'faces', Key, Body: 'x' });
  const writes = allow('s3:PutObject', 'arn:aws:s3:::faces/faces/*');
  const throughS3 = allow(['kms:GenerateDataKey', 'kms:Decrypt'], KEY, {
    StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' },
  });
  const accessDenied = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } };
  await s3As(writes, throughS3).send(put('faces/a'));
  await expect(s3As(writes, throughS3).send(put('other/a'))).rejects.toMatchObject({
    ...accessDenied,
    ...denied('s3:PutObject', 'arn:aws:s3:::faces/other/a', 'AccessDenied'),
  });
  await expect(s3As(writes).send(put('faces/b'))).rejects.toMatchObject(
    denied('kms:GenerateDataKey', KEY, 'AccessDenied'),
  );
  const reads = allow('s3:GetObject', 'arn:aws:s3:::faces/*');
  const missing = new GetObjectCommand({ Bucket: 'faces', Key: 'faces/missing' });
  await expect(s3As(reads, throughS3).send(missing)).rejects.toMatchObject(accessDenied);
  const lists = allow('s3:ListBucket', 'arn:aws:s3:::faces');
  await expect(s3As(reads, lists, throughS3).send(missing)).rejects.toMatchObject({ name: 'NoSuchKey' });
});

test('T37 STS denies a role that trusts others, and a session policy that is not understood', async () => {
  const trusted = (AWS: string) => {
    const trust = readPolicy(
      { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS } }] },
      'trust',
    );
    credentials.access.putRole({ arn: `${ROLE}-stream`, policies: [], trust });
  };
  const assume = (Policy?: string, more: Partial<AssumeRoleCommandInput> = {}) =>
    new STSClient(as(urls.sts, allow('sts:AssumeRole', '*'))).send(
      new AssumeRoleCommand({ RoleArn: `${ROLE}-stream`, RoleSessionName: 'browser', Policy, ...more }),
    );
  trusted('arn:aws:iam::000000000000:role/other');
  await expect(assume()).rejects.toMatchObject({
    name: 'AccessDenied',
    message: `${WHO}sts:AssumeRole on resource: ${ROLE}-stream because no resource-based policy allows the sts:AssumeRole action`,
  });
  trusted(ROLE);
  expect((await assume()).Credentials?.SessionToken).toBeTypeOf('string');
  const notAction = JSON.stringify({ Statement: [{ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }] });
  await expect(assume(notAction)).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' });
  const restricted = assume(undefined, { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }] });
  await expect(restricted).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringMatching('PolicyArns'),
  });
});

test('SES denies another sender', async () => {
  const identity = 'arn:aws:ses:us-east-1:000000000000:identity/';
  const mail = new SESv2Client(
    as(urls.mail, allow('ses:SendEmail', `${identity}*`, { StringEquals: { 'ses:FromAddress': 'a@example.com' } })),
  );
  const from = (FromEmailAddress: string) =>
    mail.send(
      new SendEmailCommand({
        FromEmailAddress,
        Destination: { ToAddresses: ['b@example.com'] },
        Content: { Simple: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } } },
      }),
    );
  await from('a@example.com');
  await expect(from('c@example.com')).rejects.toMatchObject(denied('ses:SendEmail', `${identity}c@example.com`));
});
