import {
  CreateTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { TABLES } from '../../lambdas/tables.ts';

/** Names of the tables, by the environment variable that carries them. */
export type TableNames = Readonly<Record<keyof typeof TABLES, string>>;

const createTable = async (client: DynamoDBClient, name: string, keys: (typeof TABLES)[keyof typeof TABLES]) => {
  const attributes = [keys.partitionKey, ...('sortKey' in keys ? [keys.sortKey] : [])];
  try {
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: attributes.map((attribute) => ({ AttributeName: attribute, AttributeType: 'S' })),
        KeySchema: attributes.map((attribute, index) => ({
          AttributeName: attribute,
          KeyType: index === 0 ? 'HASH' : 'RANGE',
        })),
      }),
    );
  } catch (error) {
    if (error instanceof ResourceInUseException) return;
    throw error;
  }
  if ('timeToLive' in keys) {
    const specification = { Enabled: true, AttributeName: keys.timeToLive };
    await client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: specification }));
  }
};

/** Makes the tables that are missing, from the definitions that CDK deploys. */
export const createTables = async (client: DynamoDBClient, names: TableNames): Promise<void> => {
  for (const [variable, keys] of Object.entries(TABLES)) {
    await createTable(client, names[variable as keyof typeof TABLES], keys);
  }
};
