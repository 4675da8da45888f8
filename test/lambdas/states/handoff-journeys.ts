import { expect } from 'vitest';
import { Browser, type Handlers } from '../../support/login.ts';
import { lock } from './session-journeys.ts';
import { type Journey, LOCKING, parse, type Stage, type StageUser } from './stage.ts';

const LINK_SECONDS = 120;
const CODE_SECONDS = 120;
const TIMEOUT_SECONDS = 600;
const PHONE = { phoneHandoff: true } as const;
const MAIL = { enrollmentFlow: 'email' } as const;

const confirm = async (browser: Browser, code: string) => parse(await browser.send('confirmCode', { code }));
const other = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

/** A login whose link was opened on a phone. */
const opened = async (stage: Stage, user?: StageUser, handlers?: Handlers) => {
  const who = user ?? stage.newUser(await stage.integrationWith(PHONE));
  const login = await who.login(handlers);
  const device = await stage.deviceOf(await stage.offer(login));
  return { login, device, who };
};
/** The same after its check has passed there. */
const passed = async (stage: Stage, user?: StageUser, handlers?: Handlers) => {
  const way = await opened(stage, user, handlers);
  const { task } = await way.login.view();
  const { code } = await way.device.attempt(stage.world, task);
  expect(code).toMatch(/^\d{6}$/);
  return { ...way, code: String(code) };
};

const links: Journey = async (stage) => {
  const { world, offer } = stage;
  const integration = await stage.integrationWith(PHONE);
  const login = await stage.newUser(integration).login();
  await offer(login);
  await offer(login);
  world.advance(LINK_SECONDS);
  const device = await stage.deviceOf(await offer(login));
  expect((await device.view()).role).toBe('device');
  for (const seconds of [0, LINK_SECONDS]) {
    const over = await stage.newUser(integration).login();
    await offer(over);
    world.advance(seconds);
    await over.send('endSession', { reason: 'declined' });
    const abandoned = await stage.newUser(integration).login();
    // Its last link may or may not be valid longer than the login.
    world.advance(TIMEOUT_SECONDS - LINK_SECONDS - 1 + (seconds === 0 ? 2 : 0));
    await offer(abandoned);
    world.advance(LINK_SECONDS + 1);
  }
  const reported = await stage.newUser(integration).login();
  await new Browser(stage.watch.handlers).followLink(await offer(reported), 'report');
  expect((await reported.view()).outcome).toBe('reported');
};

const here: Journey = async (stage) => {
  const { world, offer } = stage;
  const integration = await stage.integrationWith(MAIL);
  const login = await stage.newUser(integration).login();
  await login.followLink(await offer(login, 'email'));
  await login.followLink(await offer(login, 'email'));
  expect(await login.attempt(world, 'enroll')).toMatchObject({ outcome: 'enrolled' });
  const abandoned = await stage.newUser(integration).login();
  await abandoned.followLink(await offer(abandoned, 'email'));
  world.advance(TIMEOUT_SECONDS);
};

const elsewhere: Journey = async (stage) => {
  const { world, offer } = stage;
  const first = await opened(stage);
  await offer(first.login);
  const declined = await opened(stage);
  await declined.login.send('endSession', { reason: 'declined' });
  await opened(stage);
  world.advance(TIMEOUT_SECONDS);
  const enrolling = await passed(stage);
  expect(await confirm(enrolling.login, other(enrolling.code))).toMatchObject({ state: 'again' });
  expect(await confirm(enrolling.login, enrolling.code)).toMatchObject({ outcome: 'enrolled' });
  const verifying = await passed(stage, enrolling.who);
  expect(await confirm(verifying.login, verifying.code)).toMatchObject({ outcome: 'verified' });
  const late = await passed(stage);
  world.advance(CODE_SECONDS);
  expect(await confirm(late.login, late.code)).toMatchObject({ code: 'no-attempt' });
  const again = await passed(stage);
  await stage.start(again.device, 'enroll');
  const replaced = await passed(stage);
  await offer(replaced.login);
  const left = await passed(stage);
  await left.login.send('endSession', { reason: 'declined' });
  const slow = await stage.newUser(await stage.integrationWith(PHONE)).login();
  world.advance(TIMEOUT_SECONDS - CODE_SECONDS + 1);
  await (await stage.deviceOf(await offer(slow))).attempt(world, 'enroll');
  world.advance(CODE_SECONDS);
};

const lastCodes: Journey = async (stage) => {
  const { world, watch } = stage;
  const wrongTwice = async ({ login, code }: { readonly login: Browser; readonly code: string }) => {
    await confirm(login, other(code));
    await confirm(login, other(code));
  };
  const right = await passed(stage);
  await wrongTwice(right);
  expect(await confirm(right.login, right.code)).toMatchObject({ outcome: 'enrolled' });
  const wrong = await passed(stage);
  await wrongTwice(wrong);
  expect(await confirm(wrong.login, other(wrong.code))).toMatchObject({ outcome: 'not_verified' });
  // The process dies between counting the last try and comparing it.
  const dying = watch.handlersWith({ sessions: stage.dyingAt('finish') });
  const continuations = {
    start: ({ device }: { readonly device: Browser }) => stage.start(device, 'enroll'),
    offer: ({ login }: { readonly login: Browser }) => stage.offer(login),
    wait: async () => world.advance(TIMEOUT_SECONDS),
  };
  for (const proceed of Object.values(continuations)) {
    const way = await passed(stage, undefined, dying);
    await wrongTwice(way);
    expect((await way.login.send('confirmCode', { code: other(way.code) })).statusCode).toBeGreaterThanOrEqual(500);
    await proceed(way);
  }
};

const refusedAtCode: Journey = async (stage) => {
  const integration = await stage.newIntegration({ ...PHONE, ...LOCKING });
  const refused = async (user: StageUser, outcome: string, happens: (user: StageUser) => Promise<unknown>) => {
    const { login, code } = await passed(stage, user);
    await happens(user);
    expect(await confirm(login, code)).toMatchObject({ state: 'finished', outcome });
  };
  await refused(stage.newUser(integration), 'conflict', (user) => stage.act(user, 'portalInviteUser'));
  await refused(stage.newUser(integration), 'disabled', (user) => stage.act(user, 'portalDisableUser'));
  // The check that waits is itself a guess: as long as its series lasts, the others cannot use it up.
  await refused(stage.newUser(integration), 'locked', async (user) => {
    await stage.act(user, 'portalUnlockUser');
    await lock(stage, user);
  });
  await refused(stage.newUser(integration), 'not_enrolled', () =>
    stage.world.change(integration.integrationId, { allowSelfEnrollment: false }),
  );
};

export const HANDOFF_JOURNEYS: readonly Journey[] = [links, here, elsewhere, lastCodes, refusedAtCode];
