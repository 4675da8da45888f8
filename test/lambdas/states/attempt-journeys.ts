import { expect } from 'vitest';
import type { Browser } from '../../support/login.ts';
import { type Journey, NO_RESULT, parse, type Stage, TWO_FACES } from './stage.ts';

/** The process dies between counting an attempt and answering. */
const diedWhileStarting: Journey = async (stage) => {
  const { watch, start } = stage;
  const dying = watch.handlersWith({ sessions: stage.dyingAt('startAttempt') });
  const integration = await stage.integrationWith();
  const browser = await stage.newUser(integration).login(dying);
  await start(browser, 'enroll');
  await start(browser, 'enroll');
  expect((await browser.send('releaseAttempt', { attempt: 2 })).statusCode).toBe(204);
  await start(browser, 'enroll');
  await browser.send('endSession', { reason: 'declined' });
  const noStream = watch.handlersWith({ faces: stage.facesAfter({ create: () => Promise.reject(new Error('away')) }) });
  const refused = await stage.newUser(integration).login(noStream);
  expect((await refused.start('enroll', '2026-11')).statusCode).toBe(503);
  await refused.send('endSession', { reason: 'declined' });
};

const unjudged: Journey = async (stage) => {
  const { watch, start, world } = stage;
  const integration = await stage.integrationWith();
  const browser = await stage.newUser(integration).login();
  await stage.startTimes(browser, 'enroll', 2);
  expect((await browser.send('releaseAttempt', { attempt: 2 })).statusCode).toBe(204);
  await start(browser, 'enroll', NO_RESULT);
  expect(parse(await browser.complete('enroll', 3))).toMatchObject({ state: 'again', outcome: 'unavailable' });
  await start(browser, 'enroll', { confidence: 10 });
  expect(parse(await browser.complete('enroll', 4))).toMatchObject({ state: 'again', outcome: 'not_verified' });
  await start(browser, 'enroll');
  await browser.send('endSession', { reason: 'declined' });
  const judged = await stage.newUser(integration).login();
  expect(await judged.attempt(world, 'enroll', { confidence: 10 })).toMatchObject({ state: 'again' });
  await judged.send('endSession', { reason: 'declined' });
  const away = stage.facesAfter({ compare: () => Promise.reject(new Error('away')) });
  for (const sessions of [watch.sessions, stage.dyingAt('dropClaim')]) {
    const failing = await stage.newUser(integration).login(watch.handlersWith({ faces: away, sessions }));
    await start(failing, 'enroll');
    expect((await failing.complete('enroll', 1)).statusCode).toBeGreaterThanOrEqual(500);
    world.advance(30);
  }
};

/** Something else happens to a login while its face is compared. */
const whileJudging = async (stage: Stage, happens: (browser: Browser) => Promise<unknown>): Promise<void> => {
  const user = stage.newUser(await stage.integrationWith());
  const asked: { browser?: Browser } = {};
  const faces = stage.facesAfter({ compare: () => asked.browser && happens(asked.browser) });
  const browser = await user.login(stage.watch.handlersWith({ faces }));
  await stage.start(browser, 'enroll', TWO_FACES);
  asked.browser = browser;
  const answer = parse(await browser.complete('enroll', 1));
  expect(answer).not.toMatchObject({ state: 'again' });
};

const movedWhileJudged: Journey = async (stage) => {
  await whileJudging(stage, (browser) => browser.send('releaseAttempt', { attempt: 1 }));
  await whileJudging(stage, (browser) => browser.start('enroll'));
  await whileJudging(stage, (browser) => browser.send('endSession', { reason: 'reported' }));
};

export const ATTEMPT_JOURNEYS: readonly Journey[] = [diedWhileStarting, unjudged, movedWhileJudged];
