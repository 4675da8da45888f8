import { afterAll, beforeAll, expect, test } from 'vitest';
import { enroll, openLogin, readReturnPage } from '../../support/login.ts';
import { createWorld, DOMAIN, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test('a first login enrolls and returns a signed result to the tenant', async () => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  const browser = await openLogin(world, integration, sub, { state: 'abc.~-_%2B' });
  expect(await browser.view()).toMatchObject({
    task: 'enroll',
    state: 'open',
    account: 'a•••@example.com',
    app: 'Harbour Bank',
    attemptsLeft: 3,
  });
  expect(await browser.attempt(world, 'enroll')).toMatchObject({ state: 'finished', outcome: 'enrolled' });
  const { url, payload } = await readReturnPage(world, integration, await browser.giveBack());
  expect(url).toBe(`https://${DOMAIN}/continue?state=abc.~-_%252B`);
  expect(payload).toMatchObject({ res: 'enrolled', event: 'enrolled', sub, iss: DOMAIN, state: 'abc.~-_%2B' });
  await world.housekeep();
  expect(world.notices.at(-1)).toMatchObject({ to: 'alice@example.com', organisation: 'Harbour Bank' });
});

test('a later login verifies the same face and refuses another', async () => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  await enroll(world, integration, sub);
  const again = await openLogin(world, integration, sub);
  expect(await again.attempt(world, 'verify')).toMatchObject({ state: 'finished', outcome: 'verified' });
  const { payload } = await readReturnPage(world, integration, await again.giveBack());
  expect(payload).toMatchObject({ res: 'verified', vat: world.now() });

  const impostor = await openLogin(world, integration, sub);
  for (const left of [2, 1]) {
    const answer = await impostor.attempt(world, 'verify', { person: 'mallory' });
    expect(answer).toEqual({ state: 'again', outcome: 'not_verified', attemptsLeft: left, hints: [] });
  }
  expect(await impostor.attempt(world, 'verify', { person: 'mallory' })).toMatchObject({
    state: 'finished',
    outcome: 'not_verified',
  });
  const refused = await readReturnPage(world, integration, await impostor.giveBack());
  expect(refused.payload).toMatchObject({ res: 'no_match', event: null, vat: null });
});
