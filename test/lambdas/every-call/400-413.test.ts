import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { MAX_BODY_BYTES } from '../../../contract/api/body-limits.ts';
import { CAPTURE_ROUTES } from '../../../contract/api/routes.ts';
import { SESSION_HANDLE_HEADER } from '../../../contract/api/session-handle.ts';
import { EVERY_BODY } from '../../support/every-answer.ts';
import { problemOf } from '../../support/inspect.ts';
import { type Browser, call, eventOf, openLogin } from '../../support/login.ts';
import { type PageCallName, UNSAFE_CALLS } from '../../support/page-calls.ts';
import { createWorld, PUBLIC_ORIGIN, type World } from '../../support/world.ts';

let world: World;
let browser: Browser;
beforeAll(async () => {
  world = await createWorld();
  browser = await openLogin(world, await world.newIntegration(), world.newExternalId());
});
afterAll(() => world.close());

const send = (name: PageCallName, body: string, contentType = 'application/json') =>
  call(world.handlers, name, {
    cookies: browser.cookies,
    headers: { [SESSION_HANDLE_HEADER]: browser.handle, origin: PUBLIC_ORIGIN, 'content-type': contentType },
    body,
  });

const IMAGE = Buffer.from('ffd8ffe000104a464946', 'hex').toString('base64');
const DEEP = `${'['.repeat(4000)}${']'.repeat(4000)}`;

describe.each(UNSAFE_CALLS)('$name', ({ name, body }) => {
  test.each([
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '7',
    'NaN',
    DEEP,
    `${JSON.stringify(body)}x`,
    '{"__proto__":{"attempt":1}}',
  ])('refuses a body that is not such an object (%#)', async (text) => {
    expect(problemOf(await send(name, text)).code).toBe('invalid-request');
  });
  test('T35 refuses images under every name, as multipart, as base64 and as bytes', async () => {
    for (const member of [
      'image',
      'images',
      'selfie',
      'frames',
      'video',
      'referenceImage',
      'livenessSessionId',
      'sessionId',
    ]) {
      expect(problemOf(await send(name, JSON.stringify({ ...body, [member]: IMAGE }))).code, member).toBe(
        'invalid-request',
      );
    }
    const multipart = `--x\r\nContent-Disposition: form-data; name="image"\r\n\r\n${IMAGE}\r\n--x--`;
    for (const type of [
      'multipart/form-data; boundary=x',
      'image/jpeg',
      'application/octet-stream',
      'text/plain',
      '',
    ]) {
      expect(problemOf(await send(name, multipart, type)).code, type).toBe('invalid-request');
      expect(problemOf(await send(name, JSON.stringify(body), type)).code, type).toBe('invalid-request');
    }
  });
  test('refuses every wrong type of every member', async () => {
    for (const member of Object.keys(body ?? {})) {
      for (const value of [null, '', 'x'.repeat(1000), 0, 11, -1, 1.5, '1', [], {}, [1], true]) {
        const answer = await send(name, JSON.stringify({ ...body, [member]: value }));
        expect(problemOf(answer).code, `${member}: ${value}`).toBe('invalid-request');
      }
    }
  });
  test('T60 refuses a body over the limit before it is parsed, as plain text and as base64', async () => {
    const tooLarge = JSON.stringify({ ...body, padding: 'x'.repeat(MAX_BODY_BYTES) });
    expect(problemOf(await send(name, tooLarge))).toMatchObject({ status: 413, code: 'body-too-large' });
    // Counted in bytes, not in characters.
    expect(problemOf(await send(name, `"${'€'.repeat(MAX_BODY_BYTES / 2)}"`)).status).toBe(413);
    const { lambda, event } = eventOf(name, {
      cookies: browser.cookies,
      headers: { [SESSION_HANDLE_HEADER]: browser.handle, origin: PUBLIC_ORIGIN, 'content-type': 'application/json' },
      body: Buffer.from(tooLarge).toString('base64'),
    });
    expect(problemOf(await world.handlers[lambda]({ ...event, isBase64Encoded: true }, {})).status).toBe(413);
  });
  test('the refusal quotes nothing of the request', async () => {
    const answer = await send(name, JSON.stringify({ ...body, 'secret-member': 'secret-value' }));
    expect(answer.body).not.toContain('secret');
  });
});

test('a body just below the limit is read', async () => {
  const padded = `${' '.repeat(MAX_BODY_BYTES - 13)}{"attempt":1}`;
  expect(problemOf(await send('completeEnroll', padded)).code).toBe('no-attempt');
});

test('T35 no request schema has a place for an image, a score or a liveness id', () => {
  const requests = CAPTURE_ROUTES.flatMap((route) => ('body' in route ? [route.body] : []));
  expect(requests).toHaveLength(UNSAFE_CALLS.length);
  const names = requests.flatMap((schema) => [...JSON.stringify(z.toJSONSchema(schema)).matchAll(/"(\w+)":\{/g)]);
  const members = [...new Set(names.map(([, name]) => name))].filter((name) => name !== 'properties').sort();
  expect(members).toEqual(['attempt', 'code', 'consent', 'locale', 'reason', 'transport', 'version']);
});

test('T68 every request schema refuses members that it does not name', () => {
  for (const [name, schema] of EVERY_BODY) {
    expect(z.toJSONSchema(schema, { io: 'input' }).additionalProperties, name).toBe(false);
  }
});
