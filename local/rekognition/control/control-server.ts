import { createServer, type IncomingMessage } from 'node:http';
import { readBody } from '../../aws-wire/aws-json-server.ts';
import { listen, type RunningPart } from '../../aws-wire/listen.ts';
import { ControlRule, type ControlRules } from './control-rules.ts';

interface Answer {
  readonly status: number;
  readonly body?: object;
}

const MAX_RULE_BYTES = 512 * 1024;
const LOOPBACK = /^(127\.0\.0\.1|localhost)(:\d+)?$/;

/**
 * Only for programs on this machine: a page in a browser sends an Origin header, or cannot send JSON without a preflight, and a
 * foreign name that points here appears in Host.
 */
const isFromPage = ({ headers }: IncomingMessage): boolean =>
  headers.origin !== undefined || headers['sec-fetch-site'] !== undefined || !LOOPBACK.test(headers.host ?? '');

const addRule = async (rules: ControlRules, request: IncomingMessage): Promise<Answer> => {
  if (request.headers['content-type'] !== 'application/json') return { status: 415 };
  const text = (await readBody(request, MAX_RULE_BYTES)).toString('utf8');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { status: 400, body: { error: 'The body is not JSON.' } };
  }
  const rule = ControlRule.safeParse(body);
  if (!rule.success) {
    const { path, message } = rule.error.issues[0] ?? { path: [], message: 'invalid' };
    return { status: 400, body: { error: `${path.join('.')}: ${message}` } };
  }
  rules.add(rule.data);
  return { status: 201, body: rule.data };
};

const answer = async (rules: ControlRules, request: IncomingMessage): Promise<Answer> => {
  if (isFromPage(request)) return { status: 403 };
  if (request.url !== '/rules') return { status: 404 };
  if (request.method === 'POST') return addRule(rules, request);
  if (request.method === 'GET') return { status: 200, body: { rules: rules.list() } };
  if (request.method !== 'DELETE') return { status: 405 };
  rules.clear();
  return { status: 204 };
};

/**
 * The control endpoint for tests, on a separate port: `POST /rules` adds a rule, `GET /rules` lists them, `DELETE /rules` clears them.
 * Loopback only, and not for pages in browsers.
 * @param port 0 for any free one
 * @throws StartError if the port is taken
 */
export const startControl = (rules: ControlRules, port: number): Promise<RunningPart> => {
  const server = createServer((request, response) => {
    answer(rules, request)
      .catch((error: Error): Answer => ({ status: 413, body: { error: error.message } }))
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      });
  });
  return listen(server, port, 'the control endpoint', 'another port');
};
