import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-wire/aws-error.ts';
import { escapeXml } from '../aws-wire/escape-xml.ts';
import type { Answer, Call, Service } from './call.ts';

/** A document: text, a list of elements of the same name, or members. */
export type Xml = string | number | boolean | readonly Xml[] | { readonly [name: string]: Xml | undefined };

/** An element. A list becomes one element for each of its members. */
const element = (name: string, value: Xml | undefined): string => {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((one: Xml) => element(name, one)).join('');
  if (typeof value !== 'object') return `<${name}>${escapeXml(String(value))}</${name}>`;
  const members = Object.entries(value).map(([member, inner]) => element(member, inner));
  return `<${name}>${members.join('')}</${name}>`;
};

const xmlAnswer = (status: number, xml: string): Answer => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: `<?xml version="1.0"?>${xml}`,
});
const jsonAnswer = (status: number, value: object, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1', ...headers },
  body: JSON.stringify(value),
});
const unknown = (name: string): AwsError => new AwsError('UnknownOperationException', `${name} is not known here`);

type JsonInput = Readonly<Record<string, unknown>>;

/** AWS JSON 1.0 and 1.1. @param operations by the name in `X-Amz-Target`, with the IAM action of that name */
export const jsonService = (
  iamPrefix: string,
  operations: Readonly<Record<string, (input: JsonInput, call: Call) => object>>,
): Service => ({
  answer: (call) => {
    const operation = Object.hasOwn(operations, call.operation) ? operations[call.operation] : undefined;
    if (operation === undefined) throw unknown(call.operation);
    call.allow(`${iamPrefix}:${call.operation}`);
    return jsonAnswer(200, operation(JSON.parse(call.body.toString('utf8') || '{}') as JsonInput, call));
  },
  refuse: (code, message, status) => jsonAnswer(status === 403 ? 400 : status, { __type: code, message }),
});

const queryError = (code: string, message: string) =>
  element('ErrorResponse', { Error: { Type: 'Sender', Code: code, Message: message }, RequestId: randomUUID() });

/** AWS Query: a form in, XML out. */
export const queryService = (
  iamPrefix: string,
  operations: Readonly<Record<string, (form: URLSearchParams, call: Call) => Xml>>,
): Service => ({
  answer: (call) => {
    const form = new URLSearchParams(call.body.toString('utf8'));
    const action = form.get('Action') ?? '';
    const operation = Object.hasOwn(operations, action) ? operations[action] : undefined;
    if (operation === undefined) throw unknown(action);
    call.allow(`${iamPrefix}:${action}`);
    const result = { [`${action}Result`]: operation(form, call), ResponseMetadata: { RequestId: randomUUID() } };
    return xmlAnswer(200, element(`${action}Response`, result));
  },
  refuse: (code, message, status) => xmlAnswer(status, queryError(code, message)),
});

/** A REST operation: a method, a path or a query parameter, and what it needs. */
interface Route<Result> {
  readonly path: RegExp;
  /** A parameter that must be in the query, such as `versioning`. */
  readonly query?: string;
  readonly iamAction: string;
  /** @param name the first group of the path */
  readonly run: (name: string, call: Call) => Result;
}

const matchRoute = <Result>(routes: readonly Route<Result>[], call: Call) => {
  const found = routes.find(
    ({ path, query }) => path.test(call.path) && (query === undefined || call.query.has(query)),
  );
  if (found === undefined || call.method !== 'GET') throw unknown(`${call.method} ${call.path}`);
  call.allow(found.iamAction);
  return found.run(found.path.exec(call.path)?.[1] ?? '', call);
};

/** REST JSON. */
export const restJsonService = (routes: readonly Route<object>[]): Service => ({
  answer: (call) => jsonAnswer(200, matchRoute(routes, call)),
  refuse: (code, message, status) => jsonAnswer(status, { message }, { 'x-amzn-errortype': code }),
});

/** REST XML. @param wrapsErrors as CloudFront does, and S3 does not */
export const restXmlService = (
  routes: readonly Route<{ readonly name: string; readonly value: Xml }>[],
  wrapsErrors: boolean,
): Service => ({
  answer: (call) => {
    const { name, value } = matchRoute(routes, call);
    return xmlAnswer(200, element(name, value));
  },
  refuse: (code, message, status) =>
    xmlAnswer(status, wrapsErrors ? queryError(code, message) : element('Error', { Code: code, Message: message })),
});
