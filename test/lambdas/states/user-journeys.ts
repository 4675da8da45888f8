import { expect } from 'vitest';
import type { TestIntegration } from '../../support/world.ts';
import { OPTIONS } from '../portal/portal-world.ts';
import { lock } from './session-journeys.ts';
import { type Journey, LOCK_SECONDS, LOCKING, parse, type Stage, type StageUser, WRONG } from './stage.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const PHONE = { phoneHandoff: true } as const;

/** A user who began to enroll and abandoned it. */
const begun = async (stage: Stage, integration: TestIntegration): Promise<StageUser> => {
  const user = stage.newUser(integration);
  await stage.start(await user.login(), 'enroll');
  return user;
};
const invited = async (stage: Stage, integration: TestIntegration, withinHours = 24): Promise<StageUser> => {
  const user = stage.newUser(integration);
  await stage.act(user, 'portalInviteUser', { withinHours });
  return user;
};
const reenrolling = async (stage: Stage, integration: TestIntegration, withinHours = 24): Promise<StageUser> => {
  const user = await stage.enrolled(integration);
  await stage.act(user, 'portalRequireEnrollment', { withinHours });
  return user;
};
const reenrollmentEnded = async (stage: Stage, integration: TestIntegration): Promise<StageUser> => {
  const user = await reenrolling(stage, integration, 1);
  stage.world.advance(HOUR);
  return user;
};
const deleted = async (stage: Stage, integration: TestIntegration): Promise<StageUser> => {
  const user = await stage.enrolled(integration);
  await stage.act(user, 'portalDeleteUser');
  return user;
};
const enrolled = (stage: Stage, integration: TestIntegration): Promise<StageUser> => stage.enrolled(integration);
const WAYS = { begun, invited, reenrolling, reenrollmentEnded, deleted, enrolled } as const;

const enrollHere = async (_stage: Stage, user: StageUser): Promise<void> => {
  expect(await user.attempt('enroll')).toMatchObject({ outcome: 'enrolled' });
};
const enrollByPhone = async ({ world, offer, deviceOf }: Stage, user: StageUser): Promise<void> => {
  const login = await user.login();
  const { code } = await (await deviceOf(await offer(login))).attempt(world, 'enroll');
  expect(parse(await login.send('confirmCode', { code }))).toMatchObject({ outcome: 'enrolled' });
};

const enrollments: Journey = async (stage) => {
  const integration = await stage.integrationWith(PHONE);
  for (const enroll of [enrollHere, enrollByPhone]) {
    for (const way of [begun, invited, reenrolling, deleted]) await enroll(stage, await way(stage, integration));
  }
};

const invitations: Journey = async (stage) => {
  const integration = await stage.integrationWith();
  for (const way of [begun, reenrolling, reenrollmentEnded, deleted]) {
    for (const isRevoked of [true, false]) {
      const user = await way(stage, integration);
      await stage.act(user, 'portalInviteUser', { withinHours: 1 });
      if (isRevoked) await stage.act(user, 'portalUninviteUser');
      else stage.world.advance(HOUR);
    }
  }
  for (const way of [begun, reenrollmentEnded]) {
    await stage.act(await way(stage, integration), 'portalRequireEnrollment');
  }
};

const deletions: Journey = async (stage) => {
  const integration = await stage.integrationWith();
  for (const way of [begun, invited, reenrolling, reenrollmentEnded]) {
    await stage.act(await way(stage, integration), 'portalDeleteUser');
  }
  // Only starts were counted: once unlocked, the row is empty, and a login under way continues.
  const user = stage.newUser(integration);
  const browser = await user.login();
  await stage.start(browser, 'enroll', { confidence: 10 });
  await stage.act(user, 'portalUnlockUser');
  expect(parse(await browser.complete('enroll', 1))).toMatchObject({ state: 'again' });
  // A deleted user who is disabled can still be required to enroll.
  const disabled = await stage.enrolled(integration);
  await stage.act(disabled, 'portalDisableUser');
  await stage.act(disabled, 'portalDeleteUser');
  await stage.act(disabled, 'portalRequireEnrollment');
};

const retention: Journey = async (stage) => {
  const { world, watch } = stage;
  const consent = { ...OPTIONS.consent, retentionDays: 1 };
  const integration = await stage.integrationWith({ ...LOCKING, consent });
  await stage.enrolled(integration);
  const locked = await stage.enrolled(integration);
  world.advance(HOUR);
  await watch.housekeep('face-object');
  world.advance(DAY - HOUR - 60);
  await lock(stage, locked);
  world.advance(60);
  await watch.housekeep('face-object');
  expect(await world.ports.users.read(integration.integrationId, locked.target.externalId)).toBeNull();
};

const locks: Journey = async (stage) => {
  const { world, act } = stage;
  const integration = await stage.integrationWith(LOCKING);
  const user = stage.newUser(integration);
  for (const lift of [
    () => act(user, 'portalUnlockUser'),
    async () => world.advance(LOCK_SECONDS),
    async () => {
      for (const name of ['portalDisableUser', 'portalEnableUser'] as const) await act(user, name);
      await act(user, 'portalUnlockUser');
      for (const name of ['portalDisableUser', 'portalEnableUser'] as const) await act(user, name);
    },
  ]) {
    await lock(stage, user);
    await lift();
  }
  await lock(stage, user);
  await act(user, 'portalDeleteUser');
};

/** A guess that was not disclosed, and a wrong face: as long as the guess may be being judged they do not lock. */
const lockByGuesses = async ({ world }: Stage, user: StageUser): Promise<void> => {
  expect(await user.attempt('verify', WRONG)).toMatchObject({ state: 'again' });
  world.advance(30);
  expect((await (await user.login()).view()).outcome).toBe('locked');
};

/** A login that was under way passes, and ends such a lock. */
const liftedLocks: Journey = async (stage) => {
  const { watch } = stage;
  const lockout = { ...LOCKING.lockout, maxFailedAttempts: 2 };
  const integration = await stage.integrationWith({ lockout, ...PHONE });
  const here = await stage.enrolled(integration);
  let isAway = true;
  const faces = stage.facesAfter({ compare: () => isAway && Promise.reject(new Error('away')) });
  const dying = watch.handlersWith({ faces, sessions: stage.dyingAt('dropClaim') });
  const browser = await here.login(dying);
  await stage.start(browser, 'verify');
  expect((await browser.complete('verify', 1)).statusCode).toBeGreaterThanOrEqual(500);
  await lockByGuesses(stage, here);
  isAway = false;
  expect(parse(await browser.complete('verify', 1))).toMatchObject({ outcome: 'verified' });
  const there = await stage.enrolled(integration);
  const login = await there.login();
  const { code } = await (await stage.deviceOf(await stage.offer(login))).attempt(stage.world, 'verify');
  await lockByGuesses(stage, there);
  expect(parse(await login.send('confirmCode', { code }))).toMatchObject({ outcome: 'verified' });
};

const MOST_STARTS = 20;
/** Then no start is waited for any more; a later check still gives one back. */
const CHECKED_BY_SECONDS = 170;

const spentStarts: Journey = async (stage) => {
  const { world, watch, startTimes } = stage;
  const user = stage.newUser(await stage.integrationWith());
  for (let left = MOST_STARTS; left > 0; left -= 5) await startTimes(await user.login(), 'enroll', 5, UNUSED);
  world.advance(CHECKED_BY_SECONDS);
  expect((await (await user.login()).view()).outcome).toBe('locked');
  await watch.housekeep('liveness-start');
  expect((await (await user.login()).view()).state).toBe('open');
};
const UNUSED = { status: 'CREATED' } as const;

/** When the integration is deleted, its users are removed. */
const removals: Journey = async (stage) => {
  const { portal, watch, owner } = stage;
  const integration = await stage.newIntegration(LOCKING);
  for (const way of Object.values(WAYS)) await way(stage, integration);
  await lock(stage, stage.newUser(integration));
  await stage.act(await begun(stage, integration), 'portalDisableUser');
  const path = { integrationId: integration.integrationId };
  const { body } = await portal.call(owner, 'portalIntegration', { path });
  const { name } = (body as { options: { name: string } }).options;
  const { status } = await portal.call(owner, 'portalDeleteIntegration', { path, body: { name } });
  expect(status).toBe(204);
  await watch.housekeep('people-of-integration');
};

/** Housekeeping checks every face there is: few, as long as this is the first journey. */
export const USER_JOURNEYS: readonly Journey[] = [
  retention,
  enrollments,
  invitations,
  deletions,
  locks,
  liftedLocks,
  spentStarts,
  removals,
];
