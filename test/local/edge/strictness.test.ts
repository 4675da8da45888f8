import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { VIEWER_ADDRESS_HEADER } from '../../../contract/api/front-door.ts';
import { rawExchange } from '../../support/raw-exchange.ts';
import { createEdgeWorld, type EdgeWorld, HOST } from './edge-world.ts';

let edge: EdgeWorld;
beforeAll(async () => {
  edge = await createEdgeWorld();
});
afterAll(() => edge.close());

describe('pages', () => {
  test.each([
    ['/portal', '/portal/'],
    ['/capture', '/capture/'],
    ['/portal?x=1', '/portal/'],
  ])('%s leads to %s, whose headers are those of the page', async (target, location) => {
    expect(await edge.ask('GET', target)).toMatchObject({ status: 301, headers: { location } });
    const { headers, body } = await edge.ask('GET', location);
    expect(`/${headers['x-page']}/`).toBe(location);
    expect(body).toContain(headers['x-page']);
  });

  test.each([
    ['/portal/users/7', 200, 'portal'],
    ['/capture/deep/link', 200, 'capture'],
    ['/portal/assets/a.js', 200, 'portal'],
    ['/portal/config.json', 200, 'portal'],
    // Refused by the bucket, under the headers of the page.
    ['/portal/assets/gone.js', 403, 'portal'],
    ['/portal/assets/%00.js', 403, 'portal'],
  ])('%s is answered %i with the headers of its page', async (target, status, page) => {
    expect(await edge.ask('GET', target)).toMatchObject({ status, headers: { 'x-page': page } });
  });

  test('the root leads to the portal', async () => {
    expect(await edge.ask('GET', '/')).toMatchObject({ status: 302, headers: { location: '/portal/' } });
  });

  test.each([
    '/elsewhere',
    '/favicon.ico',
    '/portal/robots.txt',
    '/portal/%00.js',
    '/capture/config.js',
    '/portals',
    '/portal/../capture/',
    '/portal/%2e%2e/capture/',
    '/portal/%2E./capture/assets/a.js',
    '/capture/./index.html',
    '//portal/',
    '/portal//assets/a.js',
    '/portal/assets\\a.js',
    '/portal/assets%5ca.js',
    '/portal/assets%2fa.js',
    '/%70ortal/',
    '/api/../portal/',
  ])('%s is not found, and a page says so', async (target) => {
    const { status, headers, body } = await edge.ask('GET', target);
    expect([status, body]).toEqual([404, expect.stringMatching(/^<!doctype html>.*There is nothing at this address/s)]);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' });
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('%s is refused', async (method) => {
    for (const target of ['/portal/', '/capture/assets/a.js', '/portal', '/'])
      expect((await edge.ask(method, target)).status).toBe(403);
  });

  test.each(['/portal/', '/api/session'])('a GET of %s with a body is refused', async (target) => {
    expect((await edge.ask('GET', target, { body: '{}' })).status).toBe(403);
    const chunked = [`GET ${target} HTTP/1.1`, `host: ${HOST}`, 'transfer-encoding: chunked'];
    expect((await rawExchange(edge.url, chunked, '0\r\n\r\n')).status).toBe(403);
  });
});

describe('the API', () => {
  test('an escaped slash separates, and an escaped question mark ends the path', async () => {
    expect((await edge.ask('GET', '/s/return/a%2Fb')).status).toBe(404);
    expect((await edge.ask('GET', '/s%2Freturn%2Fabc')).status).toBe(404);
    expect((await edge.ask('GET', '/s/return%2Fabc')).body).toBe('GET /s/return/{handle}');
    expect((await edge.ask('GET', '/api/v1/integrations/int%20a%3Fx/user')).status).toBe(404);
    await edge.ask('GET', '/s/int%20a%3Fx?state=%2F');
    expect(edge.events.at(-1)).toMatchObject({
      rawPath: '/s/int a',
      rawQueryString: 'state=%2F',
      pathParameters: { integrationId: 'int a' },
      queryStringParameters: { state: '/' },
    });
  });

  test.each(['/s/..', '/s/%2e%2e', '/s/.', '/api/x/../session', '/api//session', '/api\\session', '/api/session/'])(
    'no route matches %s',
    async (target) => {
      expect((await edge.ask('GET', target)).status).toBe(404);
    },
  );

  test('HEAD does not match GET, and OPTIONS is not answered', async () => {
    expect((await edge.ask('HEAD', '/api/session')).status).toBe(404);
    expect((await edge.ask('OPTIONS', '/api/session')).status).toBe(404);
  });

  test('a head above 10,240 bytes and an address above 8,192 are refused, and below they arrive', async () => {
    const ask = (bytes: number) => edge.ask('GET', '/api/session', { headers: { cookie: 'a'.repeat(bytes) } });
    expect((await ask(9_000)).status).toBe(200);
    expect((await ask(10_240)).status).toBe(431);
    expect((await edge.ask('GET', `/s/i?state=${'a'.repeat(8_000)}`)).status).toBe(200);
    expect((await edge.ask('GET', `/s/i?state=${'a'.repeat(8_192)}`)).status).toBe(414);
  });

  test.each([
    ['application/json', false],
    ['application/json; charset=utf-8', false],
    ['text/plain', false],
    ['application/x-www-form-urlencoded', true],
    ['application/problem+json', true],
    ['multipart/form-data; boundary=x', true],
    [undefined, true],
  ])('a body of type %s arrives in base64: %s', async (type, isBase64Encoded) => {
    const headers = type === undefined ? {} : { 'content-type': type };
    await edge.ask('POST', '/s/device', { headers, body: 'link=a&x=1' });
    const body = Buffer.from('link=a&x=1');
    expect(edge.events.at(-1)).toMatchObject({
      isBase64Encoded,
      body: body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    });
  });

  test('T76 the API sees the distribution: its own name in place of the host, and the viewer’s address only in a header', async () => {
    await edge.ask('GET', '/api/session', { headers: { [VIEWER_ADDRESS_HEADER]: '198.51.100.1' } });
    const { headers, requestContext } = edge.events.at(-1) ?? {};
    expect(headers).toMatchObject({ host: 'local.execute-api.localhost', [VIEWER_ADDRESS_HEADER]: '127.0.0.1' });
    expect(requestContext?.domainName).not.toBe(HOST);
    expect(requestContext?.http.sourceIp).not.toBe('127.0.0.1');
  });
});

test('a function that fails is answered 500 with the gateway’s text, and a header that cannot be sent does not end the process', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue();
  const failing = await createEdgeWorld({
    answer: ({ rawPath }) => {
      if (rawPath === '/api/session') throw new Error('as tests do');
      return { statusCode: 200, headers: { 'x-broken': 'a\nb' } };
    },
  });
  try {
    expect(await failing.ask('GET', '/api/session')).toMatchObject({
      status: 500,
      body: '{"message":"Internal Server Error"}',
    });
    expect((await failing.ask('GET', '/s/i')).status).toBe(500);
    expect((await failing.ask('GET', '/portal/')).status).toBe(200);
    expect(said).toHaveBeenCalledTimes(2);
  } finally {
    await failing.close();
  }
});

test('T60 a client that sends the head of a request too slowly is cut off in time', async () => {
  const hasty = await createEdgeWorld({ headersTimeoutMs: 100 });
  try {
    const socket = connect(Number(new URL(hasty.url).port), '127.0.0.1');
    socket.write(`GET /portal/ HTTP/1.1\r\nhost: ${HOST}\r\n`);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    await once(socket, 'close');
    expect(text).toContain('408');
    expect((await rawExchange(hasty.url, ['GET /portal/ HTTP/1.1', `host: ${HOST}`])).status).toBe(200);
  } finally {
    await hasty.close();
  }
});
