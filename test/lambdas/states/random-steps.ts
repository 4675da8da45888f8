import { Browser } from '../../support/login.ts';
import { ALL_ACTS, LOCKING, NO_RESULT, parse, type Stage, WRONG } from './stage.ts';

/** What operators, logins and time do to a user. */
export const USER_STEPS = [
  ...ALL_ACTS,
  'right face',
  'wrong face',
  'no result',
  'begin',
  'continue',
  'a minute',
  'an hour',
  'a day',
] as const;

const SECONDS = { 'a minute': 60, 'an hour': 3600, 'a day': 86_400 } as const;

/** @param steps what happens to one user, one after the other; most of it may be refused */
export const playUser = async (stage: Stage, steps: readonly (typeof USER_STEPS)[number][]): Promise<void> => {
  const { world } = stage;
  const user = stage.newUser(await stage.integrationWith(LOCKING));
  /** A login that waits while other things happen. */
  let waiting: Browser | null = null;
  const tryFace = async (browser: Browser, scene: object) => {
    const { state, task } = await browser.view();
    if (state === 'open') await browser.attempt(world, task, scene);
  };
  for (const step of steps) {
    if (step === 'a minute' || step === 'an hour' || step === 'a day') world.advance(SECONDS[step]);
    else if (step === 'begin') {
      waiting = await user.login();
      const { task } = await waiting.view();
      await stage.start(waiting, task);
    } else if (step === 'continue') {
      if (waiting !== null) await tryFace(waiting, {});
    } else if (step === 'right face') await tryFace(await user.login(), {});
    else if (step === 'wrong face') await tryFace(await user.login(), { ...WRONG, faces: 2 });
    else if (step === 'no result') await tryFace(await user.login(), NO_RESULT);
    else await user.tryAct(step, step === 'portalInviteUser' || step === 'portalRequireEnrollment' ? HOURS : {});
  }
};
const HOURS = { withinHours: 2 } as const;

/** What two browsers do with one login. */
export const HANDOFF_STEPS = [
  'offer',
  'open',
  'open',
  'report',
  'right face there',
  'right face there',
  'wrong face there',
  'start there',
  'right face here',
  'right code',
  'wrong code',
  'wrong code',
  'end',
  'a minute',
  'a minute',
  'return',
] as const;

/** @param steps what happens to one login and the device it was handed off to; most of it may be refused */
export const playHandoff = async (stage: Stage, steps: readonly (typeof HANDOFF_STEPS)[number][]): Promise<void> => {
  const { world, watch } = stage;
  const login = await stage.newUser(await stage.integrationWith({ phoneHandoff: true })).login();
  let device = new Browser(watch.handlers);
  let [link, code] = [await stage.offer(login), '000000'];
  const isOpen = async (browser: Browser) => {
    const answer = await browser.send('readSession');
    return answer.statusCode === 200 && parse(answer).state === 'open';
  };
  const tryFace = async (browser: Browser, scene: object) => {
    if (await isOpen(browser)) code = (await browser.attempt(world, 'enroll', scene)).code ?? code;
  };
  const play: Readonly<Record<(typeof HANDOFF_STEPS)[number], () => Promise<unknown>>> = {
    offer: async () => {
      link = (await stage.offer(login)) || link;
    },
    open: async () => {
      device = await stage.deviceOf(link);
    },
    report: () => new Browser(watch.handlers).followLink(link, 'report'),
    'right face there': () => tryFace(device, {}),
    'wrong face there': () => tryFace(device, { confidence: 10 }),
    'start there': async () => {
      if (await isOpen(device)) await stage.start(device, 'enroll');
    },
    'right face here': () => tryFace(login, {}),
    'right code': () => login.send('confirmCode', { code }),
    'wrong code': () => login.send('confirmCode', { code: String((Number(code) + 1) % 1_000_000).padStart(6, '0') }),
    end: () => login.send('endSession', { reason: 'declined' }),
    'a minute': async () => world.advance(60),
    return: () => login.giveBack(),
  };
  for (const step of steps) await play[step]();
};
