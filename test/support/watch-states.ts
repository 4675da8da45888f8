import { type EpochSeconds, epochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import { RESULT_TOKEN_LIFETIME_SECONDS, VERIFICATION_MAX_AGE_SECONDS } from '../../contract/protocol/result-token.ts';
import type { Integration } from '../../lambdas/core/model/integration.ts';
import { CLAIM_SECONDS } from '../../lambdas/core/model/lockout.ts';
import { trackRunningCalls } from './running-calls.ts';
import { MACHINES, type Machine, type MachineName, NONE } from './state-machines.ts';
import type { World } from './world.ts';
import { observeWrites, type WrittenRow } from './written-rows.ts';

/** Something that happened to a row. */
export interface Transition {
  readonly machine: MachineName;
  readonly from: string;
  readonly to: string;
  /** What was running, outermost first; or `time`. */
  readonly causes: readonly string[];
  readonly detail: string | null;
}

/** A row as last seen, by the machines that interpret it; null: it is gone. */
interface Seen {
  readonly machines: readonly MachineName[];
  readonly row: unknown;
  readonly at: EpochSeconds;
}

/** Seconds after a moment named in a row at which something may be over: checked, not relied on. */
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

/** Moments after `from`, up to `to`, at which time alone may change a row's state. */
const momentsOf = (row: unknown, from: EpochSeconds, to: EpochSeconds): readonly EpochSeconds[] => {
  const moments = secondsIn(row).flatMap((at) => AFTER_SECONDS.map((seconds) => at + seconds));
  const within = moments.filter((at) => at > from && at < to).toSorted((a, b) => a - b);
  return [...new Set(within), to].map(epochSeconds);
};

/** What rows went through, by the rules of core. */
class Transitions {
  readonly #noted = new Map<string, Transition>();
  readonly #seen = new Map<string, Seen>();
  readonly #wrong = new Set<string>();

  /** Takes a row as written at `now`, while `causes` were running. */
  see(key: string, { machines, row, at: now }: Seen, causes: readonly string[]): void {
    const before = this.#seen.get(key) ?? null;
    if (before !== null) this.#passTime(before, now);
    for (const name of machines) this.#compare(name, before?.row ?? null, row, now, causes);
    this.#seen.set(key, { machines, row, at: now });
  }

  /** Everything that happened up to `now`. */
  until(now: EpochSeconds): readonly Transition[] {
    for (const [key, seen] of this.#seen) {
      this.#passTime(seen, now);
      this.#seen.set(key, { ...seen, at: now });
    }
    return [...this.#noted.values()];
  }

  forget(): void {
    this.#noted.clear();
    this.#seen.clear();
  }

  get wrongStatuses(): readonly string[] {
    return [...this.#wrong];
  }

  #note(transition: Transition): void {
    this.#noted.set(JSON.stringify(transition), transition);
  }

  #stateOf(name: MachineName, row: unknown, now: EpochSeconds): string {
    if (row === null) return NONE;
    const machine = MACHINES[name] as Machine<unknown>;
    const state = machine.stateOf(row, now);
    const status = machine.statusOf(row, now);
    if (state !== NONE && status !== null && !machine.statusesOf[state]?.includes(status))
      this.#wrong.add(`${name}: ${state} is ${status}`);
    return state;
  }

  #compare(machine: MachineName, before: unknown, after: unknown, now: EpochSeconds, causes: readonly string[]): void {
    const { turnOf, detailOf } = MACHINES[machine] as Machine<unknown>;
    const of = (what: (row: unknown) => string | null) =>
      [before, after].map((row) => (row === null ? null : what(row)));
    const [from, to] = [this.#stateOf(machine, before, now), this.#stateOf(machine, after, now)];
    const [turn, turned] = of(turnOf);
    if (from === to && (from === NONE || turn === turned)) return;
    const [said, detail = null] = of(detailOf);
    this.#note({ machine, from, to, causes, detail: said === detail ? null : detail });
  }

  /** What time alone changed in a row since it was last seen. */
  #passTime({ machines, row, at }: Seen, now: EpochSeconds): void {
    for (const machine of machines) {
      let from = this.#stateOf(machine, row, at);
      for (const moment of momentsOf(row, at, now)) {
        const to = this.#stateOf(machine, row, moment);
        if (to !== from) this.#note({ machine, from, to, causes: ['time'], detail: null });
        from = to;
      }
    }
  }
}

/** Watches every session and user whose row a world's service writes. */
export const watchStates = (world: World) => {
  const calls = trackRunningCalls(world);
  const transitions = new Transitions();
  const integrations = new Map<string, Integration>();
  const { SESSION_TABLE, USER_TABLE } = world.tables;

  const observeSession = async (row: WrittenRow['row']): Promise<void> => {
    // Other rows of the table have keys of other kinds.
    const [key, integrationId, jti] = /^session#(.+)#(.+)$/.exec(String(row['sessionKey'])) ?? [];
    if (key === undefined || integrationId === undefined || jti === undefined) return;
    const session = await world.ports.sessions.read(integrationId, jti);
    const machines = ['session', 'attempt', 'handoff'] as const;
    transitions.see(key, { machines, row: session, at: world.now() }, calls.running());
  };
  const observeUser = async (row: WrittenRow['row']): Promise<void> => {
    const [integrationId, externalId] = [String(row['integrationId']), String(row['externalId'])];
    // As it was when the user came: it may be deleted by now.
    const integration = integrations.get(integrationId) ?? (await world.ports.integrations.read(integrationId));
    if (integration === null) throw new Error('a user of no integration');
    integrations.set(integrationId, integration);
    const user = await world.ports.users.read(integrationId, externalId);
    const person = user === null ? null : { row: user, integration };
    const seen = { machines: ['face', 'access'], row: person, at: world.now() } as const;
    transitions.see(`${integrationId} ${externalId}`, seen, calls.running());
  };
  observeWrites(world.documents, [SESSION_TABLE, USER_TABLE], ({ table, row }) =>
    table === SESSION_TABLE ? observeSession(row) : observeUser(row),
  );

  return {
    ...calls,
    /** What happened so far, including by time. */
    transitions: (): readonly Transition[] => transitions.until(world.now()),
    /** Starts over, with the rows that are written from now on. */
    forget: (): void => transitions.forget(),
    /** Where the page's status of a state differs from the one that the code gives a row. */
    wrongStatuses: (): readonly string[] => transitions.wrongStatuses,
  };
};
