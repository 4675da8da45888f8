import { expect } from 'vitest';
import type { IntegrationOptionsInput } from '../../../contract/api/portal/integration-options.ts';
import type { Sessions } from '../../../lambdas/core/model/sessions.ts';
import { Browser, type Handlers, openLogin } from '../../support/login.ts';
import type { Scene } from '../../support/scripted-faces.ts';
import { watchStates } from '../../support/watch-states.ts';
import type { TestIntegration } from '../../support/world.ts';
import { createPortal, type PortalRouteName, withIntegration } from '../portal/portal-world.ts';

/** The function of core behind each action of an operator. */
const ACTS = {
  portalInviteUser: 'inviteUser',
  portalUninviteUser: 'uninviteUser',
  portalRequireEnrollment: 'requireEnrollment',
  portalDisableUser: 'setUserDisabled',
  portalEnableUser: 'setUserDisabled',
  portalUnlockUser: 'unlockUser',
  portalDeleteUser: 'deleteUser',
} as const satisfies Partial<Record<PortalRouteName, string>>;
export type Act = keyof typeof ACTS;
export const ALL_ACTS = Object.keys(ACTS) as readonly Act[];

/** Actions that require a reason. */
const REASONED: readonly Act[] = ['portalRequireEnrollment', 'portalDisableUser', 'portalEnableUser'];

const OWNER = 'olga';
export const LOCK_SECONDS = 1800;
/** One wrong face locks. */
export const LOCKING = {
  lockout: { enabled: true, maxFailedAttempts: 1, windowSeconds: 86_400, lockSeconds: LOCK_SECONDS },
} as const;

export const parse = (answer: { body?: string | undefined }) => JSON.parse(answer.body ?? 'null');
export const WRONG: Partial<Scene> = { person: 'mallory' };
export const NOT_LIVE: Partial<Scene> = { confidence: 10 };
/** Gets as far as the check of faces, and fails there. */
export const TWO_FACES: Partial<Scene> = { faces: 2 };
export const NO_RESULT: Partial<Scene> = { status: 'FAILED' };

/** The service with its operators and users, with its states watched. */
export const createStage = async () => {
  const portal = await createPortal();
  const { world } = portal;
  const watch = watchStates(world);

  /** One that its journey may change. */
  const newIntegration = async (options: Partial<IntegrationOptionsInput> = {}): Promise<TestIntegration> => {
    const made = await withIntegration(portal, OWNER);
    await world.change(made.integrationId, options);
    return made;
  };
  const shared = new Map<string, Promise<TestIntegration>>();
  /** The one shared by all journeys that need only these options. */
  const integrationWith = (options: Partial<IntegrationOptionsInput> = {}): Promise<TestIntegration> => {
    const key = JSON.stringify(options);
    const made = shared.get(key) ?? newIntegration(options);
    shared.set(key, made);
    return made;
  };
  /** A user who was never here. */
  const newUser = (integration: TestIntegration) => {
    const externalId = world.newExternalId();
    const target = { integrationId: integration.integrationId, externalId };
    const login = (handlers: Handlers = watch.handlers, claims: object = {}): Promise<Browser> =>
      openLogin(world, integration, externalId, { handlers, claims });
    return {
      target,
      integration,
      login,
      /** @returns the status */
      tryAct: async (name: Act, more: object = {}) => {
        const body = { ...target, ...(REASONED.includes(name) ? { reason: 'as agreed' } : {}), ...more };
        return (await watch.during(ACTS[name], () => portal.call(OWNER, name, { body }))).status;
      },
      attempt: async (task: 'enroll' | 'verify', scene: Partial<Scene> = {}) =>
        (await login()).attempt(world, task, scene),
    };
  };
  type StageUser = ReturnType<typeof newUser>;
  const act = async (user: StageUser, name: Act, more: object = {}) =>
    expect(await user.tryAct(name, more), name).toBe(200);
  const enrolled = async (integration: TestIntegration): Promise<StageUser> => {
    const user = newUser(integration);
    expect(await user.attempt('enroll')).toMatchObject({ outcome: 'enrolled' });
    return user;
  };
  /** Starts an attempt before `scene`. */
  const start = async (browser: Browser, task: 'enroll' | 'verify', scene: Partial<Scene> = {}) => {
    const answer = parse(await browser.start(task, '2026-11'));
    if (answer.state === 'started') world.faces.play(answer.livenessSessionId, scene);
    return answer;
  };
  const startTimes = async (browser: Browser, task: 'enroll' | 'verify', times: number, scene: Partial<Scene> = {}) => {
    for (let time = 0; time < times; time += 1) await start(browser, task, scene);
  };
  /** The engine, with something that happens before it answers. */
  const facesAfter = (happens: Partial<Record<'create' | 'read' | 'compare', () => unknown>>) => {
    const { faces } = world;
    return {
      engine: faces.engine,
      createLiveness: async (...given: Parameters<typeof faces.createLiveness>) => {
        await happens.create?.();
        return faces.createLiveness(...given);
      },
      readLiveness: async (id: string) => {
        await happens.read?.();
        return faces.readLiveness(id);
      },
      countFaces: async (image: Uint8Array) => {
        await happens.compare?.();
        return faces.countFaces(image);
      },
      compare: async (...given: Parameters<typeof faces.compare>) => {
        await happens.compare?.();
        return faces.compare(...given);
      },
    };
  };
  /** The service in a process that dies when it is about to write one of these. */
  const dyingAt = (...names: readonly (keyof Sessions)[]) => {
    const value = () => Promise.reject(new Error('the process died'));
    const sessions = Object.create(watch.sessions, Object.fromEntries(names.map((name) => [name, { value }])));
    return sessions as Sessions;
  };
  /** The link to another device; that of the last e-mail if it was sent. */
  const offer = async (browser: Browser, transport: 'qr' | 'email' = 'qr'): Promise<string> => {
    const answer = parse(await browser.send('offerHandoff', { transport }));
    return answer.link ?? world.links.at(-1)?.link ?? '';
  };
  /** A device that opened the link. */
  const deviceOf = async (link: string): Promise<Browser> => {
    const device = new Browser(watch.handlers);
    await device.followLink(link);
    return device;
  };
  return {
    portal,
    world,
    watch,
    owner: OWNER,
    newIntegration,
    integrationWith,
    newUser,
    act,
    enrolled,
    start,
    startTimes,
    facesAfter,
    dyingAt,
    offer,
    deviceOf,
  };
};
export type Stage = Awaited<ReturnType<typeof createStage>>;
export type StageUser = ReturnType<Stage['newUser']>;
/** Plays one part of the diagrams. */
export type Journey = (stage: Stage) => Promise<void>;
