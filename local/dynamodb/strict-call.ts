import { AwsError } from '../aws-wire/aws-error.ts';

type Input = Readonly<Record<string, unknown>>;
/** e.g. `{ S: 'text' }` */
type Value = Readonly<Record<string, string>>;
type Item = Readonly<Record<string, Value>>;

export interface KeyNames {
  readonly partitionKey: string;
  readonly sortKey?: string | undefined;
}

export interface TableKeyNames extends KeyNames {
  readonly indexes: Readonly<Record<string, KeyNames>>;
}

/** Keys of the tables that a call names. */
export type KeysOf = (table: string) => TableKeyNames;

/** DynamoDB developer guide, "Quotas", "Partition keys and sort keys". */
const MAX_BYTES = { partitionKey: 2048, sortKey: 1024 } as const;

const invalid = (message: string) => new AwsError('ValidationException', message);

const asRecord = (value: unknown): Input => (typeof value === 'object' && value !== null ? (value as Input) : {});

const bytesOf = ({ S, N, B }: Value): number => Buffer.byteLength(S ?? N ?? '') + Buffer.from(B ?? '', 'base64').length;

/**
 * The limits of keys hold for indexes too.
 * @param valueFor the value that a write gives an attribute, if it is known
 */
const refuseLongIndexKeys = ({ indexes }: TableKeyNames, valueFor: (name: string) => Value | undefined): void => {
  for (const [index, names] of Object.entries(indexes)) {
    for (const part of ['partitionKey', 'sortKey'] as const) {
      const name = names[part];
      const value = name === undefined ? undefined : valueFor(name);
      if (value === undefined || bytesOf(value) <= MAX_BYTES[part]) continue;
      const what = part === 'partitionKey' ? 'Size of hashkey' : 'Aggregated size of all range keys';
      throw invalid(
        `One or more parameter values were invalid: ${what} has exceeded the size limit of ${MAX_BYTES[part]} bytes IndexName: ${index}, IndexKey: ${name}`,
      );
    }
  }
};

const refusePut = ({ TableName, Item }: Input, keysOf: KeysOf): void => {
  const item = asRecord(Item) as Item;
  refuseLongIndexKeys(keysOf(String(TableName)), (name) => item[name]);
};

/** The attribute's name in an expression, e.g. `#state`, to its own. */
const nameIn = (names: unknown, written: string): string => String(asRecord(names)[written] ?? written);

/** The same for every name of a path, e.g. `#member.part`. */
const pathIn = (names: unknown, written: string): string => written.replaceAll(/#\w+/g, (name) => nameIn(names, name));

/** Clauses of an update expression by their keyword, which `#set` or `:add` are not. */
const clausesOf = (expression: string): Readonly<Record<string, string>> => {
  const parts = expression.split(/(?<![#:.\w])(SET|REMOVE|ADD|DELETE)\b/i).slice(1);
  return Object.fromEntries(
    parts.flatMap((part, at) => (at % 2 === 0 ? [[part.toUpperCase(), (parts[at + 1] ?? '').trim()]] : [])),
  );
};

/**
 * DynamoDB refuses to remove what is below a member that the item lacks. Whether it does is not known here: so the condition has to
 * require the member.
 */
const refuseRemovalBelowNothing = (paths: string, { ConditionExpression, ExpressionAttributeNames }: Input): void => {
  const condition = String(ConditionExpression ?? '');
  const required = [...condition.matchAll(/attribute_exists\s*\(\s*([^)\s]+)\s*\)/g)].map(([, each = '']) =>
    pathIn(ExpressionAttributeNames, each),
  );
  for (const written of paths.split(',').map((each) => each.trim())) {
    const path = pathIn(ExpressionAttributeNames, written);
    const parent = pathIn(ExpressionAttributeNames, written.replace(/(\.[^.[]+|\[\d+\])$/, ''));
    const isRequired = required.some((each) => each === parent || each === path || each.startsWith(`${parent}.`));
    if (parent !== path && !isRequired)
      throw invalid('The document path provided in the update expression is invalid for update');
  }
};

const refuseUpdate = (update: Input, keysOf: KeysOf): void => {
  const { TableName, UpdateExpression } = update;
  const { SET = '', REMOVE = '' } = clausesOf(String(UpdateExpression ?? ''));
  if (REMOVE !== '') refuseRemovalBelowNothing(REMOVE, update);
  const values = asRecord(update['ExpressionAttributeValues']) as Item;
  const set = new Map(
    // Attributes of the item: a member of one may have the name of a key.
    [...SET.matchAll(/(?<![.#\w])([#\w]+)\s*=\s*(:\w+)/g)].map(([, name = '', value = '']) => [
      nameIn(update['ExpressionAttributeNames'], name),
      values[value],
    ]),
  );
  refuseLongIndexKeys(keysOf(String(TableName)), (name) => set.get(name));
};

const refuseParts = (items: unknown, keysOf: KeysOf): void => {
  for (const { Put, Update } of Array.isArray(items) ? items.map(asRecord) : []) {
    if (Put !== undefined) refusePut(asRecord(Put), keysOf);
    if (Update !== undefined) refuseUpdate(asRecord(Update), keysOf);
  }
};

const refuseBatch = (requests: unknown, keysOf: KeysOf): void => {
  for (const [TableName, writes] of Object.entries(asRecord(requests))) {
    for (const { PutRequest } of Array.isArray(writes) ? writes.map(asRecord) : []) {
      if (PutRequest !== undefined) refusePut({ ...asRecord(PutRequest), TableName }, keysOf);
    }
  }
};

/** No text begins with another one and sorts after this: no character has a higher code point. */
const LAST_CHARACTER = '\u{10FFFF}';
const BEGINS_WITH = /begins_with\s*\(\s*([#\w]+)\s*,\s*(:\w+)\s*\)/i;
const PREFIX_END = ':endOfPrefix';

const refuseForeignCursor = (query: Input, keys: KeyNames, values: Item): void => {
  const start = asRecord(query['ExclusiveStartKey']) as Item;
  const condition = String(query['KeyConditionExpression'] ?? '');
  const names = query['ExpressionAttributeNames'];
  const isEqual = [...condition.matchAll(/([#\w]+)\s*=\s*(:\w+)/g)].every(
    ([, name = '', value = '']) =>
      JSON.stringify(start[nameIn(names, name)]) === JSON.stringify(values[value]) ||
      ![keys.partitionKey, keys.sortKey].includes(nameIn(names, name)),
  );
  if (!isEqual) {
    throw invalid('The provided starting key is outside query boundaries based on provided conditions');
  }
  const [, name = '', value = ''] = BEGINS_WITH.exec(condition) ?? [];
  const prefix = values[value]?.['S'];
  if (prefix !== undefined && !start[nameIn(names, name)]?.['S']?.startsWith(prefix))
    throw invalid('The provided starting key does not match the range key predicate');
};

/** The database compares prefixes of sort keys without case; ranges it compares by bytes. */
const withExactPrefix = (query: Input, values: Item): Input => {
  const condition = String(query['KeyConditionExpression'] ?? '');
  const [written = '', name = '', value = ''] = BEGINS_WITH.exec(condition) ?? [];
  const prefix = values[value]?.['S'];
  if (prefix === undefined) return query;
  return {
    ...query,
    KeyConditionExpression: condition.replace(written, `${name} BETWEEN ${value} AND ${PREFIX_END}`),
    ExpressionAttributeValues: { ...values, [PREFIX_END]: { S: `${prefix}${LAST_CHARACTER}` } },
  };
};

const strictQuery = (query: Input, keysOf: KeysOf): Input => {
  const values = asRecord(query['ExpressionAttributeValues']) as Item;
  if (query['ExclusiveStartKey'] !== undefined) {
    const table = keysOf(String(query['TableName']));
    const keys = query['IndexName'] === undefined ? table : table.indexes[String(query['IndexName'])];
    if (keys !== undefined) refuseForeignCursor(query, keys, values);
  }
  return withExactPrefix(query, values);
};

/** The calls that are read here; all others are passed on as they are. */
export const STRICT_OPERATIONS = ['BatchWriteItem', 'PutItem', 'Query', 'TransactWriteItems', 'UpdateItem'];

/**
 * Where the database is kinder than DynamoDB: refuses what DynamoDB refuses, and asks for what DynamoDB would answer.
 * @param operation one of `STRICT_OPERATIONS`
 * @returns the call to make
 * @throws AwsError `ValidationException`
 */
export const strictCall = (operation: string, input: Input, keysOf: KeysOf): Input => {
  if (operation === 'Query') return strictQuery(input, keysOf);
  if (operation === 'PutItem') refusePut(input, keysOf);
  if (operation === 'UpdateItem') refuseUpdate(input, keysOf);
  if (operation === 'BatchWriteItem') refuseBatch(input['RequestItems'], keysOf);
  if (operation === 'TransactWriteItems') refuseParts(input['TransactItems'], keysOf);
  return input;
};
