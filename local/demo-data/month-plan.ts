import { addSeconds, type EpochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import { type PlannedLogin, type PlanOptions, planLogins } from './login-plan.ts';

/** An operator's action on a user. */
export interface PlannedAction {
  readonly externalId: string;
  readonly at: EpochSeconds;
  readonly kind: 'disable' | 'require-enrollment' | 'unlock';
  readonly reason: string;
}

export interface MonthPlan {
  /** In chronological order. */
  readonly logins: readonly PlannedLogin[];
  readonly actions: readonly PlannedAction[];
  /** External IDs of users who are locked out at `until` and on whom no operator has acted yet. */
  readonly lockedUsers: readonly string[];
}

const KINDS = ['disable', 'require-enrollment', 'unlock'] as const;
const REASONS = ['left the company', 'phone reported stolen', 'requested by the user', 'new picture wanted'] as const;
/** When the locked-out users were refused: three wrong faces each time, within the lock's half hour. */
const REFUSED_SECONDS_AGO = [840, 600] as const;
const ACTION_AFTER_SECONDS = 1800;

/** Each user's logins, in the order of the users' first logins. */
const byUser = (logins: readonly PlannedLogin[]): ReadonlyMap<string, readonly PlannedLogin[]> => {
  const users = new Map<string, PlannedLogin[]>();
  for (const login of logins) users.set(login.externalId, [...(users.get(login.externalId) ?? []), login]);
  return users;
};

/** A user who passed the first check is enrolled; only enrolled users can be refused for another face. */
const isEnrolled = ([first]: readonly PlannedLogin[]): boolean => first?.scenes.at(-1) === 'passes';

const lockOut = (externalId: string, until: EpochSeconds): readonly PlannedLogin[] =>
  REFUSED_SECONDS_AGO.map((secondsAgo) => ({
    externalId,
    at: addSeconds(until, -secondsAgo),
    app: 'Harbour Bank',
    mode: 'always',
    scenes: ['another-face', 'another-face', 'another-face'],
    leaves: null,
    paceSeconds: 8,
  }));

/** Some users are deactivated, some must re-enroll, some are unlocked, each half an hour after the user's last login. */
const planActions = (users: readonly (readonly [string, readonly PlannedLogin[]])[]): readonly PlannedAction[] => {
  const every = Math.max(5, Math.floor(users.length / 24));
  return users
    .filter((_, index) => index % every === every - 1)
    .flatMap(([externalId, logins], turn) => {
      const last = logins.at(-1);
      const kind = KINDS[turn % KINDS.length];
      const reason = REASONS[turn % REASONS.length];
      if (last === undefined || kind === undefined || reason === undefined) return [];
      return { externalId, at: addSeconds(last.at, ACTION_AFTER_SECONDS), kind, reason };
    });
};

/**
 * A month of an organization: its users' logins, what its operators did, and a few users who were locked out just now. Operators
 * act on none of the locked-out users, so that each state of a user can be seen at any hour.
 */
export const planMonth = (options: PlanOptions): MonthPlan => {
  const logins = planLogins(options);
  const users = [...byUser(logins)];
  const lockedUsers = users
    .filter(([, userLogins]) => isEnrolled(userLogins))
    .slice(0, Math.ceil(options.people / 300))
    .map(([externalId]) => externalId);
  return {
    logins: [...logins, ...lockedUsers.flatMap((externalId) => lockOut(externalId, options.until))].sort(
      (a, b) => a.at - b.at,
    ),
    actions: planActions(users.filter(([externalId]) => !lockedUsers.includes(externalId))),
    lockedUsers,
  };
};
