import { expect } from 'vitest';
import type { Browser } from '../../support/login.ts';
import { type Journey, LOCKING, NO_RESULT, NOT_LIVE, parse, type Stage, type StageUser, WRONG } from './stage.ts';

const TIMEOUT_SECONDS = 600;
const ended = async (browser: Browser, outcome: string) => expect((await browser.view()).outcome).toBe(outcome);

const successes: Journey = async (stage) => {
  const { world } = stage;
  const integration = await stage.integrationWith();
  const user = stage.newUser(integration);
  const browser = await user.login();
  expect(await browser.attempt(world, 'enroll')).toMatchObject({ outcome: 'enrolled' });
  await browser.giveBack();
  world.advance(90);
  expect((await browser.giveBack()).statusCode).toBe(409);
  const slow = await user.login();
  expect(await slow.attempt(world, 'verify')).toMatchObject({ outcome: 'verified' });
  world.advance(121);
  await slow.giveBack();
};

const endings: Journey = async (stage) => {
  const integration = await stage.integrationWith();
  for (const reason of ['declined', 'reported', 'unavailable']) {
    const browser = await stage.newUser(integration).login();
    expect((await browser.send('endSession', { reason })).statusCode).toBe(204);
    await browser.giveBack();
  }
  const late = await stage.newUser(integration).login();
  stage.world.advance(TIMEOUT_SECONDS);
  await late.giveBack();
  await ended(late, 'expired');
};

/** Locks a user by a wrong face. */
export const lock = async ({ world }: Stage, user: StageUser): Promise<void> => {
  const browser = await user.login();
  const { task } = await browser.view();
  expect(await browser.attempt(world, task, NOT_LIVE)).toMatchObject({ outcome: 'locked' });
};

const refusedAtOpening: Journey = async (stage) => {
  const integration = await stage.newIntegration(LOCKING);
  const locked = stage.newUser(integration);
  await lock(stage, locked);
  await ended(await locked.login(), 'locked');
  const disabled = stage.newUser(integration);
  await stage.start(await disabled.login(), 'enroll');
  await stage.act(disabled, 'portalDisableUser');
  await ended(await disabled.login(), 'disabled');
  await stage.world.change(integration.integrationId, { allowSelfEnrollment: false });
  await ended(await stage.newUser(integration).login(), 'not_enrolled');
  const byMail = await stage.integrationWith({ enrollmentFlow: 'email' });
  const facts = { emailVerified: false, otherFactors: false };
  await ended(await stage.newUser(byMail).login(stage.watch.handlers, { facts }), 'unavailable');
};

const refusedAtStart: Journey = async (stage) => {
  const { world, start, startTimes } = stage;
  for (const [scene, outcome] of [
    [WRONG, 'not_verified'],
    [NOT_LIVE, 'not_verified'],
    [NO_RESULT, 'unavailable'],
  ] as const) {
    const integration = await stage.integrationWith({ attemptsPerSession: 2 });
    const task = scene === WRONG ? 'verify' : 'enroll';
    const user = task === 'verify' ? await stage.enrolled(integration) : stage.newUser(integration);
    const browser = await user.login();
    await browser.attempt(world, task, scene);
    await startTimes(browser, task, 4);
    expect(await start(browser, task)).toEqual({ state: 'finished' });
    await ended(browser, outcome);
  }
  const integration = await stage.newIntegration(LOCKING);
  const user = stage.newUser(integration);
  const [first, second] = [await user.login(), await user.login()];
  await lock(stage, user);
  await start(first, 'enroll');
  await ended(first, 'locked');
  await stage.act(user, 'portalDisableUser');
  await start(second, 'enroll');
  await ended(second, 'disabled');
  const enrolling = await stage.newUser(integration).login();
  await world.change(integration.integrationId, { allowSelfEnrollment: false });
  await start(enrolling, 'enroll');
  await ended(enrolling, 'not_enrolled');
};

/** What else can end a check that was started: how it happens, and the outcome. */
const REFUSALS = {
  conflict: (stage: Stage, user: StageUser) => stage.act(user, 'portalInviteUser'),
  disabled: (stage: Stage, user: StageUser) => stage.act(user, 'portalDisableUser'),
  locked: (stage: Stage, user: StageUser) => lock(stage, user),
} as const;

const refusedAtCheck: Journey = async (stage) => {
  for (const [outcome, happens] of Object.entries(REFUSALS)) {
    const user = stage.newUser(await stage.integrationWith(LOCKING));
    const browser = await user.login();
    await stage.start(browser, 'enroll');
    await happens(stage, user);
    expect(parse(await browser.complete('enroll', 1))).toMatchObject({ state: 'finished', outcome });
  }
  const once = await stage.integrationWith({ attemptsPerSession: 1 });
  const notLive = await stage.newUser(once).attempt('enroll', NOT_LIVE);
  const notSame = await (await stage.enrolled(once)).attempt('verify', WRONG);
  for (const answer of [notLive, notSame]) {
    expect(answer).toMatchObject({ state: 'finished', outcome: 'not_verified' });
  }
  const integration = await stage.newIntegration({ attemptsPerSession: 1 });
  const exhausted = await stage.newUser(integration).login();
  await stage.startTimes(exhausted, 'enroll', 4, NO_RESULT);
  expect(parse(await exhausted.complete('enroll', 4))).toMatchObject({ state: 'finished', outcome: 'unavailable' });
  const enrolling = await stage.newUser(integration).login();
  await stage.start(enrolling, 'enroll');
  await stage.world.change(integration.integrationId, { allowSelfEnrollment: false });
  expect(parse(await enrolling.complete('enroll', 1))).toMatchObject({ outcome: 'not_enrolled' });
};

/** The session's time ends during the call of the engine. */
const judgedTooLate: Journey = async (stage) => {
  const { world, watch, start } = stage;
  const pastTheEnd = stage.facesAfter({ read: () => world.advance(TIMEOUT_SECONDS) });
  const handlers = watch.handlersWith({ faces: pastTheEnd });
  for (const [outcome, happens] of Object.entries(REFUSALS)) {
    const user = stage.newUser(await stage.integrationWith(LOCKING));
    const browser = await user.login(handlers);
    await start(browser, 'enroll');
    await happens(stage, user);
    expect(parse(await browser.complete('enroll', 1))).toMatchObject({ state: 'finished', outcome });
  }
  for (const scene of [WRONG, NOT_LIVE, NO_RESULT]) {
    const integration = await stage.integrationWith({ attemptsPerSession: 1 });
    const task = scene === WRONG ? 'verify' : 'enroll';
    const user = task === 'verify' ? await stage.enrolled(integration) : stage.newUser(integration);
    const browser = await user.login(handlers);
    const times = scene === NO_RESULT ? 4 : 1;
    await stage.startTimes(browser, task, times, scene);
    const outcome = scene === NO_RESULT ? 'unavailable' : 'not_verified';
    expect(parse(await browser.complete(task, times))).toMatchObject({ outcome });
  }
  const right = await stage.newUser(await stage.integrationWith()).login(handlers);
  await start(right, 'enroll');
  expect(parse(await right.complete('enroll', 1))).toMatchObject({ state: 'finished', outcome: 'expired' });
};

export const SESSION_JOURNEYS: readonly Journey[] = [
  successes,
  endings,
  refusedAtOpening,
  refusedAtStart,
  refusedAtCheck,
  judgedTooLate,
];
