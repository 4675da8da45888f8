import { Aspects, CfnResource, type IAspect } from 'aws-cdk-lib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildUploads } from '../../bin/build-uploads.ts';
import { Verified } from '../../lib/verified.ts';
import { removeApps, teamsApp, templatesIn } from './teams-app.ts';

beforeAll(buildUploads, 120_000);
afterAll(removeApps);

const makeStage = () => {
  const app = teamsApp();
  return { app, login: new Verified(app, 'Login', { stage: 'prod' }) };
};

/** A resource by its path below the construct, as a team reaches it. */
const resourceAt = (login: Verified, path: string): CfnResource => {
  const found = login.node.findAll().find(({ node }) => node.path === `Login/verified-prod-${path}`);
  if (found === undefined || !CfnResource.isCfnResource(found)) throw new Error(`there is no resource ${path}`);
  return found;
};

type Override = (resource: CfnResource) => void;
const NO_FRONT_DOOR =
  'a route of the API leads to something that does not check the secret of the front door, so that it answers callers who avoid the distribution';

/** Each override of one resource, and where and how it is refused. */
const REFUSED: readonly (readonly [path: string, override: Override, sentence: string, refusedAt?: RegExp])[] = [
  [
    'data/Faces/Bucket/Resource',
    (bucket) => bucket.addPropertyOverride('PublicAccessBlockConfiguration.BlockPublicPolicy', false),
    'a bucket does not block public access completely',
  ],
  [
    'web/Pages/Bucket/Resource',
    (bucket) => bucket.addPropertyDeletionOverride('PublicAccessBlockConfiguration'),
    'a bucket does not block public access completely',
  ],
  [
    'data/Faces/Bucket/Policy/Resource',
    (policy) =>
      policy.addPropertyOverride('PolicyDocument.Statement', [
        { Effect: 'Allow', Principal: { AWS: ['*'] }, Action: 's3:GetObject', Resource: '*' },
      ]),
    'the policy of a bucket allows something to everybody',
  ],
  [
    'data/AccessLogs/Policy/Resource',
    (policy) => policy.addPropertyOverride('PolicyDocument.Statement.0.Effect', 'Allow'),
    'the policy of a bucket allows something to everybody',
  ],
  [
    'data/FaceKey/Key/Resource',
    (key) => key.addPropertyOverride('EnableKeyRotation', false),
    'the yearly rotation of a key is off',
  ],
  [
    'operations/AlarmKey/Resource',
    (key) => key.addPropertyDeletionOverride('EnableKeyRotation'),
    'the yearly rotation of a key is off',
  ],
  [
    'data/Tables/UserTable/Resource',
    (table) => table.addPropertyDeletionOverride('PointInTimeRecoverySpecification'),
    'point-in-time recovery is off, so that lost or damaged rows could not be restored',
  ],
  [
    'data/Tables/AuditTable/Resource',
    (table) => table.addPropertyOverride('DeletionProtectionEnabled', false),
    'the deletion protection of a table is off',
  ],
  [
    'data/Tables/AccountTable/Resource',
    (table) => table.addOverride('DeletionPolicy', 'Delete'),
    'a table is not retained, so that an update or the end of its stack could delete it',
  ],
  [
    'web/SignIn/Default/Operators/Resource',
    (pool) => pool.addPropertyOverride('DeletionProtection', 'INACTIVE'),
    'the deletion protection of the pool of operators is off',
  ],
  [
    'service/automation/Function/Resource',
    (fn) => fn.addPropertyDeletionOverride('Environment.Variables.FRONT_DOOR_SECRET'),
    NO_FRONT_DOOR,
    /Route\/automationIntegration\/Resource: /,
  ],
  [
    'service/enroll/Function/Resource',
    (fn) => fn.addPropertyOverride('Environment.Variables.FRONT_DOOR_SECRET', 'letmein'),
    NO_FRONT_DOOR,
    /Route\/enrollIntegration\/Resource: /,
  ],
  [
    'service/userStatusRoute/backendIntegration/Resource',
    (integration) =>
      integration.addPropertyOverride('IntegrationUri', 'arn:aws:lambda:eu-west-1:111122223333:function:x'),
    NO_FRONT_DOOR,
  ],
  [
    'service/portalMeRoute/Resource',
    (route) => route.addPropertyOverride('AuthorizationType', 'NONE'),
    'a route of the portal does not require a signed-in operator',
  ],
];

const failureOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return String(error);
  }
  throw new Error('nothing was refused');
};

test('T44 T68 T76 overrides that open or unprotect what Verified keeps are refused, each with its place and a sentence', () => {
  const { app, login } = makeStage();
  for (const [path, override] of REFUSED) override(resourceAt(login, path));
  login.stacks.data.terminationProtection = false;
  const lines = failureOf(() => app.synth())
    .split('\n')
    .filter((line) => line.includes('Login/'));
  for (const [path, , sentence, refusedAt] of REFUSED) {
    const own = lines.filter((line) => (refusedAt ?? new RegExp(`Login/verified-prod-${path}: `)).test(line));
    expect(own, path).toEqual([expect.stringContaining(`: ${sentence}. Remove what changes it`)]);
  }
  expect(lines.filter((line) => line.includes('the termination protection of the data stack is off'))).toHaveLength(1);
  expect(lines).toHaveLength(REFUSED.length + 1);
});

test.each([{ Principal: '*' }, { NotPrincipal: { AWS: 'arn:aws:iam::111122223333:root' } }])(
  'T44 a bucket policy that allows something to %j is refused',
  (whom) => {
    const { app, login } = makeStage();
    const statement = { Effect: 'Allow', ...whom, Action: 's3:GetObject', Resource: '*' };
    const policy = resourceAt(login, 'data/Faces/Bucket/Policy/Resource');
    policy.addPropertyOverride('PolicyDocument.Statement', [statement]);
    expect(failureOf(() => app.synth())).toContain('the policy of a bucket allows something to everybody');
  },
);

test('T44 an Aspect of the team does not get past it, whenever it runs', () => {
  const { app, login } = makeStage();
  const opens: IAspect = {
    visit: (node) => {
      if (CfnResource.isCfnResource(node) && node.cfnResourceType === 'AWS::DynamoDB::Table')
        node.addPropertyOverride('PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled', false);
    },
  };
  Aspects.of(login).add(opens, { priority: 10_000 });
  expect(failureOf(() => app.synth())).toContain('point-in-time recovery is off');
});

test('what is none of this may be overridden', () => {
  const { app, login } = makeStage();
  resourceAt(login, 'service/session/Function/Resource').addPropertyOverride('MemorySize', 1234);
  expect(JSON.stringify([...templatesIn(app.synth())])).toContain('"MemorySize":1234');
});
