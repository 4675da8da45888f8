import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { TABLES, type TableDefinition, type TableKeys } from '../../lambdas/tables.ts';

/** Table names by the environment variable that carries them. */
export type TableNames = Readonly<Record<keyof typeof TABLES, string>>;

/** A table to be created if it is missing. */
export interface NewTable {
  readonly input: CreateTableCommandInput;
  /** Attribute; null for rows that stay. */
  readonly timeToLive: string | null;
}

const attributesOf = ({ partitionKey, sortKey, sortKeyType }: TableKeys) => [
  { AttributeName: partitionKey, AttributeType: 'S' as const },
  ...(sortKey === undefined ? [] : [{ AttributeName: sortKey, AttributeType: sortKeyType ?? ('S' as const) }]),
];

const keySchemaOf = (keys: TableKeys) =>
  attributesOf(keys).map(({ AttributeName }, index) => ({
    AttributeName,
    KeyType: index === 0 ? ('HASH' as const) : ('RANGE' as const),
  }));

const newTable = (name: string, table: TableDefinition): NewTable => {
  const indexes = Object.entries(table.indexes ?? {});
  const attributes = [table, ...indexes.map(([, keys]) => keys)].flatMap(attributesOf);
  const input = {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST' as const,
    AttributeDefinitions: [...new Map(attributes.map((each) => [each.AttributeName, each])).values()],
    KeySchema: keySchemaOf(table),
    ...(indexes.length === 0
      ? {}
      : {
          GlobalSecondaryIndexes: indexes.map(([IndexName, keys]) => ({
            IndexName,
            KeySchema: keySchemaOf(keys),
            Projection: { ProjectionType: 'KEYS_ONLY' as const },
          })),
        }),
  };
  return { input, timeToLive: table.timeToLive ?? null };
};

/** The tables from the definitions that CDK deploys. */
export const definedTables = (names: TableNames): readonly NewTable[] =>
  Object.entries(TABLES).map(([variable, table]) => newTable(names[variable as keyof typeof TABLES], table));

/** Creates the missing ones. */
export const createTables = async (client: DynamoDBClient, tables: readonly NewTable[]): Promise<void> => {
  for (const { input, timeToLive } of tables) {
    try {
      await client.send(new CreateTableCommand(input));
    } catch (error) {
      if (error instanceof ResourceInUseException) continue;
      throw error;
    }
    if (timeToLive === null) continue;
    const TimeToLiveSpecification = { Enabled: true, AttributeName: timeToLive };
    await client.send(new UpdateTimeToLiveCommand({ TableName: input.TableName, TimeToLiveSpecification }));
  }
};
