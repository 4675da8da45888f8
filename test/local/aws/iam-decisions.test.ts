import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AccessRequest, decide } from '../../../local/aws-wire/iam/decide.ts';
import { type Policy, readPolicy } from '../../../local/aws-wire/iam/policy.ts';

const ROLE = 'arn:aws:iam::000000000000:role/verify';
const ARN = 'arn:aws:sts::000000000000:assumed-role/verify/session';
const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/users';
const KEY = 'arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000';
const OBJECT = 'arn:aws:s3:::faces/faces/a';
const STREAM_ROLE = 'arn:aws:iam::000000000000:role/stream';

const own = (...statements: object[]): Policy =>
  readPolicy({ Version: '2012-10-17', Statement: statements }, 'identity');
const allow = (Action: string | string[], Resource: string | string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const deny = (Action: string, Resource: string, more: object = {}) => ({
  ...allow(Action, Resource, more),
  Effect: 'Deny',
});
const of = (AWS: string | string[], statement: object) => ({ ...statement, Principal: { AWS } });
const onResource = (...statements: object[]): Policy => readPolicy({ Statement: statements }, 'resource');
const trust = (...AWS: string[]): Policy =>
  readPolicy({ Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS } }] }, 'trust');

const asked = (action: string, resource: string, context: Record<string, string> = {}): AccessRequest => ({
  action,
  resource,
  context,
});
const when = (operator: string, key: string, value: unknown) => ({ Condition: { [operator]: { [key]: value } } });
const ROOT = 'arn:aws:iam::000000000000:root';
const BY_ACCOUNT = onResource(of(ROOT, allow('kms:*', '*')));
const PURPOSE = 'kms:EncryptionContext:purpose';
const TLS_ONLY = [
  of('*', deny('s3:*', 'arn:aws:s3:::faces/*', when('Bool', 'aws:SecureTransport', 'false'))),
  of('*', deny('s3:*', 'arn:aws:s3:::faces/*', when('NumericLessThan', 's3:TlsVersion', 1.2))),
];

interface Case {
  readonly request: AccessRequest;
  readonly role?: Policy;
  readonly session?: Policy;
  readonly resource?: Policy;
  /** End of the message; null: allowed. */
  readonly denial: string | null;
}

const NO_IDENTITY = (action: string) => ` because no identity-based policy allows the ${action} action`;
const NO_RESOURCE = (action: string) => ` because no resource-based policy allows the ${action} action`;

const CASES: Readonly<Record<string, Case>> = {
  'nothing granted': { request: asked('dynamodb:GetItem', TABLE), denial: NO_IDENTITY('dynamodb:GetItem') },
  'the table itself': {
    request: asked('dynamodb:GetItem', TABLE),
    role: own(allow(['dynamodb:PutItem', 'dynamodb:GetItem'], TABLE)),
    denial: null,
  },
  'action names are case-insensitive': {
    request: asked('dynamodb:GetItem', TABLE),
    role: own(allow('dynamodb:getitem', TABLE)),
    denial: null,
  },
  'names of resources are case-sensitive': {
    request: asked('dynamodb:GetItem', TABLE),
    role: own(allow('dynamodb:GetItem', TABLE.replace('users', 'Users'))),
    denial: NO_IDENTITY('dynamodb:GetItem'),
  },
  'a table does not include its indexes': {
    request: asked('dynamodb:Query', `${TABLE}/index/byState`),
    role: own(allow('dynamodb:Query', TABLE)),
    denial: NO_IDENTITY('dynamodb:Query'),
  },
  'a wildcard in the action': {
    request: asked('kms:GenerateDataKey', KEY),
    role: own(allow('kms:GenerateDataKey*', KEY)),
    resource: BY_ACCOUNT,
    denial: null,
  },
  'an explicit Deny wins': {
    request: asked('dynamodb:GetItem', TABLE),
    role: own(allow('*', '*'), deny('dynamodb:Get*', TABLE)),
    denial: ' with an explicit deny in an identity-based policy',
  },
  'a Deny whose condition does not hold': {
    request: asked('dynamodb:GetItem', TABLE, { 'aws:requestedregion': 'eu-west-1' }),
    role: own(allow('*', '*'), deny('*', '*', when('StringEquals', 'aws:RequestedRegion', 'us-east-1'))),
    denial: null,
  },
  'another region': {
    request: asked('rekognition:CompareFaces', '*', { 'aws:requestedregion': 'eu-west-1' }),
    role: own(allow('rekognition:CompareFaces', '*', when('StringEquals', 'aws:RequestedRegion', 'us-east-1'))),
    denial: NO_IDENTITY('rekognition:CompareFaces'),
  },
  'T44 the purpose in the encryption context': {
    request: asked('kms:Decrypt', KEY, { [PURPOSE.toLowerCase()]: 'verified/reference-face' }),
    role: own(allow('kms:Decrypt', KEY, when('StringEquals', PURPOSE, 'verified/reference-face'))),
    resource: BY_ACCOUNT,
    denial: null,
  },
  'T44 another purpose': {
    request: asked('kms:Decrypt', KEY, { [PURPOSE.toLowerCase()]: 'verified/integration-keys' }),
    role: own(allow('kms:Decrypt', KEY, when('StringEquals', PURPOSE, 'verified/reference-face'))),
    resource: BY_ACCOUNT,
    denial: NO_IDENTITY('kms:Decrypt'),
  },
  'T44 no encryption context': {
    request: asked('kms:Decrypt', KEY),
    role: own(allow('kms:Decrypt', KEY, when('StringEquals', PURPOSE, 'verified/reference-face'))),
    resource: BY_ACCOUNT,
    denial: NO_IDENTITY('kms:Decrypt'),
  },
  'through another service': {
    request: asked('kms:Decrypt', KEY, { 'kms:viaservice': 's3.us-east-1.amazonaws.com' }),
    role: own(allow('kms:Decrypt', KEY, when('StringEquals', 'kms:ViaService', 'dynamodb.us-east-1.amazonaws.com'))),
    resource: BY_ACCOUNT,
    denial: NO_IDENTITY('kms:Decrypt'),
  },
  'a key without a policy': {
    request: asked('kms:Decrypt', KEY),
    role: own(allow('kms:*', '*')),
    denial: NO_RESOURCE('kms:Decrypt'),
  },
  'a call about keys that names none': {
    request: asked('kms:ListKeys', '*'),
    role: own(allow('kms:ListKeys', '*')),
    denial: null,
  },
  'a key whose policy does not leave it to the account': {
    request: asked('kms:Decrypt', KEY),
    role: own(allow('kms:*', '*')),
    resource: onResource(of('arn:aws:iam::111122223333:root', allow('kms:*', '*'))),
    denial: NO_RESOURCE('kms:Decrypt'),
  },
  'a key whose policy names the role': {
    request: asked('kms:Decrypt', KEY),
    resource: onResource(of(ROLE, allow('kms:Decrypt', '*'))),
    denial: null,
  },
  'a key whose policy is about a service': {
    request: asked('kms:Decrypt', KEY),
    role: own(allow('kms:*', '*')),
    resource: readPolicy(
      { Statement: { ...allow('kms:*', '*'), Principal: { Service: 'sns.amazonaws.com' } } },
      'resource',
    ),
    denial: NO_RESOURCE('kms:Decrypt'),
  },
  'a bucket that wants TLS, over TLS': {
    request: asked('s3:PutObject', OBJECT, { 'aws:securetransport': 'true', 's3:tlsversion': '1.3' }),
    role: own(allow('s3:PutObject', 'arn:aws:s3:::faces/faces/*')),
    resource: onResource(...TLS_ONLY),
    denial: null,
  },
  'a bucket that wants TLS, without': {
    request: asked('s3:PutObject', OBJECT, { 'aws:securetransport': 'false', 's3:tlsversion': '1.3' }),
    role: own(allow('s3:PutObject', 'arn:aws:s3:::faces/faces/*')),
    resource: onResource(...TLS_ONLY),
    denial: ' with an explicit deny in a resource-based policy',
  },
  'a bucket that wants TLS 1.2': {
    request: asked('s3:PutObject', OBJECT, { 'aws:securetransport': 'true', 's3:tlsversion': '1.1' }),
    role: own(allow('s3:PutObject', 'arn:aws:s3:::faces/faces/*')),
    resource: onResource(...TLS_ONLY),
    denial: ' with an explicit deny in a resource-based policy',
  },
  'a bucket whose policy is about the account leaves it to the role': {
    request: asked('s3:PutObject', OBJECT),
    resource: onResource(of(ROOT, allow('s3:*', 'arn:aws:s3:::faces/*'))),
    denial: NO_IDENTITY('s3:PutObject'),
  },
  'a listing of other names': {
    request: asked('s3:ListBucket', 'arn:aws:s3:::faces', { 's3:prefix': 'logs/' }),
    role: own(allow('s3:ListBucket', 'arn:aws:s3:::faces', when('StringLike', 's3:prefix', 'faces/*'))),
    denial: NO_IDENTITY('s3:ListBucket'),
  },
  'T37 a role that trusts the caller needs no permission of the caller': {
    request: asked('sts:AssumeRole', STREAM_ROLE),
    resource: trust(ROLE),
    denial: null,
  },
  'T37 a role that trusts others': {
    request: asked('sts:AssumeRole', STREAM_ROLE),
    role: own(allow('sts:AssumeRole', STREAM_ROLE)),
    resource: trust('arn:aws:iam::000000000000:role/enroll'),
    denial: NO_RESOURCE('sts:AssumeRole'),
  },
  'T37 a session gets what role and session policy both allow': {
    request: asked('rekognition:StartFaceLivenessSession', '*', { 'aws:currenttime': '2026-11-28T08:59:59.000Z' }),
    role: own(allow('rekognition:*', '*')),
    session: own(allow('rekognition:Start*', '*', when('DateLessThan', 'aws:CurrentTime', '2026-11-28T09:00:00.000Z'))),
    denial: null,
  },
  'T37 a session after its time': {
    request: asked('rekognition:StartFaceLivenessSession', '*', { 'aws:currenttime': '2026-11-28T09:00:00.000Z' }),
    role: own(allow('rekognition:*', '*')),
    session: own(allow('rekognition:Start*', '*', when('DateLessThan', 'aws:CurrentTime', '2026-11-28T09:00:00.000Z'))),
    denial: ' because no session policy allows the rekognition:StartFaceLivenessSession action',
  },
  'T37 a session policy gives nothing that the role lacks': {
    request: asked('rekognition:CompareFaces', '*'),
    role: own(allow('rekognition:StartFaceLivenessSession', '*')),
    session: own(allow('*', '*')),
    denial: NO_IDENTITY('rekognition:CompareFaces'),
  },
  'a session that the key names': {
    request: asked('kms:Decrypt', KEY),
    resource: onResource(of(ARN, allow('kms:Decrypt', '*'))),
    denial: null,
  },
  'a Deny of a bucket about the whole account': {
    request: asked('s3:PutObject', OBJECT),
    role: own(allow('s3:*', '*')),
    resource: onResource(of(ROOT, deny('s3:PutObject', 'arn:aws:s3:::faces/*'))),
    denial: ' with an explicit deny in a resource-based policy',
  },
  'a Deny of a bucket about another role': {
    request: asked('s3:PutObject', OBJECT),
    role: own(allow('s3:*', '*')),
    resource: onResource(of(STREAM_ROLE, deny('s3:PutObject', 'arn:aws:s3:::faces/*'))),
    denial: null,
  },
  'one of several values': {
    request: asked('s3:PutObject', OBJECT, { 'aws:requestedregion': 'eu-west-1' }),
    role: own(allow('s3:*', '*', when('StringEquals', 'aws:RequestedRegion', ['us-east-1', 'eu-west-1']))),
    denial: null,
  },
  'one of two conditions alone': {
    request: asked('s3:ListBucket', 'arn:aws:s3:::faces', { 'aws:requestedregion': 'us-east-1', 's3:prefix': 'logs/' }),
    role: own(
      allow('s3:*', '*', {
        Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1', 's3:prefix': 'faces/' } },
      }),
    ),
    denial: NO_IDENTITY('s3:ListBucket'),
  },
  'StringEquals takes no character for a wildcard': {
    request: asked('s3:ListBucket', 'arn:aws:s3:::faces', { 's3:prefix': 'faces/a' }),
    role: own(allow('s3:*', '*', when('StringEquals', 's3:prefix', 'faces/*'))),
    denial: NO_IDENTITY('s3:ListBucket'),
  },
  'no wildcard of a source reaches into its next part': {
    request: asked('s3:PutObject', OBJECT, { 'aws:sourcearn': 'arn:aws:sns:eu-west-1:us-east-1:000000000000:a' }),
    role: own(allow('s3:*', '*', when('ArnLike', 'aws:SourceArn', 'arn:aws:*:us-east-1:000000000000:a'))),
    denial: NO_IDENTITY('s3:PutObject'),
  },
  'a source that the request does not have': {
    request: asked('s3:PutObject', OBJECT),
    role: own(allow('s3:*', '*', when('ArnLike', 'aws:SourceArn', 'arn:aws:s3:::*'))),
    denial: NO_IDENTITY('s3:PutObject'),
  },
};

const decided = ({ request, role, session, resource }: Case) =>
  decide(
    request,
    { arn: ARN, roleArn: ROLE, policies: role === undefined ? [] : [role], sessionPolicy: session ?? null },
    resource ?? [],
  );

test.each(Object.entries(CASES))('%s', (_what, one) => {
  const { action, resource } = one.request;
  const on = resource === '*' ? '' : ` on resource: ${resource}`;
  expect(decided(one)).toBe(
    one.denial === null ? null : `User: ${ARN} is not authorized to perform: ${action}${on}${one.denial}`,
  );
});

describe('for any policies', () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const action = name.map((one) => `s3:${one}`);
  const resource = fc.tuple(name, name).map(([bucket, key]) => `arn:aws:s3:::${bucket}/${key}`);
  const pattern = <T>(one: fc.Arbitrary<string>, all: T) => fc.oneof(one, fc.constant(all as string));
  const statement = fc.record({
    Effect: fc.constantFrom('Allow', 'Deny'),
    Action: pattern(action, 's3:*'),
    Resource: pattern(resource, 'arn:aws:s3:::a/*'),
  });
  const statements = fc.array(statement, { maxLength: 6 });
  const question = fc.record({ action, resource, context: fc.constant({}) });
  const ask = (request: AccessRequest, role: object[], session: object[] | null = null) =>
    decide(
      request,
      { arn: ARN, roleArn: ROLE, policies: [own(...role)], sessionPolicy: session === null ? null : own(...session) },
      [],
    );

  test('their order is irrelevant', () => {
    fc.assert(
      fc.property(statements, question, (all, request) => {
        expect(ask(request, [...all].reverse())).toBe(ask(request, all));
      }),
    );
  });

  test('one more Deny never allows anything', () => {
    fc.assert(
      fc.property(statements, statement, question, (all, one, request) => {
        if (ask(request, [...all, { ...one, Effect: 'Deny' }]) === null) expect(ask(request, all)).toBeNull();
      }),
    );
  });

  test('without an Allow nothing is allowed, and one statement fewer never allows more unless it denied', () => {
    fc.assert(
      fc.property(statements, fc.nat(5), question, (all, index, request) => {
        expect(
          ask(
            request,
            all.map((one) => ({ ...one, Effect: 'Deny' })),
          ),
        ).not.toBeNull();
        const fewer = all.filter((_one, at) => at !== index);
        if (all[index]?.Effect === 'Allow' && ask(request, fewer) === null) expect(ask(request, all)).toBeNull();
      }),
    );
  });

  test('T37 a session is allowed exactly what its role and its policy are', () => {
    fc.assert(
      fc.property(statements, statements, question, (role, session, request) => {
        const both = ask(request, role) === null && ask(request, session) === null;
        expect(ask(request, role, session) === null).toBe(both);
      }),
    );
  });
});
