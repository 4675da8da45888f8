import { describe, expect, test } from 'vitest';
import { StartError } from '../../../local/aws-wire/listen.ts';
import { readRoles } from '../../../local/deployed/read-access.ts';
import { readRateLimits, readRoutes } from '../../../local/deployed/read-api.ts';
import { readDistribution } from '../../../local/deployed/read-distribution.ts';
import type { DeployedFunction } from '../../../local/deployed/read-functions.ts';
import { readTables } from '../../../local/deployed/read-tables.ts';
import { Resolver } from '../../../local/deployed/resolver.ts';
import { synthesize } from '../../../local/deployed/synthesize.ts';
import { readTemplate, type Stack } from '../../../local/deployed/template.ts';

const table = { Type: 'AWS::DynamoDB::Table', Properties: {} };
const secret = { Type: 'AWS::SecretsManager::Secret', Properties: {} };
const stackOf = (name: string, Resources: object, Outputs: object = {}): Stack =>
  readTemplate(name, { Resources, Outputs });
const resolverOf = (...stacks: Stack[]): Resolver =>
  new Resolver(stacks, {
    region: 'us-east-1',
    distributionHost: 'verified.localhost:4001',
    secretValue: (arn) => `value of ${arn.split(':').at(-1)}`,
  });

describe('references', () => {
  const data = stackOf(
    'data',
    { Users: table, Secret: secret },
    { Out: { Value: { 'Fn::GetAtt': ['Users', 'Arn'] }, Export: { Name: 'data:UsersArn' } } },
  );
  const service = stackOf('service', {
    Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/verified/pool', Value: { Ref: 'AWS::Region' } } },
  });
  const resolver = resolverOf(data, service);

  test.each<[string, unknown, unknown]>([
    ['a name', { Ref: 'Users' }, 'data-Users'],
    ['an attribute', { 'Fn::GetAtt': ['Users', 'Arn'] }, 'arn:aws:dynamodb:us-east-1:000000000000:table/data-Users'],
    ['parts', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::AccountId' }]] }, 'a-000000000000'],
    [
      'a text',
      { 'Fn::Sub': ['arn:', '{AWS::Partition}:', '{Users.Arn}:', '{Users}'].join('$') },
      'arn:aws:arn:aws:dynamodb:us-east-1:000000000000:table/data-Users:data-Users',
    ],
    ['nested values', { a: [{ b: { Ref: 'Users' } }] }, { a: [{ b: 'data-Users' }] }],
    ['a parameter of another stack', '{{resolve:ssm:/verified/pool}}', 'us-east-1'],
  ])('%s', (_what, value, resolved) => {
    expect(resolver.value(value, data)).toEqual(resolved);
  });

  test('an export of another stack, and the value of a secret', () => {
    const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/data-Users';
    expect(resolver.value({ 'Fn::ImportValue': 'data:UsersArn' }, service)).toBe(arn);
    const reference = { 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'Secret' }, ':SecretString:::}}']] };
    expect(resolver.value(reference, data)).toMatch(/^value of data-Secret-[0-9a-f]{6}$/);
  });

  test.each<[string, unknown, RegExp]>([
    ['a function that is not known', { 'Fn::If': ['IsProd', 1, 2] }, /Fn::If of data is not resolved here/],
    ['a name that is not in the stack', { Ref: 'Nothing' }, /data has no Nothing/],
    ['an attribute that is not known', { 'Fn::GetAtt': ['Users', 'StreamArn'] }, /has no local StreamArn/],
    ['an export that nobody has', { 'Fn::ImportValue': 'other' }, /nothing is exported as other/],
    ['a parameter that nobody has', '{{resolve:ssm:/other}}', /there is no parameter \/other/],
  ])('refuses %s', (_what, value, message) => {
    expect(() => resolver.value(value, data)).toThrow(message);
  });
});

const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:service-Verify';
const trust = {
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
};

/** A function with its role, behind one route. @param changes properties by logical id; undefined: not there */
const serviceWith = (changes: Readonly<Record<string, object | undefined>> = {}) => {
  const plain: Readonly<Record<string, { Type: string; Properties: object }>> = {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: {} },
    Verify: { Type: 'AWS::Lambda::Function', Properties: {} },
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api' },
        RouteKey: 'GET /s/{id}',
        AuthorizationType: 'NONE',
        Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
      },
    },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        IntegrationType: 'AWS_PROXY',
        PayloadFormatVersion: '2.0',
        IntegrationUri: { 'Fn::GetAtt': ['Verify', 'Arn'] },
      },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        FunctionName: { 'Fn::GetAtt': ['Verify', 'Arn'] },
        SourceArn: { 'Fn::Join': ['', ['arn:aws:execute-api:us-east-1:000000000000:', { Ref: 'Api' }, '/*/*/s/{id}']] },
      },
    },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: {
        StageName: '$default',
        DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
        RouteSettings: { 'GET /s/{id}': { ThrottlingRateLimit: 40, ThrottlingBurstLimit: 80 } },
      },
    },
  };
  const Resources = Object.fromEntries(
    Object.entries(plain).flatMap(([id, { Type, Properties }]) =>
      id in changes && changes[id] === undefined ? [] : [[id, { Type, Properties: { ...Properties, ...changes[id] } }]],
    ),
  );
  const stack = stackOf('service', Resources);
  const fn = {
    name: 'verify',
    stack,
    arn: FUNCTION_ARN,
    roleArn: 'arn',
    environment: {},
    file: '',
  } satisfies DeployedFunction;
  return { stack, resolver: resolverOf(stack), functions: [fn] };
};

describe('the API', () => {
  test('has the routes and limits of the template', () => {
    const { stack, resolver, functions } = serviceWith();
    expect(readRoutes([stack], resolver, { functions, region: 'us-east-1' })).toEqual([
      { method: 'GET', path: '/s/{id}', lambda: 'verify', isForOperators: false },
    ]);
    expect(readRateLimits([stack], resolver)).toEqual({
      others: { perSecond: 100, burst: 200 },
      byRoute: { 'GET /s/{id}': { perSecond: 40, burst: 80 } },
    });
  });

  test.each<[string, Readonly<Record<string, object | undefined>>, RegExp]>([
    ['a function that API Gateway may not call', { Permission: undefined }, /may not call verify for GET \/s\/\{id\}/],
    ['a permission for any API', { Permission: { SourceArn: undefined } }, /may not call verify/],
    [
      'a permission for another path',
      { Permission: { SourceArn: 'arn:aws:execute-api:us-east-1:000000000000:x/*/*/other' } },
      /may not call verify/,
    ],
    ['an integration with another service', { Integration: { IntegrationUri: 'arn:aws:other' } }, /no function/],
    ['another payload format', { Integration: { PayloadFormatVersion: '1.0' } }, /PayloadFormatVersion/],
  ])('refuses %s', (_what, changes, message) => {
    const { stack, resolver, functions } = serviceWith(changes);
    expect(() => readRoutes([stack], resolver, { functions, region: 'us-east-1' })).toThrow(message);
  });
});

describe('roles', () => {
  test.each<[string, object]>([
    ['a managed policy', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }],
    ['an inline policy', { Policies: [{ PolicyName: 'all', PolicyDocument: { Statement: [] } }] }],
    ['a permissions boundary', { PermissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
  ])('refuses %s, which is not evaluated here', (_what, more) => {
    const { resolver, functions } = serviceWith({ Role: more });
    expect(() => readRoles(functions, resolver)).toThrow(/unrecognized_keys/);
  });

  test.each(['AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy'])('refuses %s, which is not read', (Type) => {
    const { functions } = serviceWith();
    const stack = stackOf('service', { More: { Type, Properties: {} } });
    const [fn] = functions;
    expect(() => readRoles([{ ...fn, stack } as DeployedFunction], resolverOf(stack))).toThrow(
      `${Type} More of service is not evaluated here`,
    );
  });

  test('without a policy may nothing', () => {
    const { resolver, functions } = serviceWith();
    expect(readRoles(functions, resolver)).toMatchObject([{ policies: [], trust: [{ effect: 'Allow' }] }]);
  });
});

describe('a table', () => {
  const read = (more: object) => {
    const keys = [{ AttributeName: 'id', KeyType: 'HASH' }];
    const Properties = {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keys,
      SSESpecification: { KMSMasterKeyId: 'arn', SSEEnabled: true, SSEType: 'KMS' },
      ...more,
    };
    const stack = stackOf('data', { Users: { ...table, Properties } });
    return readTables([stack], resolverOf(stack));
  };

  test('has the keys of the template', () => {
    expect(read({ PointInTimeRecoverySpecification: {} })).toMatchObject([
      { input: { TableName: 'data-Users', KeySchema: [{ AttributeName: 'id' }] }, timeToLive: null, kmsKey: 'arn' },
    ]);
  });

  test.each<[string, object]>([
    ['a policy of its own', { ResourcePolicy: { PolicyDocument: {} } }],
    ['a local index', { LocalSecondaryIndexes: [] }],
    ['another key schema', { KeySchema: [{ AttributeName: 'id', KeyType: 'OTHER' }] }],
  ])('refuses %s, which is not evaluated here', (_what, more) => {
    expect(() => read(more)).toThrow(/invalid/i);
  });
});

describe('the distribution', () => {
  const NOT_CACHED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
  const CACHED = '658327ea-f89d-4fab-a63d-7e88639e58f6';
  const behavior = (TargetOriginId: string, more: object = {}) => ({
    AllowedMethods: ['GET', 'HEAD'],
    CachePolicyId: TargetOriginId === 'api' ? NOT_CACHED : CACHED,
    ...(TargetOriginId === 'api' ? { OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac' } : {}),
    ResponseHeadersPolicyId: { Ref: 'Headers' },
    TargetOriginId,
    FunctionAssociations: [{ EventType: 'viewer-request', FunctionARN: { 'Fn::GetAtt': ['Fn', 'FunctionARN'] } }],
    ...more,
  });
  const read = (api: object = {}, headers: object = {}) => {
    const stack = stackOf('web', {
      Secret: secret,
      Fn: { Type: 'AWS::CloudFront::Function', Properties: { FunctionCode: 'code' } },
      Headers: {
        Type: 'AWS::CloudFront::ResponseHeadersPolicy',
        Properties: {
          ResponseHeadersPolicyConfig: {
            Name: 'n',
            SecurityHeadersConfig: {
              FrameOptions: { FrameOption: 'DENY', Override: true },
              StrictTransportSecurity: { AccessControlMaxAgeSec: 60, IncludeSubdomains: true, Override: false },
            },
            CustomHeadersConfig: { Items: [{ Header: 'X-Own', Value: '1', Override: false }] },
            ...headers,
          },
        },
      },
      Distribution: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            CacheBehaviors: [{ PathPattern: '/api/*', ...behavior('api', api) }],
            DefaultCacheBehavior: behavior('files'),
            CustomErrorResponses: [{ ErrorCode: 404, ErrorCachingMinTTL: 0 }],
            Origins: [
              { Id: 'files', S3OriginConfig: {} },
              {
                Id: 'api',
                OriginCustomHeaders: [
                  { HeaderName: 'x-verified-origin', HeaderValue: '{{resolve:secretsmanager:a:b:SecretString:::}}' },
                ],
              },
            ],
          },
        },
      },
    });
    return readDistribution([stack], resolverOf(stack));
  };

  test('has the behaviors, headers, error times and secret of the template', () => {
    const headers = [
      { name: 'x-frame-options', value: 'DENY', overrides: true },
      { name: 'strict-transport-security', value: 'max-age=60; includeSubDomains', overrides: false },
      { name: 'x-own', value: '1', overrides: false },
    ];
    const common = { methods: ['GET', 'HEAD'], viewerRequest: 'code', responseHeaders: headers };
    expect(read()).toEqual({
      rules: {
        behaviors: [{ pattern: '/api/*', origin: 'api', ...common }],
        otherwise: { origin: 'pages', ...common },
        keptErrorSeconds: { 404: 0 },
      },
      frontDoorSecret: 'value of b',
    });
  });

  test.each<[string, object, object]>([
    ['answers of the API in the cache', { CachePolicyId: CACHED }, {}],
    ['a cache policy that is not known', { CachePolicyId: 'own' }, {}],
    ['an API without cookies', { OriginRequestPolicyId: undefined }, {}],
    ['a function at another event', { FunctionAssociations: [{ EventType: 'viewer-response' }] }, {}],
    ['headers that the edge does not add', {}, { CorsConfig: {} }],
  ])('refuses %s', (_what, api, headers) => {
    expect(() => read(api, headers)).toThrow();
  });
});

test('without the development packages, the start says what is missing', async () => {
  const missing = Object.assign(new Error("Cannot find package 'aws-cdk-lib' imported from lib/verified.ts"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  const load = async () => {
    throw missing;
  };
  const started = synthesize({}, load);
  await expect(started).rejects.toBeInstanceOf(StartError);
  await expect(started).rejects.toThrow(/aws-cdk-lib is not installed: run npm ci with the development packages\.$/);
  missing.message = "Cannot find module 'lib/other.ts'";
  await expect(synthesize({}, load)).rejects.toBe(missing);
});
