import { expect, test } from 'vitest';
import { ROUTES } from '../../../contract/api/routes.ts';
import type { Decided } from '../../../local/aws-wire/iam/access-control.ts';
import { isAbout } from '../../../local/aws-wire/iam/decide.ts';
import { type Grant, grantsOf } from './deployed-world.ts';
import { of } from './made-world.ts';

const FUNCTIONS = [...new Set(ROUTES.map(({ lambda }) => lambda)), 'housekeeping'];
const DYNAMODB = 'through DynamoDB: AWS documents it as required of every caller and does not say with which call';

/** Why functions have what none of these tests uses; the names are those of `nameOf`. */
const REASONS: Readonly<Record<string, string>> = {
  '* logs:CreateLogStream': 'asked for by Lambda itself, for the function’s log',
  '* logs:PutLogEvents': 'asked for by Lambda itself, for the function’s log',
  '* xray:PutTelemetryRecords': 'asked for by Lambda itself, for tracing',
  '* xray:PutTraceSegments': 'asked for by Lambda itself, for tracing',
  '* kms:DescribeKey if dynamodb': DYNAMODB,
  '* kms:Encrypt if dynamodb': DYNAMODB,
  '* kms:GenerateDataKey* if dynamodb': DYNAMODB,
  '* kms:ReEncrypt* if dynamodb': DYNAMODB,
  '* ses:SendEmail on harbour-bank.example if verified@harbour-bank.example':
    'where the domain is the verified identity, not the address',
  'accounts dynamodb:Scan on Account': 'whether any account exists, where sign-up is closed; here it is open',
  'housekeeping dynamodb:Query on User/index/byFailure':
    'comes with Query on the table, by which the users of a deleted integration go',
  'housekeeping dynamodb:Query on User/index/byState':
    'comes with Query on the table, by which the users of a deleted integration go',
  'housekeeping dynamodb:UpdateItem on Session':
    'removes what an abandoned login holds of a face, once its session is over',
};

/** e.g. `session dynamodb:PutItem on Session`, `enroll kms:GenerateDataKey if s3` */
const nameOf = (role: string, { action, resource, statement }: Grant): string => {
  const [condition] = statement.conditions;
  const table = /Tables([A-Za-z]+?)Table[0-9A-F]{8}(\/index\/\w+)?$/.exec(resource);
  const on = table === null ? /:identity\/(.+)$/.exec(resource)?.[1] : `${table[1]}${table[2] ?? ''}`;
  const value = condition?.values.join().replace(/\.us-east-1\.amazonaws\.com$/, '');
  return `${role} ${action}${on === undefined ? '' : ` on ${on}`}${value === undefined ? '' : ` if ${value}`}`;
};

const isUsed = (roleArn: string, grant: Grant, decided: readonly Decided[]): boolean => {
  const statement = { ...grant.statement, actions: [grant.action], resources: [grant.resource] };
  return decided.some((one) => one.isAllowed && one.roleArn === roleArn && isAbout(statement, one));
};

test('every grant of every function is used by these tests, or has a reason here', () => {
  const { world } = of();
  const unused = FUNCTIONS.flatMap((name) => {
    const arn = world.roleOf(name);
    const grants = (world.deployment.access.role(arn)?.policies ?? []).flat().flatMap(grantsOf);
    expect(grants.length, name).toBeGreaterThan(5);
    return grants.filter((grant) => !isUsed(arn, grant, world.decided)).map((grant) => nameOf(name, grant));
  });
  const forAll = (name: string): string => name.replace(/^\w+/, '*');
  const reasonless = unused.filter((name) => !(name in REASONS) && !(forAll(name) in REASONS));
  expect(reasonless).toEqual([]);
  // A reason for what is used, or no longer granted, is out of date.
  const excused = new Set(unused.flatMap((name) => [name, forAll(name)]));
  expect(Object.keys(REASONS).filter((name) => !excused.has(name))).toEqual([]);
});
