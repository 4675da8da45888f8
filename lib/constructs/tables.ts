import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { TABLES, type TableDefinition, type TableKeys } from '../../lambdas/tables.ts';
import type { DataKey } from './data-key.ts';
import type { LambdaFunction } from './lambda-function.ts';

export type TableVariable = keyof typeof TABLES;
/** Calls of DynamoDB; a transaction needs those of its parts and none of its own. */
export type TableAction =
  | 'GetItem'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'Query'
  | 'Scan'
  | 'ConditionCheckItem'
  | 'BatchGetItem';

const READS: readonly TableAction[] = ['GetItem', 'Query', 'Scan', 'BatchGetItem', 'ConditionCheckItem'];

const constructId = (variable: TableVariable): string =>
  variable
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

const keysOf = ({ partitionKey, sortKey, sortKeyType }: TableKeys) => ({
  partitionKey: { name: partitionKey, type: AttributeType.STRING },
  ...(sortKey === undefined
    ? {}
    : { sortKey: { name: sortKey, type: sortKeyType === 'N' ? AttributeType.NUMBER : AttributeType.STRING } }),
});

const definitionOf = (variable: TableVariable): TableDefinition => TABLES[variable];
const indexNames = (variable: TableVariable): readonly string[] => Object.keys(definitionOf(variable).indexes ?? {});

/** All tables, created from the definitions that the stores use. */
export class Tables extends Construct {
  readonly #tables: ReadonlyMap<TableVariable, Table>;
  readonly #key: DataKey;

  constructor(scope: Construct, id: string, key: DataKey) {
    super(scope, id);
    this.#key = key;
    this.#tables = new Map(
      (Object.keys(TABLES) as TableVariable[]).map((variable) => {
        const definition = definitionOf(variable);
        const table = new Table(this, constructId(variable), {
          ...keysOf(definition),
          ...(definition.timeToLive === undefined ? {} : { timeToLiveAttribute: definition.timeToLive }),
          billingMode: BillingMode.PAY_PER_REQUEST,
          encryption: TableEncryption.CUSTOMER_MANAGED,
          encryptionKey: key.key,
          pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
          deletionProtection: true,
          // Not `RETAIN_ON_UPDATE_OR_DELETE`: a rollback could not delete what is protected, and would itself fail.
          removalPolicy: RemovalPolicy.RETAIN,
        });
        for (const [indexName, keys] of Object.entries(definition.indexes ?? {})) {
          table.addGlobalSecondaryIndex({ indexName, ...keysOf(keys), projectionType: ProjectionType.KEYS_ONLY });
        }
        return [variable, table] as const;
      }),
    );
  }

  /** By the name of the environment variable that functions read. */
  get byVariable(): ReadonlyMap<TableVariable, Table> {
    return this.#tables;
  }

  get all(): readonly Table[] {
    return [...this.#tables.values()];
  }

  table(variable: TableVariable): Table {
    const table = this.#tables.get(variable);
    if (table === undefined) throw new Error(`there is no table ${variable}`);
    return table;
  }

  /** Passes the table's name to the function and allows exactly these calls; none for a name that is only passed on. */
  grant(fn: LambdaFunction, variable: TableVariable, actions: readonly TableAction[]): void {
    const table = this.table(variable);
    fn.setEnvironment(variable, table.tableName);
    if (actions.length === 0) return;
    fn.permit({ actions: actions.map((action) => `dynamodb:${action}`), resources: [table.tableArn] });
    const indexes = actions.includes('Query') ? indexNames(variable) : [];
    if (indexes.length > 0) {
      fn.permit({
        actions: ['dynamodb:Query'],
        resources: indexes.map((name) => `${table.tableArn}/index/${name}`),
      });
    }
    const writes = actions.some((action) => !READS.includes(action));
    // Calls that DynamoDB makes with a customer managed key for its caller (DynamoDB developer guide, encryption at rest).
    const uses = ['Decrypt', 'DescribeKey', ...(writes ? ['Encrypt', 'GenerateDataKey*', 'ReEncrypt*'] : [])];
    this.#key.grantThrough(fn, 'dynamodb', uses);
  }
}
