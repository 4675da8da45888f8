import { expect, test } from 'vitest';
import { FRONT_DOOR_SECRET_HEADER, VIEWER_ADDRESS_HEADER } from '../../contract/api/front-door.ts';
import { behindFrontDoor } from '../../lambdas/http/behind-front-door.ts';
import type { HttpAnswer, HttpHandler } from '../../lambdas/http/endpoint.ts';
import { eventOf } from '../support/login.ts';

const SECRET = 's'.repeat(48);

const doorway = (secrets = SECRET) => {
  const seen: string[] = [];
  const log: string[] = [];
  const answer: HttpAnswer = { statusCode: 200, body: 'in' };
  const inside: HttpHandler = async ({ requestContext }) => {
    seen.push(requestContext.http.sourceIp);
    return answer;
  };
  const handler = behindFrontDoor(
    secrets,
    (code, fields) => void log.push(`${code} ${JSON.stringify(fields)}`),
    inside,
  );
  const send = (headers: Record<string, string>) =>
    handler(eventOf('readSession', { headers, sourceIp: '198.51.100.1' }).event, {});
  return { send, seen, log };
};

test.each([
  ['none', {}],
  ['another', { [FRONT_DOOR_SECRET_HEADER]: `${SECRET}x` }],
  ['a part', { [FRONT_DOOR_SECRET_HEADER]: SECRET.slice(1) }],
  ['an empty one', { [FRONT_DOOR_SECRET_HEADER]: '' }],
])('with %s in place of the secret nothing runs, and the secret is not logged', async (_name, headers) => {
  const { send, seen, log } = doorway();
  expect(await send({ ...headers, [VIEWER_ADDRESS_HEADER]: '203.0.113.9' })).toMatchObject({ statusCode: 403 });
  expect(seen).toEqual([]);
  expect(log.join()).toBe('not-through-front-door {"route":"GET /api/session"}');
});

test('T13 while the secret is replaced the old and the new one are both valid, and no mixture', async () => {
  const { send } = doorway(`${SECRET},${'t'.repeat(48)}`);
  for (const [secret, statusCode] of [
    [SECRET, 200],
    ['t'.repeat(48), 200],
    [`${SECRET},${'t'.repeat(48)}`, 403],
    [',', 403],
    ['', 403],
  ] as const) {
    expect(await send({ [FRONT_DOOR_SECRET_HEADER]: secret })).toMatchObject({ statusCode });
  }
});

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['2001:db8::1', '2001:db8::1'],
  ['not an address', '198.51.100.1'],
  ['203.0.113.9, 198.51.100.7', '198.51.100.1'],
])('T76 the viewer’s address %j reaches the endpoint as %s', async (address, expected) => {
  const { send, seen, log } = doorway();
  const headers = { [FRONT_DOOR_SECRET_HEADER]: SECRET, [VIEWER_ADDRESS_HEADER]: address };
  expect(await send(headers)).toMatchObject({ statusCode: 200, body: 'in' });
  expect(seen).toEqual([expected]);
  expect(log.join()).toMatch(/^request \{"route":"GET \/api\/session","status":200,"durationMs":\d+\}$/);
});
