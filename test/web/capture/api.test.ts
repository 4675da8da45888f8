import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CallError, sessionApi } from '../../../web/capture/api.ts';
import { serverClock } from '../../../web/capture/server-clock.ts';
import { STARTED, VIEW } from '../../support/session-view.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

let server: Server;
let answers: Answer[];
let requests: { path: string | undefined; headers: IncomingMessage['headers']; body: string }[];

beforeEach(async () => {
  [answers, requests] = [[], []];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      requests.push({ path: request.url, headers: request.headers, body });
      answers.shift()?.(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const real = globalThis.fetch;
  // Node has no page to resolve a relative URL against.
  vi.stubGlobal('fetch', (path: string, options: RequestInit) =>
    real(new URL(path, `http://127.0.0.1:${port}`), options),
  );
});
afterEach(async () => {
  vi.unstubAllGlobals();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const json =
  (status: number, body: unknown): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
const hangUp: Answer = (request) => request.socket.destroy();

const failureOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CallError)) throw new Error(`no CallError: ${error}`);
  return { failure: error.failure, supportId: error.supportId };
};

const api = sessionApi('AAAAAAAAAAAAAAAA');

test('the gateway’s own refusal above a rate limit can be retried', async () => {
  answers = [json(429, { message: 'Too Many Requests' })];
  expect(await failureOf(api.readSession())).toEqual({ failure: 'unavailable', supportId: null });
});

test('identifies the session by its handle and accepts no cached answer', async () => {
  answers = [json(200, VIEW)];
  expect(await api.readSession()).toEqual(VIEW);
  expect(requests[0]).toMatchObject({ path: '/api/session', body: '' });
  expect(requests[0]?.headers).toMatchObject({ 'x-verified-session': 'AAAAAAAAAAAAAAAA', 'cache-control': 'no-cache' });
});

test('sends consent only if there is one, and nothing else', async () => {
  answers = [json(200, STARTED), json(200, STARTED)];
  await api.startLiveness('enroll', { version: '1', locale: 'en' });
  await api.startLiveness('verify', null);
  expect(requests.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
    ['/api/enroll/liveness', { consent: { version: '1', locale: 'en' } }],
    ['/api/verify/liveness', {}],
  ]);
});

test('a problem document becomes its code and support id', async () => {
  const problem = { type: 'x', title: 'x', status: 409, code: 'session-finished', supportId: 'ABCD-EFGH' };
  answers = [json(409, problem)];
  expect(await failureOf(api.readSession())).toEqual({ failure: 'session-finished', supportId: 'ABCD-EFGH' });
});

test.each([
  ['a proxy’s page instead of a problem', 502, '<html>Bad Gateway</html>'],
  ['a problem with an unknown code', 409, JSON.stringify({ code: 'from-tomorrow' })],
  ['an answer of another form', 200, '{"state":"started"}'],
  ['a truncated answer', 200, '{"state":'],
])('%s is an internal error, and none of it is shown', async (_name, status, body) => {
  answers = [(_request, response) => void response.writeHead(status).end(body)];
  expect(await failureOf(api.readSession())).toEqual({ failure: 'internal-error', supportId: null });
});

test('a lost network is offline', async () => {
  answers = [hangUp];
  expect(await failureOf(api.readSession())).toEqual({ failure: 'offline', supportId: null });
});

test('T51 complete is repeated once after a network failure, so that no judgement is lost', async () => {
  const done = { state: 'finished', outcome: 'verified', attemptsLeft: 2, hints: [] };
  answers = [hangUp, json(200, done)];
  expect(await api.complete('verify', 1)).toEqual(done);
  expect(requests.map(({ path }) => path)).toEqual(['/api/verify/complete', '/api/verify/complete']);
  answers = [hangUp, hangUp];
  expect(await failureOf(api.complete('verify', 1))).toEqual({ failure: 'offline', supportId: null });
});

test('an unanswered call times out', async () => {
  answers = [() => {}];
  expect(await failureOf(api.readSession(undefined, 50))).toEqual({ failure: 'offline', supportId: null });
});

test('an interrupted answer is a network failure, and complete is repeated', async () => {
  const done = { state: 'finished', outcome: 'verified', attemptsLeft: 2, hints: [] };
  const cut: Answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
    response.write('{"state":', () => response.destroy());
  };
  answers = [cut, json(200, done)];
  expect(await api.complete('verify', 1)).toEqual(done);
});

test('leaving a state aborts its call without a retry', async () => {
  const leaving = new AbortController();
  const arrived = new Promise<IncomingMessage>((resolve) => {
    answers = [(request) => resolve(request)];
  });
  const call = failureOf(api.complete('verify', 1, leaving.signal));
  const closed = new Promise<void>((resolve) => void arrived.then((request) => request.socket.on('close', resolve)));
  await arrived;
  leaving.abort();
  expect(await call).toMatchObject({ failure: 'offline' });
  await closed;
  expect(requests).toHaveLength(1);
});

test('releasing an attempt is repeated until it arrives; the service’s answer is final', async () => {
  const taken: Answer = (_request, response) => void response.writeHead(204).end();
  answers = [hangUp, taken];
  await api.release(2);
  expect(requests.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
    ['/api/session/release', { attempt: 2 }],
    ['/api/session/release', { attempt: 2 }],
  ]);
  const problem = { type: 'x', title: 'x', status: 409, code: 'attempt-superseded', supportId: 'ABCD-EFGH' };
  answers = [json(409, problem)];
  await api.release(2);
  expect(requests).toHaveLength(3);
});

test('every answer updates the server’s time', async () => {
  answers = [
    (_request, response) =>
      void response
        .writeHead(200, { 'content-type': 'application/json', date: 'Thu, 01 Jan 2032 00:00:00 GMT' })
        .end(JSON.stringify(VIEW)),
  ];
  await api.readSession();
  expect(serverClock.nowSeconds()).toBeGreaterThanOrEqual(Date.UTC(2032, 0) / 1000);
  expect(serverClock.nowSeconds()).toBeLessThan(Date.UTC(2032, 0) / 1000 + 60);
});

test('a judged failure of complete is not repeated', async () => {
  const problem = { type: 'x', title: 'x', status: 503, code: 'unavailable', supportId: 'ABCD-EFGH' };
  answers = [json(503, problem)];
  expect(await failureOf(api.complete('verify', 1))).toMatchObject({ failure: 'unavailable' });
  expect(requests).toHaveLength(1);
});
