import type { BatchWriteCommandInput, DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';

/** A row that a command wrote: its key, or all of it. */
export interface WrittenRow {
  readonly table: string;
  readonly row: Readonly<Record<string, unknown>>;
}

const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems', 'BatchWriteItem'].map(
  (name) => `${name}Command`,
);

interface WriteInput {
  readonly TableName?: string | undefined;
  readonly Key?: WrittenRow['row'] | undefined;
  readonly Item?: WrittenRow['row'] | undefined;
  readonly TransactItems?: TransactWriteCommandInput['TransactItems'];
  readonly RequestItems?: BatchWriteCommandInput['RequestItems'];
}

const writtenBy = (input: WriteInput): readonly WrittenRow[] => {
  const { TableName, Key, Item, TransactItems, RequestItems = {} } = input;
  if (TransactItems !== undefined)
    return TransactItems.flatMap((item) => Object.values(item).flatMap((part) => writtenBy(part ?? {})));
  if (TableName !== undefined) return [{ table: TableName, row: Key ?? Item ?? {} }];
  return Object.entries(RequestItems).flatMap(([table, items]) =>
    items.map(({ PutRequest, DeleteRequest }) => ({ table, row: PutRequest?.Item ?? DeleteRequest?.Key ?? {} })),
  );
};

/**
 * Calls `look` for every row of these tables that the client has written, before its caller continues and before another of them is
 * written, so that no state between two parallel writes is missed.
 */
export const observeWrites = (
  documents: DynamoDBDocumentClient,
  tables: readonly string[],
  look: (written: WrittenRow) => Promise<void>,
): void => {
  let last: Promise<unknown> = Promise.resolve();
  documents.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const written = WRITES.includes(commandName) ? writtenBy(args.input as WriteInput) : [];
        const watched = written.filter(({ table }) => tables.includes(table));
        if (watched.length === 0) return next(args);
        const turn = last.then(async () => {
          const answer = await next(args);
          for (const each of watched) await look(each);
          return answer;
        });
        last = turn.catch(() => {});
        return turn;
      },
    { step: 'initialize', name: 'observeWrites' },
  );
};
