import { expect, test } from 'vitest';
import { z } from 'zod';
import { STAGES, type Stage } from '../stages.ts';
import { of } from './made-stages.ts';

const Statement = z.looseObject({
  Action: z.union([z.string(), z.array(z.string())]),
  Condition: z.unknown().optional(),
});

const statementsOf = (stage: Stage, name: string) => {
  const policies = Object.entries(of(stage).templates.service.findResources('AWS::IAM::Policy'));
  const own = policies.filter(([id]) => id.startsWith(`${name}RoleDefaultPolicy`));
  expect(own).toHaveLength(1);
  return z.array(Statement).parse(own[0]?.[1]['Properties']['PolicyDocument']['Statement']);
};

/** Actions of a function's role, and which of them have a condition. */
const actionsOf = (stage: Stage, name: string) => {
  return [
    ...new Set(
      statementsOf(stage, name).flatMap(({ Action, Condition }) =>
        [Action].flat().map((action) => (Condition === undefined ? action : `${action} if`)),
      ),
    ),
  ].sort();
};

const EVERY = ['logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'];
const THROUGH_DYNAMODB = [
  'kms:Decrypt if',
  'kms:DescribeKey if',
  'kms:Encrypt if',
  'kms:GenerateDataKey* if',
  'kms:ReEncrypt* if',
];

test('T44 every function has exactly these permissions, and uses keys only for its own purpose', () => {
  const allowed: Readonly<Record<string, readonly string[]>> = {
    session: [
      'dynamodb:ConditionCheckItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      ...THROUGH_DYNAMODB,
      'ses:SendEmail if',
    ],
    enroll: [
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      ...THROUGH_DYNAMODB,
      'kms:GenerateDataKey if',
      'rekognition:CreateFaceLivenessSession if',
      'rekognition:DetectFaces if',
      'rekognition:GetFaceLivenessSessionResults if',
      's3:DeleteObject',
      's3:PutObject',
      'sts:AssumeRole',
    ],
    verify: [
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      ...THROUGH_DYNAMODB,
      'rekognition:CompareFaces if',
      'rekognition:CreateFaceLivenessSession if',
      'rekognition:GetFaceLivenessSessionResults if',
      's3:GetObject',
      'sts:AssumeRole',
    ],
    accounts: [
      'dynamodb:ConditionCheckItem',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      // Whether any account exists yet.
      'dynamodb:Scan',
      'dynamodb:UpdateItem',
      ...THROUGH_DYNAMODB,
      'ses:SendEmail if',
    ],
    // Seals keys but opens none: no Decrypt for the purpose of integration keys, see below.
    integrations: [
      'dynamodb:BatchGetItem',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      ...THROUGH_DYNAMODB,
    ],
    users: [
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      ...THROUGH_DYNAMODB,
      's3:DeleteObject',
      's3:GetObject',
      's3:ListBucket if',
    ],
    transactions: [
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:Query',
      'kms:Decrypt if',
      'kms:DescribeKey if',
    ],
    automation: [
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      ...THROUGH_DYNAMODB,
    ],
    backend: [
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      ...THROUGH_DYNAMODB,
      's3:DeleteObject',
      's3:ListBucket if',
    ],
    housekeeping: [
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      ...THROUGH_DYNAMODB,
      'rekognition:GetFaceLivenessSessionResults if',
      's3:DeleteObject',
      'ses:SendEmail if',
    ],
  };
  for (const [name, actions] of Object.entries(allowed)) {
    expect(actionsOf('staging', name), name).toEqual([...new Set([...EVERY, ...actions])].sort());
  }
});

test('T72 three functions may use the key of faces, only for faces; the portal may list their names, and no others', () => {
  const { service } = of('staging').templates;
  const decrypting = Object.entries(service.findResources('AWS::IAM::Policy')).filter(([, { Properties }]) =>
    JSON.stringify(Properties).includes('"kms:EncryptionContext:purpose":"verified/reference-face"'),
  );
  const names = decrypting.map(([id]) => id.replace(/RoleDefaultPolicy.*/, '')).sort();
  expect(names).toEqual(['enroll', 'users', 'verify']);
  const users = statementsOf('staging', 'users').filter(({ Action }) =>
    /^(kms:Decrypt|s3:ListBucket)$/.test(String(Action)),
  );
  expect(
    users
      .map(({ Action, Condition }) => [Action, Condition])
      .filter(([, condition]) => !JSON.stringify(condition).includes('ViaService')),
  ).toEqual([
    ['kms:Decrypt', { StringEquals: { 'kms:EncryptionContext:purpose': 'verified/reference-face' } }],
    ['s3:ListBucket', { StringLike: { 's3:prefix': 'faces/*' } }],
  ]);
});

test('the audit log is append-only: no function can change or delete events', () => {
  const { service } = of('staging').templates;
  const actions = Object.values(service.findResources('AWS::IAM::Policy')).flatMap(({ Properties }) =>
    z
      .array(Statement.extend({ Resource: z.unknown() }))
      .parse(Properties['PolicyDocument']['Statement'])
      .filter(({ Resource }) => JSON.stringify(Resource).includes('AuditTable'))
      .flatMap(({ Action }) => Action),
  );
  expect([...new Set(actions)].sort()).toEqual(['dynamodb:PutItem', 'dynamodb:Query']);
});

test('T67 T68 routes of operators require a token of the issuer, all others none', () => {
  for (const stage of Object.keys(STAGES) as Stage[]) {
    const { service } = of(stage).templates;
    for (const { Properties } of Object.values(service.findResources('AWS::ApiGatewayV2::Route'))) {
      const isPortal = String(Properties['RouteKey']).includes(' /api/portal/');
      expect(Properties['AuthorizationType'], Properties['RouteKey']).toBe(isPortal ? 'JWT' : 'NONE');
      expect(Properties['AuthorizerId'] !== undefined).toBe(isPortal);
    }
  }
  of('dev').templates.web.hasResourceProperties('AWS::Cognito::UserPool', {
    MfaConfiguration: 'ON',
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    DeletionProtection: 'ACTIVE',
  });
  for (const kind of ['UserPool', 'UserPoolClient', 'UserPoolDomain', 'ManagedLoginBranding']) {
    of('staging').templates.web.resourceCountIs(`AWS::Cognito::${kind}`, 0);
  }
  of('staging').templates.web.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
    JwtConfiguration: { Issuer: 'https://login.example.com', Audience: ['verified-portal'] },
  });
});

test('T37 the browser’s role can only open a liveness stream, and only two functions may assume it', () => {
  const { service } = of('prod').templates;
  const roles = Object.entries(service.findResources('AWS::IAM::Role')).filter(([id]) =>
    id.startsWith('LivenessStream'),
  );
  const trust = JSON.stringify(roles[0]?.[1]['Properties']['AssumeRolePolicyDocument']);
  expect(trust.match(/(enroll|verify)Role/g)?.sort()).toEqual(['enrollRole', 'verifyRole']);
  expect(trust).not.toMatch(/sessionRole|housekeeping|"Service"|:root/);
  service.hasResourceProperties('AWS::IAM::Policy', {
    Roles: [{ Ref: roles[0]?.[0] }],
    PolicyDocument: {
      Statement: [{ Action: 'rekognition:StartFaceLivenessSession', Effect: 'Allow', Resource: '*' }],
    },
  });
});

test('an AWS service acts only for this account and these resources', () => {
  const { templates } = of('prod');
  const Principal = z.looseObject({ Service: z.string() });
  for (const template of Object.values(templates)) {
    for (const [id, { Type, Properties }] of Object.entries(template?.toJSON()['Resources'] ?? {}) as [
      string,
      { Type: string; Properties: Record<string, never> },
    ][]) {
      if (Type === 'AWS::Lambda::Permission')
        expect(Properties['SourceArn'] ?? Properties['SourceAccount'], id).toBeDefined();
      const { Statement = [] } =
        Properties['PolicyDocument'] ?? Properties['KeyPolicy'] ?? Properties['AssumeRolePolicyDocument'] ?? {};
      for (const statement of Statement as { Effect: string; Principal?: unknown; Condition?: unknown }[]) {
        const service = Principal.safeParse(statement.Principal).data?.Service;
        // Lambda names no source when it assumes a function's role.
        if (statement.Effect !== 'Allow' || service === undefined || service === 'lambda.amazonaws.com') continue;
        expect(JSON.stringify(statement.Condition ?? null), `${id} ${service}`).toMatch(/aws:Source(Arn|Account)/i);
      }
    }
  }
});

test('faces are processed in the region of Face Liveness alone, also where the stage has another', () => {
  for (const stage of Object.keys(STAGES) as Stage[]) {
    const { livenessRegion } = of(stage).settings;
    for (const name of ['enroll', 'verify', 'housekeeping']) {
      const calls = statementsOf(stage, name).filter(({ Action }) => JSON.stringify(Action).includes('rekognition:'));
      const here = { StringEquals: { 'aws:RequestedRegion': livenessRegion } };
      expect(calls.length, name).toBeGreaterThan(0);
      for (const { Condition } of calls) expect(Condition, `${stage} ${name}`).toEqual(here);
    }
  }
});
