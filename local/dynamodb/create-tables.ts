import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTimeToLiveCommand,
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

/** Also for a table that exists: an earlier release may have created it without. DynamoDB refuses to enable it twice. */
const enableTimeToLive = async (client: DynamoDBClient, TableName: string, AttributeName: string): Promise<void> => {
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  const { TimeToLiveStatus: status } = TimeToLiveDescription ?? {};
  if (status === 'ENABLED' || status === 'ENABLING') return;
  const TimeToLiveSpecification = { Enabled: true, AttributeName };
  await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
};

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

/** Creates the missing ones, and lets rows end where the tables say so. */
export const createTables = async (client: DynamoDBClient, tables: readonly NewTable[]): Promise<void> => {
  for (const { input, timeToLive } of tables) {
    try {
      await client.send(new CreateTableCommand(input));
    } catch (error) {
      if (!(error instanceof ResourceInUseException)) throw error;
    }
    if (timeToLive !== null) await enableTimeToLive(client, input.TableName ?? '', timeToLive);
  }
};
