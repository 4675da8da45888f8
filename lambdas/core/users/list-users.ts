import type { UserPage, UserState, UserSummary, UserView } from '../../../contract/api/portal/users.ts';
import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Actor } from '../accounts/audit.ts';
import type { Operator } from '../accounts/operator.ts';
import { consentOnRecord } from '../integrations/consents.ts';
import { ownIntegration, type PortalIntegrationPorts } from '../integrations/portal-integrations.ts';
import type { Integration } from '../model/integration.ts';
import { countedFailures, lockedUntil } from '../model/lockout.ts';
import { boundedPage, type Slice } from '../model/page.ts';
import { STARTS_WINDOW_SECONDS } from '../model/paid-starts.ts';
import type { Clock } from '../model/ports.ts';
import { Problem } from '../model/problem.ts';
import { type Consent, type User, type Users, withinRetention } from '../model/user.ts';

/** Which users, by the indexes that there are. All listings hold only External IDs that begin with `prefix`. */
export type UserListing = { readonly prefix: string } & (
  | { readonly of: 'all' }
  /** By the state in the row; in the order of External IDs. */
  | { readonly of: 'state'; readonly state: Exclude<UserState, 'locked'> }
  /** With failures since their last success, the last of them after `since`; newest first. */
  | { readonly of: 'failed-since'; readonly since: EpochSeconds }
  /** With as many starts as allowed, and not among the former; in the order of External IDs. No index has them: all rows are read. */
  | { readonly of: 'starts-spent'; readonly startsSince: EpochSeconds; readonly failedSince: EpochSeconds }
);

export interface PortalUsers extends Users {
  slice(
    integrationId: string,
    listing: UserListing,
    from: { readonly after: string | null; readonly want: number },
  ): Promise<Slice<User>>;
}

export interface ListUserPorts extends Pick<PortalIntegrationPorts, 'integrations'> {
  readonly users: PortalUsers;
  readonly clock: Clock;
}

/** The state of a user at `now`. */
export const stateOf = (user: User, integration: Integration, now: EpochSeconds): UserState => {
  if (user.disabled !== null) return 'disabled';
  if (lockedUntil(user, integration.lockout, now) !== null) return 'locked';
  return user.reference === null ? 'not_enrolled' : 'enrolled';
};

const summaryOf = (user: User, integration: Integration, now: EpochSeconds): UserSummary => ({
  externalId: user.externalId,
  state: stateOf(user, integration, now),
  enrolledAt: user.reference?.enrolledAt ?? null,
  lastVerifiedAt: user.lastVerifiedAt,
  failures: countedFailures(user, integration.lockout, now),
  lockedUntil: lockedUntil(user, integration.lockout, now),
});

/** False for an erased row, which holds no data of a user any more. */
export const hasUserData = (user: User): boolean =>
  [
    user.reference,
    user.lastAttemptAt,
    user.startsSince,
    user.lastVerifiedAt,
    user.disabled,
    user.reenrollment,
    user.invitation,
  ].some((member) => member !== null);

/** A lock is not in the row: it follows from time and policy. */
const sliceOf = (
  users: PortalUsers,
  integration: Integration,
  { prefix, state }: Pick<UserQuery, 'prefix' | 'state'>,
  now: EpochSeconds,
) => {
  if (state === 'locked') {
    return (after: string | null, want: number) => lockedSlice(users, integration, prefix, now, { after, want });
  }
  const listing: UserListing = state === null ? { prefix, of: 'all' } : { prefix, of: 'state', state };
  return (after: string | null, want: number) => users.slice(integration.integrationId, listing, { after, want });
};

/** Prefix of the place of a user who is locked by starts alone; no other place begins like this. */
const BY_STARTS = 'starts#';

/** Users who failed within the lock time, newest first, and then those who are locked by starts alone. */
const lockedSlice = async (
  users: PortalUsers,
  { integrationId, lockout }: Integration,
  prefix: string,
  now: EpochSeconds,
  from: { readonly after: string | null; readonly want: number },
): Promise<Slice<User>> => {
  const failedSince = addSeconds(now, -lockout.lockSeconds);
  if (!from.after?.startsWith(BY_STARTS)) {
    const failed = await users.slice(integrationId, { prefix, of: 'failed-since', since: failedSince }, from);
    return { ...failed, after: failed.after ?? BY_STARTS };
  }
  const after = from.after.slice(BY_STARTS.length) || null;
  const startsSince = addSeconds(now, -STARTS_WINDOW_SECONDS);
  const listing = { prefix, of: 'starts-spent', startsSince, failedSince } as const;
  const { rows, after: next } = await users.slice(integrationId, listing, { ...from, after });
  return {
    rows: rows.map(({ row, place }) => ({ row, place: BY_STARTS + place })),
    after: next === null ? null : BY_STARTS + next,
  };
};

export interface UserQuery {
  readonly prefix: string;
  readonly state: UserState | null;
  readonly after: string | null;
  readonly limit: number;
}

/**
 * One page of the users of an integration. Each state has an index to read from. A few of its rows may be left out because their state
 * has changed since, so a page may be short without being the last.
 * @throws Problem `not-found`
 */
export const listUsers =
  (ports: ListUserPorts) =>
  async (operator: Operator, integrationId: string, query: UserQuery): Promise<UserPage> => {
    const integration = await ownIntegration(ports, operator, integrationId);
    const now = ports.clock();
    const { items, after } = await boundedPage(query, sliceOf(ports.users, integration, query, now), (row) => {
      const user = withinRetention(row, now) ?? row;
      const summary = summaryOf(user, integration, now);
      return hasUserData(user) && (query.state === null || summary.state === query.state) ? summary : null;
    });
    return { users: [...items], cursor: after };
  };

/**
 * A user of the operator's own account; `row` as it is stored, which may still hold a face past its retention. @throws Problem
 * `not-found`
 */
export const ownUser = async (
  ports: Pick<ListUserPorts, 'integrations' | 'clock'> & { readonly users: Users },
  operator: Actor,
  integrationId: string,
  externalId: string,
): Promise<{ readonly integration: Integration; readonly user: User; readonly row: User }> => {
  const integration = await ownIntegration(ports, operator, integrationId);
  const row = await ports.users.read(integrationId, externalId);
  const user = withinRetention(row, ports.clock());
  if (row === null || user === null || !hasUserData(user)) throw new Problem('not-found', 'no such user');
  return { integration, user, row };
};

/** What a user agreed to. A text that was changed under its name before a history was kept has a different hash. */
const consentView = async (
  ports: Pick<ListUserPorts, 'integrations'>,
  integration: Integration,
  consent: Consent,
): Promise<UserView['consent']> => {
  const onRecord = await consentOnRecord(ports, integration, consent.version);
  return { ...consent, isTextOnRecord: onRecord?.textSha256 === consent.textSha256 };
};

const viewOf = async (
  ports: Parameters<typeof ownUser>[0],
  integration: Integration,
  user: User,
): Promise<UserView> => ({
  ...summaryOf(user, integration, ports.clock()),
  engine: user.reference?.engine ?? null,
  version: user.version,
  consent: user.consent === null ? null : await consentView(ports, integration, user.consent),
  purgeAt: user.purgeAt,
  disabled: user.disabled,
  reenrollment: user.reenrollment,
  // The name of release 0.1: a page that was loaded before the service was upgraded reads it.
  reenrolment: user.reenrollment,
  invitation: user.invitation,
});

/** @throws Problem `not-found` */
export const readUser =
  (ports: Parameters<typeof ownUser>[0]) =>
  async (operator: Operator, integrationId: string, externalId: string): Promise<UserView> => {
    const { integration, user } = await ownUser(ports, operator, integrationId, externalId);
    return viewOf(ports, integration, user);
  };

/**
 * The state of a user after an action on their row. The action may have removed the last data in it, such as the only starts that were
 * counted: it is done all the same, and the answer says so.
 * @throws Problem `not-found`: the row has been removed since
 */
export const readAfterAction =
  (ports: Parameters<typeof ownUser>[0]) =>
  async (operator: Operator, integrationId: string, externalId: string): Promise<UserView> => {
    const integration = await ownIntegration(ports, operator, integrationId);
    const user = withinRetention(await ports.users.read(integrationId, externalId), ports.clock());
    if (user === null) throw new Problem('not-found', 'no such user');
    return viewOf(ports, integration, user);
  };
