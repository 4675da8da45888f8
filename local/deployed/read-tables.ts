import { z } from 'zod';
import type { NewTable } from '../dynamodb/create-tables.ts';
import type { Resolver } from './resolver.ts';
import { resourcesOf, type Stack } from './template.ts';

const KeySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const Properties = z.looseObject({
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N']) })),
  BillingMode: z.literal('PAY_PER_REQUEST'),
  KeySchema,
  GlobalSecondaryIndexes: z
    .array(
      z.strictObject({
        IndexName: z.string(),
        KeySchema,
        Projection: z.strictObject({ ProjectionType: z.enum(['KEYS_ONLY', 'ALL']) }),
      }),
    )
    .optional(),
  SSESpecification: z.strictObject({
    KMSMasterKeyId: z.string(),
    SSEEnabled: z.literal(true),
    SSEType: z.literal('KMS'),
  }),
  // Neither is created here: a policy of the table could deny what is allowed here.
  LocalSecondaryIndexes: z.never().optional(),
  ResourcePolicy: z.never().optional(),
  TimeToLiveSpecification: z.strictObject({ AttributeName: z.string(), Enabled: z.literal(true) }).optional(),
});

/** A table, and the key that encrypts it. */
export interface DeployedTable extends NewTable {
  /** ARN */
  readonly kmsKey: string;
}

/** Tables with indexes, TTL and keys, as CloudFormation would create them. */
export const readTables = (stacks: readonly Stack[], resolver: Resolver): readonly DeployedTable[] =>
  resourcesOf(stacks, 'AWS::DynamoDB::Table').map((resource) => {
    const table = Properties.parse(resolver.properties(resource));
    const { AttributeDefinitions, BillingMode, KeySchema, GlobalSecondaryIndexes } = table;
    return {
      input: {
        TableName: resolver.nameOf(resource),
        AttributeDefinitions,
        BillingMode,
        KeySchema,
        ...(GlobalSecondaryIndexes === undefined ? {} : { GlobalSecondaryIndexes }),
      },
      timeToLive: table.TimeToLiveSpecification?.AttributeName ?? null,
      kmsKey: table.SSESpecification.KMSMasterKeyId,
    };
  });
