import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StatisticsView, TransactionPage } from '../../../contract/api/portal/transactions.ts';
import { epochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { countsOf, medianSeconds, sumOfCounts } from '../../../lambdas/core/model/login-statistics.ts';
import { enroll, openLogin } from '../../support/login.ts';
import { createPortal, type Portal, withIntegration } from './portal-world.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await createPortal();
});
afterAll(() => portal.world.close());

type Query = Record<string, string>;
const pageOf = async (operator: string, path: Query, query: Query): Promise<TransactionPage> =>
  (await portal.call(operator, 'portalTransactions', { path, query })).body as TransactionPage;
const find = async (operator: string, path: Query, query: Query) =>
  (await pageOf(operator, path, query)).transactions.map(({ outcome, externalId }) => [outcome, externalId]);

test('ended logins are found by outcome, user, app, mode, support id and time, newest first', async () => {
  const { world, call } = portal;
  const one = await withIntegration(portal, 'tia');
  const [alice, bob] = [world.newExternalId(), world.newExternalId()];
  const startedAt = world.now();
  await enroll(world, one, alice);
  world.advance(10);
  await enroll(world, one, bob);
  world.advance(10);
  const browser = await openLogin(world, one, alice, { claims: { app: 'Harbour Trading', mode: 'on-demand' } });
  const { supportId } = await browser.view();
  await browser.send('endSession', { reason: 'reported' });
  const findHere = (query: Query) => find('tia', one.path, query);
  const reported = [['reported', alice]];
  expect(await findHere({})).toEqual([...reported, ['enrolled', bob], ['enrolled', alice]]);
  expect(await findHere({ externalId: alice })).toEqual([...reported, ['enrolled', alice]]);
  expect(await findHere({ externalId: alice, outcome: 'enrolled' })).toEqual([['enrolled', alice]]);
  expect(await findHere({ outcome: 'enrolled' })).toEqual([
    ['enrolled', bob],
    ['enrolled', alice],
  ]);
  expect(await findHere({ app: 'Harbour Trading' })).toEqual(reported);
  expect(await findHere({ mode: 'on-demand' })).toEqual(reported);
  expect(await findHere({ mode: 'on-demand', outcome: 'enrolled' })).toEqual([]);
  expect(await findHere({ supportId: supportId.toLowerCase() })).toEqual(reported);
  expect(await findHere({ supportId: 'AAAA-AAAA' })).toEqual([]);
  expect(await findHere({ to: String(startedAt + 5) })).toEqual([['enrolled', alice]]);
  expect(await findHere({ from: String(startedAt + 5), outcome: 'verified' })).toEqual([]);
  for (const query of [{ outcome: 'won' }, { mode: 'never' }, { from: '2', to: '1' }, { from: 'yesterday' }]) {
    expect((await call('tia', 'portalTransactions', { path: one.path, query })).status).toBe(400);
  }
});

test('a record says how each attempt went, in bands and without a score', async () => {
  const { world } = portal;
  const one = await withIntegration(portal, 'tia');
  const sub = world.newExternalId();
  await enroll(world, one, sub);
  world.advance(1);
  const browser = await openLogin(world, one, sub);
  await browser.attempt(world, 'verify', { person: 'eve' });
  await browser.attempt(world, 'verify');
  const { transactions } = await pageOf('tia', one.path, { externalId: sub, limit: '1' });
  expect(transactions[0]).toMatchObject({ outcome: 'verified', attempts: 2 });
  expect(transactions[0]?.verdicts.map(({ outcome, similarityBand }) => [outcome, similarityBand])).toEqual([
    ['no_match', 0],
    ['verified', 90],
  ]);
});

test('T67 pages follow each other without gap or repetition in every index; a foreign cursor finds nothing foreign', async () => {
  const { world } = portal;
  const [one, other] = [await withIntegration(portal, 'tia'), await withIntegration(portal, 'tia')];
  const sub = world.newExternalId();
  for (const integration of [one, other]) await enroll(world, integration, sub);
  for (let login = 0; login < 6; login += 1) {
    world.advance(1);
    await (await openLogin(world, one, sub)).attempt(world, 'verify');
  }
  for (const query of [{}, { externalId: sub }, { outcome: 'verified' }, { app: 'Harbour Bank' }]) {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: TransactionPage = await pageOf('tia', one.path, {
        ...query,
        limit: '2',
        ...(cursor === null ? {} : { cursor }),
      });
      seen.push(...page.transactions.map(({ transactionId }) => transactionId));
      ({ cursor } = page);
    } while (cursor !== null);
    expect([query, new Set(seen).size, seen]).toEqual([query, 'outcome' in query ? 6 : 7, seen.toSorted().reverse()]);
    const { cursor: first } = await pageOf('tia', one.path, { ...query, limit: '2' });
    const foreign = await pageOf('tia', other.path, { ...query, cursor: first ?? '' });
    expect(foreign.transactions.every(({ transactionId }) => !seen.includes(transactionId))).toBe(true);
  }
});

test('statistics count every ended login once, by days and by hours', async () => {
  const { world, call } = portal;
  const one = await withIntegration(portal, 'stat');
  const from = world.now();
  for (let count = 0; count < 3; count += 1) await enroll(world, one, world.newExternalId());
  world.advance(86_400);
  const sub = world.newExternalId();
  await enroll(world, one, sub);
  const slow = await openLogin(world, one, sub);
  world.advance(21);
  await slow.attempt(world, 'verify', { person: 'eve' });
  await slow.attempt(world, 'verify');
  await (await openLogin(world, one, sub)).send('endSession', { reason: 'declined' });
  // A login that ends before any camera opens, and an end that is repeated, also count once.
  await world.change(one.integrationId, { enabled: false });
  const refused = await openLogin(world, one, sub);
  for (let time = 0; time < 2; time += 1) await refused.giveBack();
  const query = { from: String(from), to: String(world.now()) };
  const byDay = (await call('stat', 'portalStatistics', { path: one.path, query })).body as StatisticsView;
  expect(byDay.total).toEqual({
    logins: 7,
    tries: 6,
    medianSeconds: 1,
    outcomes: { enrolled: 4, verified: 1, declined: 1, disabled: 1 },
  });
  expect(byDay.buckets.map(({ logins }) => logins)).toEqual([3, 4]);
  const perHour = { ...query, per: 'hour' };
  const byHour = (await call('stat', 'portalStatistics', { path: one.path, query: perHour })).body as StatisticsView;
  expect(byHour.total).toEqual(byDay.total);
  expect(byHour.buckets).toHaveLength(25);
  const tooLong = { from: String(from - 94 * 86_400), to: String(from) };
  expect((await call('stat', 'portalStatistics', { path: one.path, query: tooLong })).status).toBe(400);
});

test('twenty logins that end concurrently are all counted', async () => {
  const { world, call } = portal;
  const one = await withIntegration(portal, 'stat');
  await Promise.all(Array.from({ length: 20 }, () => enroll(world, one, world.newExternalId())));
  const { body } = await call('stat', 'portalStatistics', { path: one.path });
  expect((body as StatisticsView).total).toMatchObject({ logins: 20, outcomes: { enrolled: 20 } });
});

test('the median lies within the class of the middle login', () => {
  const took = (seconds: number) =>
    countsOf({
      outcome: 'verified',
      openedAt: epochSeconds(1_900_000_000),
      finishedAt: epochSeconds(1_900_000_000 + seconds),
      attempt: null,
    });
  const medianOf = (...seconds: number[]) => medianSeconds(sumOfCounts(seconds.map(took)));
  expect(medianOf()).toBeNull();
  for (const middle of [0, 9, 14, 33, 59]) {
    expect(Math.abs((medianOf(1, 2, middle, middle, 300) ?? 999) - Math.max(2, middle))).toBeLessThanOrEqual(2);
  }
  expect(medianOf(4000)).toBeLessThanOrEqual(1800);
});
