import { describe, expect, test } from 'vitest';
import { readPolicy } from '../../../local/aws-wire/iam/policy.ts';

const ROOT = 'arn:aws:iam::000000000000:root';
const allow = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource });
const of = (AWS: string, statement: object) => ({ ...statement, Principal: { AWS } });
const when = (operator: string, key: string, value: unknown) => ({ Condition: { [operator]: { [key]: value } } });

describe('what is not evaluated is refused, not passed over', () => {
  const plain = allow('s3:GetObject', '*');
  test.each<[string, object]>([
    ['NotAction', { Effect: 'Allow', NotAction: 's3:*', Resource: '*' }],
    ['NotResource', { Effect: 'Allow', Action: 's3:GetObject', NotResource: '*' }],
    ['a principal in a policy of a role', of(ROOT, plain)],
    ['an unknown effect', { ...plain, Effect: 'Maybe' }],
    ['no action', { Effect: 'Allow', Action: [], Resource: '*' }],
    ['a resource that is no ARN', allow('s3:GetObject', 'faces')],
    ['a resource that is the beginning of an ARN', allow('s3:GetObject', 'arn:aws:s3')],
    ['a source that is the beginning of an ARN', { ...plain, ...when('ArnLike', 'aws:SourceArn', 'arn:aws:s3') }],
    ['an unknown operator', { ...plain, ...when('StringNotEquals', 'aws:RequestedRegion', 'eu-west-1') }],
    ['an operator for absent keys', { ...plain, ...when('StringEqualsIfExists', 'aws:RequestedRegion', 'eu-west-1') }],
    ['a set operator', { ...plain, ...when('ForAllValues:StringEquals', 'aws:RequestedRegion', 'eu-west-1') }],
    ['an unknown key', { ...plain, ...when('StringEquals', 'dynamodb:LeadingKeys', 'a') }],
    ['a policy variable', { ...plain, ...when('StringLike', 's3:prefix', ['home/', '$', '{aws:username}'].join('')) }],
    ['a time that is none', { ...plain, ...when('DateLessThan', 'aws:CurrentTime', 'tomorrow') }],
    ['a number that is none', { ...plain, ...when('NumericLessThan', 's3:TlsVersion', 'new') }],
    ['an unresolved reference', allow('s3:GetObject', { Ref: 'Bucket' } as never)],
  ])('%s', (_what, statement) => {
    expect(() => readPolicy({ Version: '2012-10-17', Statement: [plain, statement] }, 'identity')).toThrow(
      /^a policy contains .*, which the local services do not evaluate$/,
    );
  });
  test.each(['resource', 'trust'] as const)('NotPrincipal in a %s policy', (kind) => {
    const { Resource: _, ...trusting } = { ...plain, NotPrincipal: { AWS: ROOT } };
    const statement = kind === 'trust' ? trusting : { ...plain, NotPrincipal: { AWS: ROOT } };
    expect(() => readPolicy({ Statement: [statement] }, kind)).toThrow('which the local services do not evaluate');
  });
  test.each(['arn:aws:iam::000000000000:role/*', 'AROAEXAMPLEID', 'role/verify'])('the principal %s', (AWS) => {
    const denying = { ...of(AWS, plain), Effect: 'Deny' };
    expect(() => readPolicy({ Statement: [denying] }, 'resource')).toThrow('which the local services do not evaluate');
  });
  test.each(['*', '000000000000', ROOT, 'arn:aws:sts::000000000000:assumed-role/verify/session'])(
    'not the principal %s',
    (AWS) => {
      expect(readPolicy({ Statement: [of(AWS, plain)] }, 'resource')).toHaveLength(1);
    },
  );
  test('an older version of the language', () => {
    expect(() => readPolicy({ Version: '2008-10-17', Statement: [plain] }, 'identity')).toThrow();
  });
});
