import {
  CreateTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTablesCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { DecryptCommand, EncryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TABLES, type TableDefinition } from '../../../lambdas/tables.ts';
import { requestContext } from '../../../local/aws-wire/credentials.ts';
import { allowing } from '../../../local/aws-wire/iam/policy.ts';
import { createTables, definedTables, type TableNames } from '../../../local/dynamodb/create-tables.ts';
import { startDynamoDb } from '../../../local/dynamodb/start-dynamodb.ts';
import { startKms } from '../../../local/kms/start-kms.ts';
import { startMailbox } from '../../../local/mailbox/start-mailbox.ts';
import { startS3 } from '../../../local/s3/start-s3.ts';
import { startSts } from '../../../local/sts/start-sts.ts';
import { clientOf, newCredentials, ROOT, temporaryFolder } from '../../support/local-aws.ts';

const ROLE = 'arn:aws:iam::000000000000:role/stream';
const STREAM = 'rekognition:StartFaceLivenessSession';

let folder: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterAll(() => remove());

describe('KMS', () => {
  test('decrypts what it encrypted, even after a restart, and only in the same context', async () => {
    const options = { port: 0, folder: `${folder}/kms`, credentials: newCredentials(), keys: ['alias/a', 'alias/b'] };
    const first = await startKms(options);
    const context = { integrationId: 'int_1' };
    const { CiphertextBlob } = await new KMSClient(clientOf(first.url)).send(
      new EncryptCommand({ KeyId: 'alias/a', Plaintext: Buffer.from('keys'), EncryptionContext: context }),
    );
    await first.close();
    const second = await startKms(options);
    const kms = new KMSClient(clientOf(second.url));
    const decrypt = (EncryptionContext: Record<string, string>, KeyId = 'alias/a') =>
      kms.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext }));
    expect(Buffer.from((await decrypt(context)).Plaintext ?? []).toString()).toBe('keys');
    await expect(decrypt({ integrationId: 'int_2' })).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
    await expect(decrypt(context, 'alias/b')).rejects.toMatchObject({ name: 'IncorrectKeyException' });
    const dataKey = await kms.send(new GenerateDataKeyCommand({ KeyId: 'alias/b', KeySpec: 'AES_256' }));
    expect(dataKey.Plaintext).toHaveLength(32);
    await second.close();
  });

  test('refuses a wrong secret', async () => {
    const kms = await startKms({ port: 0, folder: `${folder}/kms`, credentials: newCredentials(), keys: ['alias/a'] });
    const stranger = new KMSClient(clientOf(kms.url, { ...ROOT, secretAccessKey: 'wrong' }));
    const call = stranger.send(new EncryptCommand({ KeyId: 'alias/a', Plaintext: Buffer.from('x') }));
    await expect(call).rejects.toMatchObject({ name: 'InvalidSignatureException' });
    await kms.close();
  });
});

describe('S3', () => {
  test('keeps objects across a restart, refuses to overwrite on request, and lists in pages', async () => {
    const options = { port: 0, folder: `${folder}/s3`, credentials: newCredentials(), buckets: ['faces'] };
    const first = await startS3(options);
    const client = (url: string) => new S3Client({ ...clientOf(url), forcePathStyle: true });
    const put = (s3: S3Client, Key: string) =>
      s3.send(new PutObjectCommand({ Bucket: 'faces', Key, Body: Buffer.from(Key), IfNoneMatch: '*' }));
    await put(client(first.url), 'faces/../../a b');
    await put(client(first.url), 'faces/c');
    await expect(put(client(first.url), 'faces/c')).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await first.close();
    const second = await startS3(options);
    const s3 = client(second.url);
    const read = await s3.send(new GetObjectCommand({ Bucket: 'faces', Key: 'faces/../../a b' }));
    expect(await read.Body?.transformToString()).toBe('faces/../../a b');
    const page = await s3.send(new ListObjectsV2Command({ Bucket: 'faces', Prefix: 'faces/', MaxKeys: 1 }));
    expect(page).toMatchObject({ IsTruncated: true, KeyCount: 1 });
    const ContinuationToken = page.NextContinuationToken;
    const rest = await s3.send(new ListObjectsV2Command({ Bucket: 'faces', Prefix: 'faces/', ContinuationToken }));
    expect(rest.Contents?.map(({ Key }) => Key)).toEqual(['faces/c']);
    await s3.send(new DeleteObjectCommand({ Bucket: 'faces', Key: 'faces/c' }));
    const gone = s3.send(new GetObjectCommand({ Bucket: 'faces', Key: 'faces/c' }));
    await expect(gone).rejects.toMatchObject({ name: 'NoSuchKey' });
    await second.close();
  });
});

describe('STS', () => {
  test('T37 credentials obey the session policy, end with it, and allow only streaming', async () => {
    const store = newCredentials();
    const sts = await startSts({ port: 0, credentials: store });
    store.access.putRole({ arn: ROLE, policies: [allowing(STREAM, 'rekognition:CompareFaces')], trust: [] });
    const nowMs = Date.now();
    const until = new Date(nowMs + 60_000).toISOString();
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: STREAM, Resource: '*', Condition: { DateLessThan: { 'aws:CurrentTime': until } } },
      ],
    });
    const { Credentials } = await new STSClient(clientOf(sts.url)).send(
      new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'test', DurationSeconds: 900, Policy }),
    );
    const issued = store.find(Credentials?.AccessKeyId ?? '');
    if (issued === null) throw new Error('not issued');
    const callAt = (action: string, atMs: number) => () => {
      const context = requestContext('20261124/us-east-1/rekognition/aws4_request', atMs);
      return store.access.authorize(issued, { action, resource: '*', context });
    };
    const noSession = { code: 'AccessDeniedException', message: expect.stringContaining('because no session policy') };
    callAt(STREAM, nowMs)();
    expect(callAt(STREAM, nowMs + 60_001)).toThrow(expect.objectContaining(noSession));
    expect(callAt('rekognition:CompareFaces', nowMs)).toThrow(expect.objectContaining(noSession));
    const unknown = new AssumeRoleCommand({ RoleArn: `${ROLE}-other`, RoleSessionName: 'test' });
    await expect(new STSClient(clientOf(sts.url)).send(unknown)).rejects.toMatchObject({ name: 'AccessDenied' });
    await sts.close();
  });
});

describe('mailbox', () => {
  test('T64 shows what was sent, as text', async () => {
    const mailbox = await startMailbox({ port: 0, folder: `${folder}/mail`, credentials: newCredentials() });
    expect(await (await fetch(mailbox.url)).text()).toContain('No e-mail yet');
    await new SESv2Client(clientOf(mailbox.url)).send(
      new SendEmailCommand({
        FromEmailAddress: 'verified@example.com',
        Destination: { ToAddresses: ['alice@example.com'] },
        Content: { Simple: { Subject: { Data: '<b>Hi</b>' }, Body: { Text: { Data: '<script>x</script>' } } } },
      }),
    );
    const page = await (await fetch(mailbox.url)).text();
    expect(page).toContain('&#60;b&#62;Hi&#60;/b&#62;');
    expect(page).not.toContain('<script>');
    await mailbox.close();
  });
});

describe('DynamoDB', () => {
  test('keeps its tables across a restart', async () => {
    const options = { port: 0, folder: `${folder}/dynamodb` };
    const first = await startDynamoDb(options);
    await new DynamoDBClient(clientOf(first.url)).send(
      new CreateTableCommand({
        TableName: 'kept',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    await first.close();
    const second = await startDynamoDb(options);
    const { TableNames } = await new DynamoDBClient(clientOf(second.url)).send(new ListTablesCommand({}));
    expect(TableNames).toEqual(['kept']);
    await second.close();
  });

  test('rows end where their table says so, also in a table that an earlier release created without', async () => {
    const part = await startDynamoDb({ port: 0, folder: `${folder}/dynamodb-ends` });
    const client = new DynamoDBClient(clientOf(part.url));
    const defined = definedTables(Object.fromEntries(Object.keys(TABLES).map((name) => [name, name])) as TableNames);
    await createTables(client, defined);
    const tables: readonly (readonly [string, TableDefinition])[] = Object.entries(TABLES);
    const ends = () =>
      Promise.all(
        tables.map(async ([TableName]) => {
          const { TimeToLiveDescription: end } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
          return end?.TimeToLiveStatus === 'ENABLED' ? end.AttributeName : undefined;
        }),
      );
    const declared = tables.map(([, { timeToLive }]) => timeToLive);
    expect(await ends()).toEqual(declared);
    const off = { Enabled: false, AttributeName: 'removeAt' };
    await client.send(new UpdateTimeToLiveCommand({ TableName: 'AUDIT_TABLE', TimeToLiveSpecification: off }));
    await createTables(client, defined);
    expect(await ends()).toEqual(declared);
    // Started once more, nothing is left to do.
    await createTables(client, defined);
    await part.close();
  });
});
