import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemOf, rowsOf, userRow } from '../../../support/inspect.ts';
import { openLogin, readReturnPage } from '../../../support/login.ts';
import { createWorld, type World } from '../../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const login = async () => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  return { integration, sub, browser: await openLogin(world, integration, sub) };
};

describe('204', () => {
  test.each(['declined', 'reported', 'unavailable'])('%s is signed for Auth0 and recorded once', async (reason) => {
    const { integration, browser } = await login();
    expect((await browser.send('endSession', { reason })).statusCode).toBe(204);
    expect(await browser.view()).toMatchObject({ state: 'finished', outcome: reason });
    const { payload } = await readReturnPage(world, integration, await browser.giveBack());
    expect(payload).toMatchObject({ res: reason, event: null, vat: null });
    expect(await rowsOf(world, 'TRANSACTION_TABLE', integration.integrationId)).toMatchObject([{ outcome: reason }]);
  });
  test('an attempt under way is not a guess, since no face was judged', async () => {
    const { integration, sub, browser } = await login();
    await browser.start('enroll', '2026-11');
    await browser.send('endSession', { reason: 'declined' });
    const row = await userRow(world, integration.integrationId, sub);
    expect(row).toMatchObject({ starts: 1 });
    expect(row).not.toHaveProperty('guesses');
  });
  test('T20 nothing is possible after it: no start, no complete', async () => {
    const { integration, browser } = await login();
    const started = JSON.parse((await browser.start('enroll', '2026-11')).body ?? '');
    world.faces.play(started.livenessSessionId, {});
    await browser.send('endSession', { reason: 'declined' });
    const completed = JSON.parse((await browser.complete('enroll', 1)).body ?? '');
    expect(completed).toMatchObject({ state: 'finished', outcome: 'declined' });
    expect(JSON.parse((await browser.start('enroll', '2026-11')).body ?? '')).toEqual({ state: 'finished' });
    const { payload } = await readReturnPage(world, integration, await browser.giveBack());
    expect(payload['res']).toBe('declined');
  });
});

describe('409', () => {
  test('a login that is over cannot end in another way', async () => {
    const { browser } = await login();
    await browser.attempt(world, 'enroll');
    const answer = await browser.send('endSession', { reason: 'reported' });
    expect(problemOf(answer)).toMatchObject({ status: 409, code: 'session-finished' });
    expect((await browser.view()).outcome).toBe('enrolled');
  });
  test('T56 nor one whose time is over', async () => {
    const { browser } = await login();
    world.advance(600);
    expect(problemOf(await browser.send('endSession', { reason: 'declined' })).code).toBe('session-finished');
    expect((await browser.view()).outcome).toBe('expired');
  });
  test('of 20 concurrent calls one ends it, and one record is written', async () => {
    const { integration, browser } = await login();
    const reasons = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 'declined' : 'reported'));
    const answers = await Promise.all(reasons.map((reason) => browser.send('endSession', { reason })));
    for (const { statusCode } of answers) expect([204, 409]).toContain(statusCode);
    expect(await rowsOf(world, 'TRANSACTION_TABLE', integration.integrationId)).toHaveLength(1);
  });
});
