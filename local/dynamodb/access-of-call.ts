import { ACCOUNT_ID } from '../aws-wire/credentials.ts';

/** What a call does to one table or index. */
export interface TableAccess {
  /** e.g. `PutItem` */
  readonly action: string;
  /** ARN of a table or index; `*` for calls that name none. */
  readonly resource: string;
  /** Null for calls that name none. */
  readonly table: string | null;
}

type Input = Readonly<Record<string, unknown>>;

/** IAM actions of the parts of transactions (DynamoDB developer guide, "Using IAM with DynamoDB transactions"). */
const PARTS: Readonly<Record<string, string>> = {
  ConditionCheck: 'ConditionCheckItem',
  Delete: 'DeleteItem',
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
};

const accessTo = (region: string, action: string, name: unknown, index?: unknown): TableAccess => {
  if (typeof name !== 'string') return { action, resource: '*', table: null };
  const arn = name.startsWith('arn:') ? name : `arn:aws:dynamodb:${region}:${ACCOUNT_ID}:table/${name}`;
  const table = arn.split('/')[1] ?? '';
  return { action, resource: typeof index === 'string' ? `${arn}/index/${index}` : arn, table };
};

const asRecord = (value: unknown): Input => (typeof value === 'object' && value !== null ? (value as Input) : {});

const partsOf = (region: string, items: unknown): readonly TableAccess[] =>
  (Array.isArray(items) ? items : []).flatMap((item) =>
    Object.entries(asRecord(item)).map(([part, value]) =>
      // A part that is not known here is asked for under its own name, which no policy grants.
      accessTo(region, PARTS[part] ?? part, asRecord(value)['TableName']),
    ),
  );

/**
 * What a call of DynamoDB does, part by part: a transaction needs the permissions of its parts and none of its own, a batch is one action
 * on each of its tables.
 * @param operation e.g. `TransactWriteItems`
 */
export const accessOfCall = (operation: string, input: Input, region: string): readonly TableAccess[] => {
  switch (operation) {
    case 'TransactGetItems':
    case 'TransactWriteItems':
      return partsOf(region, input['TransactItems']);
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.keys(asRecord(input['RequestItems'])).map((name) => accessTo(region, operation, name));
    default:
      return [accessTo(region, operation, input['TableName'], input['IndexName'])];
  }
};
