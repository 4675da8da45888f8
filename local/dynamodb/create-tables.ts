import {
  CreateTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { TABLES, type TableDefinition, type TableKeys } from '../../lambdas/tables.ts';

/** Table names by the environment variable that carries them. */
export type TableNames = Readonly<Record<keyof typeof TABLES, string>>;

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

const createTable = async (client: DynamoDBClient, name: string, table: TableDefinition) => {
  const indexes = Object.entries(table.indexes ?? {});
  const attributes = [table, ...indexes.map(([, keys]) => keys)].flatMap(attributesOf);
  try {
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
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
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  if (table.timeToLive !== undefined) await enableTimeToLive(client, name, table.timeToLive);
};

/** Creates the missing tables from the definitions that CDK deploys, and lets rows end where they say so. */
export const createTables = async (client: DynamoDBClient, names: TableNames): Promise<void> => {
  for (const [variable, keys] of Object.entries(TABLES)) {
    await createTable(client, names[variable as keyof typeof TABLES], keys);
  }
};
