import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';

/** What decides whether CloudFormation keeps a resource on an update. */
export interface ResourceFacts {
  readonly type: string;
  /** The properties whose change replaces it, or is refused. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Of a table; an update creates or deletes at most one. */
  readonly indexes: readonly string[];
}

const Database = z.object({
  schema: z.object({
    resource: z.object({
      entities: z.array(
        z.looseObject({
          cloudFormationType: z.string(),
          isStateful: z.boolean().optional(),
          properties: z.record(z.string(), z.looseObject({ causesReplacement: z.string().optional() })),
        }),
      ),
    }),
  }),
});

/**
 * CloudFormation's own description of its resources, which comes with CDK's command line and with which `cdk diff` says what is replaced
 * (from the registry's `createOnlyProperties`).
 */
const readTypes = () => {
  const cli = createRequire(import.meta.url).resolve('aws-cdk/package.json');
  const text = gunzipSync(readFileSync(join(cli, '../db.json.gz'))).toString();
  const { entities } = Database.parse(JSON.parse(text)).schema.resource;
  return new Map(entities.map((entity) => [entity.cloudFormationType, entity]));
};

let types: ReturnType<typeof readTypes> | undefined;
const typeOf = (type: string) => {
  types ??= readTypes();
  const found = types.get(type);
  if (found === undefined) throw new Error(`CDK's database has no ${type}`);
  return found;
};

/** Not described as stateful, but whatever was given their addresses would lose them: callers, operators, subscribers. */
const ADDRESSED = [
  'AWS::CloudFront::Distribution',
  'AWS::ApiGatewayV2::Api',
  'AWS::Cognito::UserPoolDomain',
  'AWS::Cognito::UserPoolClient',
  'AWS::SNS::Topic',
];

/** Not described as stateful either, but nothing else reads what was encrypted with it. */
const KEYS = ['AWS::KMS::ReplicaKey'];

/** Changes that the services refuse, of which the database says nothing (CloudFormation template reference, page of the type). */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'AWS::Cognito::UserPool': ['UsernameAttributes', 'AliasAttributes', 'UsernameConfiguration'],
  'AWS::KMS::Key': ['MultiRegion', 'KeySpec', 'KeyUsage', 'Origin'],
  'AWS::DynamoDB::Table': ['LocalSecondaryIndexes'],
};

/** Whether a resource of the type holds something that a new one would not. */
export const isKept = (type: string): boolean =>
  !type.startsWith('Custom::') && ([...ADDRESSED, ...KEYS].includes(type) || typeOf(type).isStateful === true);

const Indexes = z.array(z.looseObject({ IndexName: z.string() })).default([]);

export const resourceFacts = (type: string, properties: Readonly<Record<string, unknown>>): ResourceFacts => {
  const refused = REFUSED[type] ?? [];
  const { properties: described } = typeOf(type);
  const matters = (name: string) =>
    refused.includes(name) || ['yes', 'maybe'].includes(described[name]?.causesReplacement ?? 'no');
  return {
    type,
    properties: Object.fromEntries(
      Object.entries(properties)
        .filter(([name]) => matters(name))
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    indexes: Indexes.parse(properties['GlobalSecondaryIndexes'])
      .map((index) => JSON.stringify(index))
      .sort(),
  };
};
