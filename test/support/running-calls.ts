import { AsyncLocalStorage } from 'node:async_hooks';
import { ROUTES, type RouteName } from '../../contract/api/routes.ts';
import type { Job, JobQueue } from '../../lambdas/core/model/job.ts';
import type { Sessions } from '../../lambdas/core/model/sessions.ts';
import type { HttpHandler } from '../../lambdas/http/endpoint.ts';
import type { Handlers } from './login.ts';
import type { World } from './world.ts';

/** The function of core behind each route of the capture page that writes a session or a user. */
const FUNCTION_OF: Readonly<Partial<Record<RouteName, string>>> = {
  openSession: 'openSession',
  returnToLogin: 'returnResult',
  openHandoff: 'openHandoff',
  endSession: 'endSession',
  releaseAttempt: 'releaseAttempt',
  offerHandoff: 'offerHandoff',
  confirmCode: 'confirmCode',
  startEnrollLiveness: 'startLiveness',
  startVerifyLiveness: 'startLiveness',
  completeEnroll: 'completeCheck',
  completeVerify: 'completeCheck',
};

/** The function that does each kind of housekeeping. */
const FUNCTION_OF_JOB = {
  'face-object': 'expireFace',
  'session-end': 'forgetSession',
  'liveness-start': 'refundUnusedStart',
  'people-of-integration': 'deleteUsersOfIntegration',
} as const satisfies Partial<Record<Job['kind'], string>>;

/** More jobs than a test leaves. */
const MANY = 1000;

const nameOfCall = (event: Parameters<HttpHandler>[0]): string => {
  const route = ROUTES.find(({ method, path }) => `${method} ${path}` === event.routeKey);
  const form = new URLSearchParams(Buffer.from(event.body ?? '', 'base64').toString());
  if (route?.name === 'openHandoff' && form.get('answer') === 'report') return 'reportHandoff';
  return (route === undefined ? undefined : FUNCTION_OF[route.name]) ?? 'no function that writes';
};

/** A queue in which only one kind of job is visible. */
const only = (queue: JobQueue, kind: Job['kind']): JobQueue => ({
  add: (work, dueAt) => queue.add(work, dueAt),
  done: (item) => queue.done(item),
  postpone: (item, dueAt, failures) => queue.postpone(item, dueAt, failures),
  due: async (name, now) => {
    const { items, unreadable } = await queue.due(name, now, MANY);
    return { items: items.filter(({ work }) => work.kind === kind), unreadable };
  },
});

/** A world's service that knows at each moment what is running in it: the call, and within it the write of the port `Sessions`. */
export const trackRunningCalls = (world: World) => {
  const running = new AsyncLocalStorage<readonly string[]>();
  const during = <Value>(name: string, work: () => Value): Value =>
    running.run([...(running.getStore() ?? []), name], work);
  const sessions: Sessions = new Proxy(world.ports.sessions, {
    get: (target, member) => {
      const value: unknown = Reflect.get(target, member, target);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => during(String(member), () => value.apply(target, given));
    },
  });
  const watched = ({ session, enroll, verify }: Handlers): Handlers => {
    const named = (handler: HttpHandler): HttpHandler => {
      return (event, context) => during(nameOfCall(event), () => handler(event, context));
    };
    return { session: named(session), enroll: named(enroll), verify: named(verify) };
  };
  /** The service with some ports replaced; it does not pause. */
  const handlersWith = (replaced: Parameters<World['handlersWith']>[0] = {}): Handlers =>
    watched(world.handlersWith({ sessions, pause: async () => {}, ...replaced }));
  return {
    /** The names of what is running, outermost first. */
    running: (): readonly string[] => running.getStore() ?? ['nobody'],
    /** Runs something under a name. */
    during,
    sessions,
    handlers: handlersWith(),
    handlersWith,
    /** Housekeeping of only one kind of job, so that what it writes has one cause. */
    housekeep: (kind: keyof typeof FUNCTION_OF_JOB): Promise<number> =>
      during(FUNCTION_OF_JOB[kind], () => world.housekeep({ queue: only(world.queue, kind) })),
  };
};
