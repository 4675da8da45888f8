import { randomBytes } from 'node:crypto';
import { TABLES } from '../../lambdas/tables.ts';
import type { TableNames } from '../dynamodb/create-tables.ts';
import type { ServedRoute } from '../edge/gateway-event.ts';
import type { JwtAuthorizerOptions } from '../edge/jwt-authorizer.ts';
import type { RateLimits } from '../edge/throttle.ts';
import type { AwsResources, ResourceNames } from '../platform/aws-resources.ts';
import type { LocalValues } from './physical-names.ts';
import { putAccess, readRoles } from './read-access.ts';
import { readAuthorizer, readRateLimits, readRoutes } from './read-api.ts';
import { readBucketKeys } from './read-bucket-keys.ts';
import { type DeployedDistribution, readDistribution } from './read-distribution.ts';
import { type DeployedFunction, readFunctions, sharedVariable } from './read-functions.ts';
import { readTables } from './read-tables.ts';
import { Resolver } from './resolver.ts';
import type { Assembly } from './synthesize.ts';

/** What the templates say, with every reference resolved to this machine. */
export interface LocalDeployment {
  readonly resolver: Resolver;
  readonly resources: AwsResources;
  readonly functions: readonly DeployedFunction[];
  readonly routes: readonly ServedRoute[];
  readonly rateLimits: RateLimits;
  readonly authorizer: JwtAuthorizerOptions;
  readonly distribution: DeployedDistribution;
}

/** Secrets as CloudFormation generates them (`generateSecretString`), one for each ARN. */
const newSecrets = (): LocalValues['secretValue'] => {
  const made = new Map<string, string>();
  return (arn) => {
    const value = made.get(arn) ?? randomBytes(24).toString('hex');
    made.set(arn, value);
    return value;
  };
};

const namesFor = (functions: readonly DeployedFunction[]): ResourceNames => {
  const variable = (name: string): string => sharedVariable(functions, name);
  const tables = Object.fromEntries(Object.keys(TABLES).map((name) => [name, variable(name)])) as TableNames;
  return {
    tables,
    keys: { integrations: variable('INTEGRATION_KEY_ID'), faces: variable('FACE_KEY_ID') },
    bucket: variable('FACE_BUCKET'),
    streamRole: variable('STREAM_ROLE_ARN'),
  };
};

/**
 * Reads tables, functions, roles, routes and the distribution from synthesized stacks.
 * @throws Error or z.ZodError for anything that the local parts would not do as AWS does
 */
export const readDeployment = (
  { stacks, folder }: Pick<Assembly, 'stacks' | 'folder'>,
  place: Omit<LocalValues, 'secretValue'>,
): LocalDeployment => {
  const resolver = new Resolver(stacks, { ...place, secretValue: newSecrets() });
  const functions = readFunctions(stacks, resolver, folder);
  const names = namesFor(functions);
  const tables = readTables(stacks, resolver);
  const buckets = [names.bucket];
  const roles = readRoles(functions, resolver);
  return {
    resolver,
    functions,
    resources: {
      names,
      tables,
      buckets,
      bucketKeys: readBucketKeys(stacks, resolver),
      tableKeys: Object.fromEntries(tables.map(({ input, kmsKey }) => [input.TableName, kmsKey])),
      putAccess: (access) => putAccess(access, { roles, stacks, resolver, buckets }),
    },
    routes: readRoutes(stacks, resolver, { functions, region: place.region }),
    rateLimits: readRateLimits(stacks, resolver),
    authorizer: readAuthorizer(stacks, resolver),
    distribution: readDistribution(stacks, resolver),
  };
};
