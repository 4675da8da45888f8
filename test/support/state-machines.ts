import { HandoffView } from '../../contract/api/handoff.ts';
import { UserState } from '../../contract/api/portal/users.ts';
import type { EpochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import { isSuccess } from '../../contract/protocol/outcomes.ts';
import { VERIFICATION_MAX_AGE_SECONDS } from '../../contract/protocol/result-token.ts';
import { isClaimed } from '../../lambdas/core/face-check/claim-attempt.ts';
import { isReturnable } from '../../lambdas/core/login/describe-session.ts';
import { waitingCheck } from '../../lambdas/core/model/handoff.ts';
import type { Integration } from '../../lambdas/core/model/integration.ts';
import { lockedUntil } from '../../lambdas/core/model/lockout.ts';
import { type Attempt, currentOutcome, type Session } from '../../lambdas/core/model/session.ts';
import { type User, withinRetention } from '../../lambdas/core/model/user.ts';
import { hasUserData, stateOf } from '../../lambdas/core/users/list-users.ts';

/** No row yet, or one that is over. */
export const NONE = '[*]';

/** How a diagram sees a row, by the rules of core. */
export interface Machine<Row> {
  /** All statuses of the code's type. */
  readonly statuses: readonly string[];
  /** Which of them a state of the diagram represents. */
  readonly statusesOf: Readonly<Record<string, readonly string[]>>;
  readonly stateOf: (row: Row, now: EpochSeconds) => string;
  /** The status of the row; null if core names none. */
  readonly statusOf: (row: Row, now: EpochSeconds) => string | null;
  /** Distinguishes an edge from a state to itself from no edge; null if there is none. */
  readonly turnOf: (row: Row) => string | null;
  /** What a change wrote besides the state, to be found after the cause. */
  readonly detailOf: (row: Row) => string | null;
}

const nothing = () => null;
/** The names of a type of core: the compiler notices a missing one. */
const namesOf = <Name extends string>(names: Readonly<Record<Name, true>>): readonly Name[] =>
  Object.keys(names) as Name[];

const endedState = (session: Session, now: EpochSeconds): string => {
  if (session.handedOverAt !== null) return isReturnable(session, now) ? 'handed_over' : 'closed';
  if (session.outcome === null || !isSuccess(session.outcome)) return 'refusal';
  return now - (session.finishedAt ?? 0) > VERIFICATION_MAX_AGE_SECONDS ? 'stale' : 'success';
};

const SESSION: Machine<Session> = {
  statuses: namesOf<Session['state']>({ open: true, finished: true }),
  statusesOf: {
    open: ['open'],
    expired: ['open'],
    success: ['finished'],
    stale: ['finished'],
    refusal: ['finished'],
    handed_over: ['finished'],
    closed: ['finished'],
  },
  stateOf: (session, now) => {
    if (session.state === 'finished') return endedState(session, now);
    return currentOutcome(session, now) === null ? 'open' : 'expired';
  },
  statusOf: ({ state }) => state,
  turnOf: nothing,
  detailOf: ({ outcome }) => outcome,
};

const ATTEMPT: Machine<Session> = {
  statuses: namesOf<Attempt['status']>({ reserved: true, started: true, judged: true, released: true }),
  statusesOf: {
    reserved: ['reserved'],
    started: ['started'],
    claimed: ['started'],
    judged: ['judged'],
    released: ['released'],
  },
  stateOf: ({ attempt, state }, now) => {
    if (attempt === null || state === 'finished') return NONE;
    return attempt.status === 'started' && isClaimed(attempt, now) ? 'claimed' : attempt.status;
  },
  statusOf: ({ attempt }) => attempt?.status ?? null,
  turnOf: ({ attempt }) => (attempt === null ? null : String(attempt.number)),
  detailOf: nothing,
};

const HANDOFF: Machine<Session> = {
  statuses: HandoffView.shape.state.options,
  statusesOf: {
    offered: ['offered'],
    link_ended: ['offered'],
    opened: ['opened'],
    opened_here: ['opened'],
    passed: ['passed'],
    last_code: ['opened'],
    confirmed: ['opened'],
  },
  stateOf: (session, now) => {
    const { handoff, attempt } = session;
    if (handoff === null) return NONE;
    const outcome = currentOutcome(session, now);
    if (outcome !== null) return isSuccess(outcome) && attempt?.by === 'device' ? 'confirmed' : NONE;
    if (handoff.openedBy === null) return now < handoff.linkEndsAt ? 'offered' : 'link_ended';
    if (waitingCheck(session, now) !== null) return 'passed';
    if (handoff.passed?.attempt === attempt?.number && handoff.passed?.triesLeft === 0) return 'last_code';
    return handoff.openedBy === 'login' ? 'opened_here' : 'opened';
  },
  statusOf: nothing,
  turnOf: ({ handoff }) => (handoff === null ? null : String(handoff.step)),
  detailOf: nothing,
};

/** A user, and the policy that locks them. */
export interface Person {
  readonly row: User;
  readonly integration: Integration;
}

const FACE: Machine<Person> = {
  statuses: UserState.options.filter((state) => state === 'enrolled' || state === 'not_enrolled'),
  statusesOf: {
    not_enrolled: ['not_enrolled'],
    invited: ['not_enrolled'],
    reenrollment: ['not_enrolled'],
    reenrollment_ended: ['not_enrolled'],
    empty: ['not_enrolled'],
    enrolled: ['enrolled'],
  },
  stateOf: ({ row }, now) => {
    const user = withinRetention(row, now) ?? row;
    if (user.reference !== null) return 'enrolled';
    if (user.invitation !== null && now < user.invitation.endsAt) return 'invited';
    if (user.reenrollment !== null) return now < user.reenrollment.until ? 'reenrollment' : 'reenrollment_ended';
    return hasUserData({ ...user, disabled: null }) ? 'not_enrolled' : 'empty';
  },
  statusOf: ({ row, integration }, now) => {
    const status = stateOf(withinRetention(row, now) ?? row, integration, now);
    return status === 'enrolled' || status === 'not_enrolled' ? status : null;
  },
  turnOf: nothing,
  detailOf: nothing,
};

const ACCESS: Machine<Person> = {
  statuses: UserState.options,
  statusesOf: { free: ['enrolled', 'not_enrolled'], locked: ['locked'], disabled: ['disabled'] },
  stateOf: ({ row, integration }, now) => {
    if (row.disabled !== null) return 'disabled';
    return lockedUntil(row, integration.lockout, now) === null ? 'free' : 'locked';
  },
  statusOf: ({ row, integration }, now) => stateOf(withinRetention(row, now) ?? row, integration, now),
  turnOf: nothing,
  detailOf: nothing,
};

export const MACHINES = { session: SESSION, attempt: ATTEMPT, handoff: HANDOFF, face: FACE, access: ACCESS } as const;
export type MachineName = keyof typeof MACHINES;
/** In the order of the page's diagrams and their regions. */
export const MACHINE_NAMES = Object.keys(MACHINES) as readonly MachineName[];
