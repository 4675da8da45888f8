import { AsyncLocalStorage } from 'node:async_hooks';
import type { BatchWriteCommandInput, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { ROUTES, type RouteName } from '../../contract/api/routes.ts';
import { type EpochSeconds, epochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import { RESULT_TOKEN_LIFETIME_SECONDS, VERIFICATION_MAX_AGE_SECONDS } from '../../contract/protocol/result-token.ts';
import type { Integration } from '../../lambdas/core/model/integration.ts';
import type { Job, JobQueue } from '../../lambdas/core/model/job.ts';
import { CLAIM_SECONDS } from '../../lambdas/core/model/lockout.ts';
import type { Sessions } from '../../lambdas/core/model/ports.ts';
import type { HttpHandler } from '../../lambdas/http/endpoint.ts';
import type { Handlers } from './login.ts';
import { MACHINES, type Machine, type MachineName, NONE } from './state-machines.ts';
import type { World } from './world.ts';

/** Something that happened to a row. */
export interface Transition {
  readonly machine: MachineName;
  readonly from: string;
  readonly to: string;
  /** What was running: the call, and within it the write of the port `Sessions`; or `time`. */
  readonly causes: readonly string[];
  readonly detail: string | null;
}

/** The function of core behind each route that writes a session or a person. */
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

/** More pieces of work than a test leaves. */
const MANY = 1000;

const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems', 'BatchWriteItem'].map(
  (name) => `${name}Command`,
);

type Row = Readonly<Record<string, unknown>>;
type Known = { readonly kind: 'session' | 'user'; readonly row: unknown; readonly at: EpochSeconds };

/** After what a row names, something may be over: looked at, not relied on. */
const AFTER_SECONDS = [
  0,
  CLAIM_SECONDS,
  RESULT_TOKEN_LIFETIME_SECONDS,
  VERIFICATION_MAX_AGE_SECONDS + 1,
  170,
  1800,
  3600,
];

const secondsIn = (value: unknown): readonly number[] => {
  if (typeof value === 'number') return value > 1_000_000_000 ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secondsIn) : [];
};

/** Moments in (`from`, `to`] at which time alone may change what a row is. */
const momentsOf = (row: unknown, from: EpochSeconds, to: EpochSeconds): readonly EpochSeconds[] => {
  const moments = secondsIn(row).flatMap((at) => AFTER_SECONDS.map((seconds) => at + seconds));
  const within = moments.filter((at) => at > from && at < to).toSorted((a, b) => a - b);
  return [...new Set(within), to].map(epochSeconds);
};

const nameOfCall = (event: Parameters<HttpHandler>[0]): string => {
  const route = ROUTES.find(({ method, path }) => `${method} ${path}` === event.routeKey);
  const form = new URLSearchParams(Buffer.from(event.body ?? '', 'base64').toString());
  if (route?.name === 'openHandoff' && form.get('answer') === 'report') return 'reportHandoff';
  return (route === undefined ? undefined : FUNCTION_OF[route.name]) ?? 'no function that writes';
};

/** Which rows of the two tables a command writes, as keys or whole. */
const writtenBy = (input: unknown): readonly { readonly table: string; readonly row: Row }[] => {
  const { TableName, Key, Item, TransactItems, RequestItems } = input as {
    TableName?: string;
    Key?: Row;
    Item?: Row;
  } & Partial<Pick<TransactWriteCommandInput, 'TransactItems'>> &
    Partial<Pick<BatchWriteCommandInput, 'RequestItems'>>;
  if (TransactItems !== undefined)
    return TransactItems.flatMap((item) => Object.values(item).flatMap((part) => writtenBy(part)));
  if (RequestItems !== undefined)
    return Object.entries(RequestItems).flatMap(([table, items]) =>
      items.map(({ PutRequest, DeleteRequest }) => ({ table, row: PutRequest?.Item ?? DeleteRequest?.Key ?? {} })),
    );
  return TableName === undefined ? [] : [{ table: TableName, row: Key ?? Item ?? {} }];
};

/** Watches every row of a session and a person that a world's service writes, and what its states are by the rules of core. */
export const watchStates = (world: World) => {
  const running = new AsyncLocalStorage<readonly string[]>();
  const during = <Value>(cause: string, work: () => Value): Value =>
    running.run([...(running.getStore() ?? []), cause], work);
  const transitions = new Map<string, Transition>();
  /** Where the page's status of a state is not the one that the code gives the row. */
  const wrongStatuses: string[] = [];
  const known = new Map<string, Known>();
  const integrations = new Map<string, Integration>();

  const note = (transition: Transition): void => void transitions.set(JSON.stringify(transition), transition);
  const stateOf = <R>(name: MachineName, row: R | null, now: EpochSeconds): string => {
    if (row === null) return NONE;
    const machine = MACHINES[name] as unknown as Machine<R>;
    const state = machine.stateOf(row, now);
    const status = machine.statusOf(row, now);
    if (state !== NONE && status !== null && !machine.statusesOf[state]?.includes(status))
      wrongStatuses.push(`${name}: ${state} is ${status}`);
    return state;
  };
  const compare = <R>(
    name: MachineName,
    before: R | null,
    after: R | null,
    now: EpochSeconds,
    causes: readonly string[],
  ) => {
    const machine = MACHINES[name] as unknown as Machine<R>;
    const [from, to] = [stateOf(name, before, now), stateOf(name, after, now)];
    const [turned, turn] = [before, after].map((row) => (row === null ? null : machine.turnOf(row)));
    if (from === to && (from === NONE || turned === turn)) return;
    const [told, detail = null] = [before, after].map((row) => (row === null ? null : machine.detailOf(row)));
    note({ machine: name, from, to, causes, detail: told === detail ? null : detail });
  };
  /** What time alone made of a row since it was seen last. */
  const passTime = (names: readonly MachineName[], { row, at }: Known, now: EpochSeconds): void => {
    for (const name of names) {
      let from = stateOf(name, row, at);
      for (const moment of momentsOf(row, at, now)) {
        const to = stateOf(name, row, moment);
        if (to !== from) note({ machine: name, from, to, causes: ['time'], detail: null });
        from = to;
      }
    }
  };
  const NAMES = { session: ['session', 'attempt', 'handoff'], user: ['face', 'access'] } as const;
  const see = (key: string, kind: Known['kind'], row: unknown, causes: readonly string[]): void => {
    const now = world.now();
    const before = known.get(key) ?? null;
    if (before !== null) passTime(NAMES[kind], before, now);
    for (const name of NAMES[kind]) compare(name, before?.row ?? null, row, now, causes);
    known.set(key, { kind, row, at: now });
  };

  const readRow = async (table: string, row: Row): Promise<Parameters<typeof see> | null> => {
    const causes = running.getStore() ?? ['nobody'];
    if (table === world.tables.SESSION_TABLE) {
      const [, integrationId, jti] = /^session#(.+)#(.+)$/.exec(String(row['sessionKey'])) ?? [];
      if (integrationId === undefined || jti === undefined) return null;
      return [`${integrationId} ${jti}`, 'session', await world.ports.sessions.read(integrationId, jti), causes];
    }
    if (table !== world.tables.USER_TABLE) return null;
    const [integrationId, externalId] = [String(row['integrationId']), String(row['externalId'])];
    // As it was when the person came: it may be deleted by now.
    const integration = integrations.get(integrationId) ?? (await world.ports.integrations.read(integrationId));
    if (integration === null) throw new Error('a person of no integration');
    integrations.set(integrationId, integration);
    const user = await world.ports.users.read(integrationId, externalId);
    return [`${integrationId} ${externalId}`, 'user', user === null ? null : { row: user, integration }, causes];
  };

  const isWatched = (table: string) => table === world.tables.SESSION_TABLE || table === world.tables.USER_TABLE;
  // One write after the other, so that no state between two parallel ones is missed.
  let last: Promise<unknown> = Promise.resolve();
  world.documents.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const written = WRITES.includes(commandName ?? '') ? writtenBy(args.input) : [];
        if (!written.some(({ table }) => isWatched(table))) return next(args);
        const turn = last.then(async () => {
          const answer = await next(args);
          for (const { table, row } of written) {
            const seen = await readRow(table, row);
            if (seen !== null) see(...seen);
          }
          return answer;
        });
        last = turn.catch(() => {});
        return turn;
      },
    { step: 'initialize', name: 'watchStates' },
  );

  const sessions = new Proxy(world.ports.sessions, {
    get: (target, member) => {
      const value: unknown = Reflect.get(target, member, target);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => during(String(member), () => value.apply(target, given));
    },
  });
  const watched = (handlers: Handlers): Handlers =>
    Object.fromEntries(
      Object.entries(handlers).map(([name, handler]): [string, HttpHandler] => [
        name,
        (event, context) => during(nameOfCall(event), () => handler(event, context)),
      ]),
    ) as unknown as Handlers;
  const handlersWith = (replaced: Parameters<World['handlersWith']>[0] = {}): Handlers =>
    watched(world.handlersWith({ sessions, pause: async () => {}, ...replaced }));

  return {
    handlers: handlersWith(),
    /** The same with some ports replaced. */
    handlersWith,
    sessions: sessions as Sessions,
    during,
    /** Housekeeping, of one kind of work alone, so that what it writes has one cause. */
    housekeep: (kind: keyof typeof FUNCTION_OF_JOB): Promise<number> => {
      const { queue } = world;
      const only: JobQueue = {
        add: (work, dueAt) => queue.add(work, dueAt),
        done: (item) => queue.done(item),
        postpone: (item, dueAt, failures) => queue.postpone(item, dueAt, failures),
        due: async (name, now) => {
          const { items, unreadable } = await queue.due(name, now, MANY);
          return { items: items.filter(({ work }) => work.kind === kind), unreadable };
        },
      };
      return during(FUNCTION_OF_JOB[kind], () => world.housekeep({ queue: only }));
    },
    /** What happened so far, time included. */
    transitions: (): readonly Transition[] => {
      for (const [key, row] of known) {
        passTime(NAMES[row.kind], row, world.now());
        known.set(key, { ...row, at: world.now() });
      }
      return [...transitions.values()];
    },
    /** Begins anew, with the rows that are written from now on. */
    forget: (): void => {
      transitions.clear();
      known.clear();
    },
    wrongStatuses: (): readonly string[] => [...new Set(wrongStatuses)],
  };
};

export type Watch = ReturnType<typeof watchStates>;
