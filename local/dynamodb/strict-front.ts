import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { asAwsError } from '../aws-wire/aws-error.ts';
import { readBody } from '../aws-wire/aws-json-server.ts';
import { listen, type RunningPart } from '../aws-wire/listen.ts';
import { type KeyNames, type KeysOf, STRICT_OPERATIONS, strictCall, type TableKeyNames } from './strict-call.ts';

/** DynamoDB's API reference: 16 MB for a batch. */
const MAX_BODY_BYTES = 17 * 1024 * 1024;
const TARGET = 'DynamoDB_20120810.';
/** They change which keys a table has. */
const CHANGES_KEYS = ['CreateTable', 'UpdateTable', 'DeleteTable'];

type KeySchema = readonly { readonly AttributeName: string; readonly KeyType: string }[];

const keyNames = (schema: KeySchema): KeyNames => ({
  partitionKey: schema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '',
  sortKey: schema.find(({ KeyType }) => KeyType === 'RANGE')?.AttributeName,
});

interface Description {
  readonly Table?: {
    readonly KeySchema: KeySchema;
    readonly GlobalSecondaryIndexes?: readonly { readonly IndexName: string; readonly KeySchema: KeySchema }[];
  };
}

const tableKeys = ({ Table }: Description): TableKeyNames => ({
  ...keyNames(Table?.KeySchema ?? []),
  indexes: Object.fromEntries(
    (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName, KeySchema }) => [IndexName, keyNames(KeySchema)]),
  ),
});

const tablesOf = (input: Record<string, unknown>): readonly string[] => {
  if (typeof input['TableName'] === 'string') return [input['TableName']];
  if (typeof input['RequestItems'] === 'object' && input['RequestItems'] !== null)
    return Object.keys(input['RequestItems']);
  const parts = Array.isArray(input['TransactItems']) ? input['TransactItems'] : [];
  return parts.flatMap((part) => Object.values(part ?? {}).flatMap((each) => tablesOf(Object(each))));
};

const parse = (body: Buffer): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    // The database says what is wrong with it.
    return null;
  }
};

class StrictFront {
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #keys = new Map<string, TableKeyNames>();

  constructor(url: string) {
    this.#url = url;
  }

  /** @throws what keeps the database from answering */
  #ask(incoming: IncomingMessage, body: Buffer | string, operation?: string): Promise<IncomingMessage> {
    const headers: Record<string, unknown> = { ...incoming.headers, 'content-length': Buffer.byteLength(body) };
    if (operation !== undefined) headers['x-amz-target'] = `${TARGET}${operation}`;
    return new Promise((resolve, reject) => {
      const asked = httpRequest(`${this.#url}${incoming.url}`, {
        agent: this.#agent,
        method: incoming.method ?? 'GET',
        headers: headers as Record<string, string>,
      });
      asked.on('error', reject).once('response', resolve).end(body);
    });
  }

  async #learnKeys(incoming: IncomingMessage, tables: readonly string[]): Promise<void> {
    for (const TableName of new Set(tables)) {
      if (this.#keys.has(TableName)) continue;
      const described = await text(await this.#ask(incoming, JSON.stringify({ TableName }), 'DescribeTable'));
      const description: Description = JSON.parse(described);
      // A table that is not there yet may come with other keys.
      if (description.Table !== undefined) this.#keys.set(TableName, tableKeys(description));
    }
  }

  async #strict(incoming: IncomingMessage, operation: string, body: Buffer): Promise<Buffer | string> {
    const input = STRICT_OPERATIONS.includes(operation) ? parse(body) : null;
    if (input === null) return body;
    await this.#learnKeys(incoming, tablesOf(input));
    const keysOf: KeysOf = (table) => this.#keys.get(table) ?? tableKeys({});
    const call = strictCall(operation, input, keysOf);
    return call === input ? body : JSON.stringify(call);
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = String(incoming.headers['x-amz-target'] ?? '');
    const operation = target.startsWith(TARGET) ? target.slice(TARGET.length) : '';
    const body = await readBody(incoming, MAX_BODY_BYTES);
    const asked = await this.#strict(incoming, operation, body);
    const answer = await this.#ask(incoming, asked);
    if (CHANGES_KEYS.includes(operation)) this.#keys.clear();
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    // Ends both if either breaks: an answer that nobody reads would hold its connection to the database.
    await pipeline(answer, response);
  }

  /** An answer in any case, or an ended connection where the database is not there. */
  handle(incoming: IncomingMessage, response: ServerResponse): void {
    this.#answer(incoming, response).catch((error: NodeJS.ErrnoException) => {
      if (response.headersSent || ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(error.code ?? '')) {
        response.destroy();
        return;
      }
      const { code, message, status } = asAwsError(error, 'DynamoDB');
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message }));
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/**
 * In front of the database, where it is kinder than DynamoDB (strict-call.ts).
 * @param url the database
 * @param port 0 for any free one
 * @throws StartError if the port is taken
 */
export const startStrictFront = async (url: string, port: number): Promise<RunningPart> => {
  const front = new StrictFront(url);
  const server = createServer((incoming, response) => front.handle(incoming, response));
  const part = await listen(server, port, 'DynamoDB');
  return {
    url: part.url,
    close: async () => {
      await part.close();
      front.close();
    },
  };
};
