import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deriveSessionKeys } from '../../../../contract/protocol/derive-keys.ts';
import type { KmsKeyVault } from '../../../../lambdas/adapters/kms/key-vault.ts';
import { rowsOf } from '../../../support/inspect.ts';
import { Browser, claimsFor, enroll, openLogin, readReturnPage, signToken } from '../../../support/login.ts';
import { createWorld, DOMAIN, type World } from '../../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const finished = async (state = 'auth0-state') => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  const browser = await openLogin(world, integration, sub, { state, claims: { tx: 'transaction-1', cid: 'client-1' } });
  await browser.attempt(world, 'enroll');
  return { integration, sub, browser };
};

describe('200', () => {
  test('the result token is exactly what the contract says, under the result key', async () => {
    const { integration, sub, browser } = await finished();
    const [row] = await rowsOf(world, 'SESSION_TABLE', integration.integrationId);
    const { url, token, payload } = await readReturnPage(world, integration, await browser.giveBack());
    expect(url).toBe(`https://${DOMAIN}/continue?state=auth0-state`);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(payload).toEqual({
      v: 1,
      use: 'result',
      iss: DOMAIN,
      sub,
      aud: `verified:${integration.integrationId}:result`,
      state: 'auth0-state',
      iat: world.now(),
      exp: world.now() + 90,
      jti: row?.['resultJti'],
      tx: 'transaction-1',
      ref: row?.['jti'],
      cid: 'client-1',
      res: 'enrolled',
      event: 'enrolled',
      vat: world.now(),
    });
  });
  test.each(['a', 'x'.repeat(2048), 'a&b=c;d\'e"<f>', '%2F%%', '+/=?#', '{{}}'])(
    'T64 the state %j is returned byte for byte, only in the query',
    async (state) => {
      const { integration, browser } = await finished(state);
      const answer = await browser.giveBack();
      const { url, payload } = await readReturnPage(world, integration, answer);
      expect([...new URL(url).searchParams]).toEqual([['state', state]]);
      expect(payload['state']).toBe(state);
      expect(answer.body?.match(/<input/g)).toHaveLength(1);
      expect(answer.body).not.toContain('<f>');
    },
  );
  test('T51 T59 a reload within the token’s lifetime gives the same token; so do 20 concurrent ones', async () => {
    const { integration, browser } = await finished();
    const { token } = await readReturnPage(world, integration, await browser.giveBack());
    world.advance(89);
    for (const answer of await Promise.all(Array.from({ length: 20 }, () => browser.giveBack()))) {
      expect(answer.statusCode).toBe(200);
      expect(answer.body).toContain(token);
    }
  });
  test('T59 nothing is signed before the handing over is on record', async () => {
    const { integration, browser } = await finished();
    const order: string[] = [];
    const { sessions } = world.ports;
    const failing = world.handlersWith({
      sessions: new Proxy(sessions, {
        get: (target, member) =>
          member === 'handOver'
            ? async () => {
                order.push('handOver');
                throw new Error('store is down');
              }
            : Reflect.get(target, member, target).bind(target),
      }),
    });
    const other = new Browser(failing);
    other.cookies.push(...browser.cookies);
    other.handle = browser.handle;
    const refused = await other.giveBack();
    expect(refused.statusCode).toBe(503);
    expect(refused.body).not.toContain('result_token');
    expect(order).toEqual(['handOver']);
    const { payload } = await readReturnPage(world, integration, await browser.giveBack());
    expect(payload['res']).toBe('enrolled');
  });
  test('T8 a success that waited two minutes is signed as expired', async () => {
    const { integration, browser } = await finished();
    world.advance(121);
    const { payload } = await readReturnPage(world, integration, await browser.giveBack());
    expect(payload).toMatchObject({ res: 'expired', event: null, vat: null });
    const prompt = await finished();
    world.advance(120);
    const late = await readReturnPage(world, prompt.integration, await prompt.browser.giveBack());
    expect(late.payload).toMatchObject({ res: 'enrolled', vat: world.now() - 120 });
  });
  test('T56 a login whose time ran out is ended, recorded and returned as expired', async () => {
    const integration = await world.newIntegration();
    const browser = await openLogin(world, integration, world.newExternalId());
    world.advance(600);
    const { payload } = await readReturnPage(world, integration, await browser.giveBack());
    expect(payload['res']).toBe('expired');
    expect(await rowsOf(world, 'TRANSACTION_TABLE', integration.integrationId)).toMatchObject([{ outcome: 'expired' }]);
  });
});

describe('404', () => {
  test('T16 the outcome goes to the browser that holds the cookie, and to no other', async () => {
    const { browser } = await finished();
    for (const cookies of [[], browser.cookies.map((cookie) => cookie.replace(/.{43}$/, 'x'.repeat(43)))]) {
      const attacker = new Browser(world.handlers);
      attacker.handle = browser.handle;
      attacker.cookies.push(...cookies);
      const answer = await attacker.giveBack();
      expect(answer.statusCode).toBe(404);
      expect(answer.body).not.toMatch(/result_token|enrolled|<form/);
    }
    expect((await browser.giveBack()).statusCode).toBe(200);
  });
});

describe('409', () => {
  test('T20 there is no result before the end: the browser goes back to the capture page', async () => {
    const integration = await world.newIntegration();
    const browser = await openLogin(world, integration, world.newExternalId());
    const toCapturePage = { statusCode: 303, headers: { location: `/capture/#${browser.handle}` } };
    const early = await browser.giveBack();
    expect(early).toMatchObject(toCapturePage);
    expect(early.body).toBeUndefined();
    await browser.start('enroll', '2026-11');
    expect(await browser.giveBack()).toMatchObject(toCapturePage);
    expect((await browser.view()).state).toBe('open');
  });
  test('T8 T51 once handed over it is not signed again after the token’s lifetime', async () => {
    const { browser } = await finished();
    await browser.giveBack();
    world.advance(90);
    const answer = await browser.giveBack();
    expect(answer.statusCode).toBe(409);
    expect(answer.body).not.toContain('result_token');
    expect((await browser.view()).returnable).toBe(false);
  });
});

describe('T13 a rotation of the secret', () => {
  const rotated = async () => {
    const integration = await world.newIntegration();
    const sub = world.newExternalId();
    await enroll(world, integration, sub);
    const newer = { ...integration, sessionSecret: Buffer.alloc(32, 5).toString('base64url') };
    const endsAt = world.now() + 1000;
    const vault = world.ports.keyVault as KmsKeyVault;
    const wrapped = await vault.seal(
      integration.integrationId,
      2,
      deriveSessionKeys(newer.sessionSecret, integration.integrationId),
    );
    await world.documents.send(
      new UpdateCommand({
        TableName: world.tables.INTEGRATION_TABLE,
        Key: { integrationId: integration.integrationId },
        UpdateExpression: 'SET #keys[0].endsAt = :endsAt, #keys[1] = :newer',
        ExpressionAttributeNames: { '#keys': 'keys' },
        ExpressionAttributeValues: {
          ':endsAt': endsAt,
          ':newer': { generation: 2, wrapped, fingerprint: 'f'.repeat(12), endsAt: null },
        },
      }),
    );
    return { older: integration, newer, sub };
  };
  test('both generations open, and each login is signed with the one that opened it', async () => {
    const { older, newer, sub } = await rotated();
    for (const generation of [older, newer]) {
      const browser = await openLogin(world, generation, sub);
      expect((await browser.attempt(world, 'verify')).outcome).toBe('verified');
      const page = await browser.giveBack();
      expect((await readReturnPage(world, generation, page)).payload['res']).toBe('verified');
      await expect(readReturnPage(world, generation === older ? newer : older, page)).rejects.toThrow(/signature/);
    }
  });
  test('at the stated second the old one neither opens nor signs, and the new one stays valid', async () => {
    const { older, newer, sub } = await rotated();
    world.advance(999);
    const last = await openLogin(world, older, sub);
    await last.attempt(world, 'verify');
    world.advance(1);
    const token = await signToken(claimsFor(world, older, sub), world.keysOf(older).request);
    expect((await new Browser(world.handlers).open(older.integrationId, token)).statusCode).toBe(400);
    // The Action knows the new secret by now: it gets a refusal that it can verify, and no success of the ended one.
    const { payload } = await readReturnPage(world, newer, await last.giveBack());
    expect(payload).toMatchObject({ res: 'disabled', event: null, vat: null });
    expect((await (await openLogin(world, newer, sub)).attempt(world, 'verify')).outcome).toBe('verified');
  });
  test('T44 wrapped keys of one integration or generation do not open as those of another', async () => {
    const [one, other] = [await world.newIntegration(), await world.newIntegration()];
    const rows = await rowsOf(world, 'INTEGRATION_TABLE');
    const keys = rows.find(({ integrationId }) => integrationId === other.integrationId)?.['keys'];
    await world.documents.send(
      new UpdateCommand({
        TableName: world.tables.INTEGRATION_TABLE,
        Key: { integrationId: one.integrationId },
        UpdateExpression: 'SET #keys = :keys',
        ExpressionAttributeNames: { '#keys': 'keys' },
        ExpressionAttributeValues: { ':keys': keys },
      }),
    );
    const token = await signToken(claimsFor(world, one, 'auth0|a'), world.keysOf(other).request);
    expect((await new Browser(world.handlers).open(one.integrationId, token)).statusCode).toBe(503);
  });
});
