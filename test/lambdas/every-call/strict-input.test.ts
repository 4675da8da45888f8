import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXTERNAL_ID_MAX_LENGTH } from '../../../contract/api/external-id.ts';
import { epochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Operator } from '../../../lambdas/core/accounts/operator.ts';
import { readStatistics, type StatisticsPorts } from '../../../lambdas/core/logins/read-statistics.ts';
import { rowsOf } from '../../support/inspect.ts';
import { openLogin } from '../../support/login.ts';
import { createPortal, type Portal, withIntegration } from '../portal/portal-world.ts';
import { wireCallsOf } from '../portal/wire-calls.ts';

let portal: Portal;
let own: Awaited<ReturnType<typeof withIntegration>>;
let calls: ReturnType<typeof wireCallsOf>;
beforeAll(async () => {
  portal = await createPortal();
  own = await withIntegration(portal, 'olivia');
  calls = wireCallsOf(portal, 'olivia', own.path);
});
afterAll(() => portal.world.close());

const usersOf = async () =>
  (await rowsOf(portal.world, 'USER_TABLE', own.integrationId)).map(({ externalId }) => externalId);

describe('T69 text that is not UTF-8 names no user', () => {
  const invitation = (externalId: string) => JSON.stringify({ integrationId: own.integrationId, externalId });

  test('Latin-1 in a body is refused, and nobody is invited', async () => {
    const { status, body } = await calls.post('portalInviteUser', Buffer.from(invitation('auth0|Müller'), 'latin1'));
    expect([status, body.code]).toEqual([400, 'invalid-request']);
    expect(await usersOf()).toEqual([]);
  });
  test('the same name in UTF-8 is the user’s, in a body and in a query', async () => {
    expect((await calls.post('portalInviteUser', Buffer.from(invitation('auth0|Müller')))).body.externalId).toBe(
      'auth0|Müller',
    );
    const query = new URLSearchParams({ integrationId: own.integrationId, externalId: 'auth0|Müller' });
    expect((await calls.get('portalUser', query.toString())).body.externalId).toBe('auth0|Müller');
  });
  test('Latin-1 in a query is refused', async () => {
    const query = `integrationId=${own.integrationId}&externalId=auth0%7CM%FCller`;
    expect((await calls.get('portalUser', query)).status).toBe(400);
  });
  test('a user whose name contains U+FFFD is found by the escape and by the query', async () => {
    const escaped = Buffer.from(invitation('auth0|x\ufffd').replace('\ufffd', '\\ufffd'));
    expect((await calls.post('portalInviteUser', escaped)).body.externalId).toBe('auth0|x\ufffd');
    const query = new URLSearchParams({ integrationId: own.integrationId, externalId: 'auth0|x\ufffd' });
    expect((await calls.get('portalUser', query.toString())).status).toBe(200);
  });
  test.each(['utf-16', 'iso-8859-1', '"utf-16le"'])('a body that says it is %s is refused', async (charset) => {
    const body = Buffer.from(invitation('auth0|someone'));
    expect((await calls.post('portalInviteUser', body, `application/json; charset=${charset}`)).status).toBe(400);
  });
  test.each(['utf-8', 'UTF-8', '"utf-8"'])('a body that says it is %s is read', async (charset) => {
    const body = Buffer.from(invitation('auth0|someone'));
    expect((await calls.post('portalInviteUser', body, `application/json;charset=${charset}`)).status).toBe(200);
  });
});

describe('T60 forms arrive in base64', () => {
  const form = (body: Buffer | string) =>
    calls.send('openHandoff', { body: Buffer.from(body) }, 'application/x-www-form-urlencoded');
  test('and are read', async () => {
    const { world } = portal;
    await world.change(own.integrationId, { phoneHandoff: true });
    const login = await openLogin(world, own, world.newExternalId());
    const { link } = JSON.parse((await login.send('offerHandoff', { transport: 'qr' })).body ?? '');
    const token = String(link).slice(link.lastIndexOf('/') + 1);
    const { status, answer } = await form(new URLSearchParams({ link: token, answer: 'report' }).toString());
    expect([status, answer.headers?.['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  });
  test.each([
    ['bytes that are not UTF-8', Buffer.from('link=\xfc&answer=report', 'latin1')],
    ['an escape that is not UTF-8', 'link=%fc&answer=report'],
    ['no escape', 'link=%&answer=report'],
    ['two answers', 'link=x&answer=report&answer=continue'],
    ['no answer', 'link=x'],
  ])('%s: a page says that the link does not work', async (_, body) => {
    const { status, answer } = await form(body);
    expect([status, answer.headers?.['content-type']]).toEqual([400, 'text/html; charset=utf-8']);
  });
});

describe('a list', () => {
  test.each([
    ['portalTransactions', 'from=0999999999'],
    ['portalTransactions', 'to=0000000000'],
    ['portalStatistics', 'from=0999999999'],
    ['portalAudit', 'from=0000000001'],
    ['portalTransactions', 'to='],
    ['portalAudit', 'limit='],
    ['portalUsers', 'limit=0'],
    ['portalUsers', 'limit=101'],
    ['portalTransactions', 'limit=9999'],
    ['portalUsers', 'limit=5&limit=6'],
    ['portalUsers', 'unknown=1'],
    ['portalAudit', 'from=9000000000'],
    ['portalTransactions', 'from=9000000000'],
    ['portalUser', 'externalId=a&externalId=b'],
  ] as const)('%s?%s is refused', async (name, query) => {
    const { status, body } = await calls.get(name, query);
    expect([status, body.code]).toEqual([400, 'invalid-request']);
  });
  test('a user who is not named is not found', async () => {
    expect((await calls.get('portalUser', `integrationId=${own.integrationId}`)).status).toBe(400);
    expect((await calls.get('portalUser', `integrationId=${own.integrationId}&externalId=`)).status).toBe(400);
  });
  test.each(['per=hour', 'per=day', '', 'to=1000000000', 'from=1000000000&to=1000000001'])(
    'statistics?%s has bounds that match its buckets',
    async (query) => {
      expect((await calls.get('portalStatistics', query)).status).toBe(200);
    },
  );
  test('too long a time is refused before its buckets are created', async () => {
    const integration = { integrationId: own.integrationId, accountId: 'acc_1' };
    const ports = { integrations: { read: async () => integration } } as unknown as StatisticsPorts;
    const operator = { accountId: 'acc_1' } as Operator;
    // More buckets than a list can hold.
    const to = Number.MAX_SAFE_INTEGER as ReturnType<typeof epochSeconds>;
    const query = { from: epochSeconds(1_000_000_000), to, per: 'hour' } as const;
    await expect(readStatistics(ports)(operator, own.integrationId, query)).rejects.toMatchObject({
      code: 'invalid-request',
    });
  });
  test('continues after the longest possible External ID', async () => {
    const { integrationId } = await withIntegration(portal, 'olivia');
    for (const last of ['字', '文']) {
      const externalId = '字'.repeat(EXTERNAL_ID_MAX_LENGTH - 1) + last;
      expect((await calls.post('portalInviteUser', { integrationId, externalId })).status).toBe(200);
    }
    const path = { integrationId };
    const first = await calls.send('portalUsers', { path, query: Buffer.from('limit=1') });
    const second = await calls.send('portalUsers', { path, query: Buffer.from(`limit=1&cursor=${first.body.cursor}`) });
    expect([second.status, second.body.users.length]).toEqual([200, 1]);
  });
});
