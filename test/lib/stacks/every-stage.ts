import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { ROUTES } from '../../../contract/api/routes.ts';
import { TABLES } from '../../../lambdas/tables.ts';
import { capturePageHeaders } from '../../../web/capture/security-headers.ts';
import { variablesOf } from '../function-environments.ts';
import { STAGES, type Stage } from '../stages.ts';
import { lineChanges, templateLines } from '../template-lines.ts';
import { of } from './made-stages.ts';

/** Deleted if the deployment that created it is rolled back, otherwise retained. */
const UNLESS_NEW = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };

describe.each(Object.keys(STAGES) as Stage[])('stage %s', (stage) => {
  // Changed on purpose? `npm run snapshots`, and review the difference before you commit it.
  test('creates what it created before', async () => {
    const lines = (one: Stage) =>
      Object.entries(of(one).templates).flatMap(([stack, template]) =>
        template === null ? [] : templateLines(template.toJSON(), of(one).settings).map((line) => `${stack} ${line}`),
      );
    const text = stage === 'dev' ? lines('dev') : lineChanges(lines('dev'), lines(stage));
    await expect(`${text.join('\n')}\n`).toMatchFileSnapshot(`./snapshots/${stage}.txt`);
  });

  test('retains what must survive, encrypted and protected against accidental deletion', () => {
    const { data } = of(stage).templates;
    data.resourceCountIs('AWS::DynamoDB::Table', Object.keys(TABLES).length);
    data.allResources('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        TableName: Match.absent(),
      },
    });
    data.allResources('AWS::KMS::Key', { ...UNLESS_NEW, Properties: { EnableKeyRotation: true } });
    data.allResources('AWS::S3::Bucket', UNLESS_NEW);
    expect(of(stage).stacks.data.terminationProtection).toBe(true);
  });

  // CloudFormation cannot delete them in a rollback: created last, they stay behind only if they themselves are what fails.
  test('what is protected against deletion is created after whatever else of its stack can fail', () => {
    const { data, web } = of(stage).templates;
    const others = ['AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy'].flatMap((type) =>
      Object.keys(data.findResources(type)),
    );
    for (const [id, table] of Object.entries(data.findResources('AWS::DynamoDB::Table'))) {
      expect(table['DeletionPolicy'], id).toBe('Retain');
      const needed = [
        ...(table['DependsOn'] ?? []),
        ...others.filter((other) => JSON.stringify(table).includes(other)),
      ];
      expect(needed, id).toEqual(expect.arrayContaining(others));
    }
    const [distribution = ''] = Object.keys(web.findResources('AWS::CloudFront::Distribution'));
    for (const pool of Object.values(web.findResources('AWS::Cognito::UserPool'))) {
      expect(pool['DeletionPolicy']).toBe('Retain');
      expect(pool['DependsOn']).toContain(distribution);
    }
  });

  test('T44 faces: one private bucket, TLS only, encrypted by a customer managed key, and without versions, so that deleting deletes', () => {
    const { data } = of(stage).templates;
    data.hasResource('AWS::S3::Bucket', {
      ...UNLESS_NEW,
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
          ],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        VersioningConfiguration: Match.absent(),
        ReplicationConfiguration: Match.absent(),
      },
    });
    data.allResourcesProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  test('the HTTP API has the routes of the shared table, each to its Lambda', () => {
    const { service } = of(stage).templates;
    const routes = Object.values(service.findResources('AWS::ApiGatewayV2::Route'));
    const integrations = service.findResources('AWS::ApiGatewayV2::Integration');
    const lambdaOf = (target: unknown): string => {
      const id = Object.keys(integrations).find((name) => JSON.stringify(target).includes(name)) ?? '';
      return JSON.stringify(integrations[id]?.['Properties']['IntegrationUri']);
    };
    expect(routes.map(({ Properties }) => Properties['RouteKey']).sort()).toEqual(
      ROUTES.map(({ method, path }) => `${method} ${path}`).sort(),
    );
    for (const { method, path, lambda } of ROUTES) {
      const route = routes.find(({ Properties }) => Properties['RouteKey'] === `${method} ${path}`);
      expect(lambdaOf(route?.['Properties']['Target'])).toContain(`${lambda}Function`);
    }
  });

  // API Gateway refuses a second route with the same key, and CloudFormation creates a new id before it deletes the old one: an upgrade would fail.
  test('a renamed route keeps the logical id of its resource', () => {
    const routes = Object.entries(of(stage).templates.service.findResources('AWS::ApiGatewayV2::Route'));
    const idOf = (key: string) => routes.find(([, { Properties }]) => Properties['RouteKey'] === key)?.[0];
    expect(idOf('POST /api/enroll/liveness')).toBe('startEnrolLivenessRouteDA845DF8');
    expect(idOf('POST /api/enroll/complete')).toBe('completeEnrolRouteD929B967');
    expect(idOf('POST /api/portal/user/require-enrolment')).toBe('portalRequireEnrolmentRouteE567A627');
  });

  test('every function gets exactly the environment that its code checks', () => {
    const { functions } = of(stage).stacks.service;
    for (const [name, fn] of functions) {
      const own = fn.environmentNames.filter((variable) => !variable.startsWith('POWERTOOLS_'));
      expect(own, name).toEqual(variablesOf(name));
    }
  });

  test('every function runs on ARM and the newest Node, with JSON logs with retention, and tracing', () => {
    of(stage).templates.service.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      LoggingConfig: Match.objectLike({ LogFormat: 'JSON' }),
      TracingConfig: { Mode: 'Active' },
      FunctionName: Match.absent(),
    });
    of(stage).templates.service.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: Match.anyValue() });
  });

  test('T64 T65 pages have the headers that they were tested with', () => {
    const { templates, settings } = of(stage);
    const headers = capturePageHeaders({ livenessRegion: settings.livenessRegion, path: '/capture/' });
    templates.web.hasResourceProperties('AWS::CloudFront::ResponseHeadersPolicy', {
      ResponseHeadersPolicyConfig: {
        SecurityHeadersConfig: {
          ContentSecurityPolicy: { ContentSecurityPolicy: headers['content-security-policy'], Override: true },
          StrictTransportSecurity: { AccessControlMaxAgeSec: 63_072_000, IncludeSubdomains: true },
          ReferrerPolicy: { ReferrerPolicy: 'no-referrer' },
          ContentTypeOptions: { Override: true },
        },
        CustomHeadersConfig: {
          Items: Match.arrayWith(
            ['permissions-policy', 'cross-origin-opener-policy', 'cross-origin-resource-policy'].map((Header) =>
              Match.objectLike({ Header, Value: headers[Header] }),
            ),
          ),
        },
      },
    });
  });
});
