import type {
  DeletionReceipt,
  UserPage,
  UserState,
  UserSummary,
  UserView,
} from '../../../contract/api/portal/users.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { FaceObjectWork } from '../due-work.ts';
import type { Integration } from '../integration.ts';
import type { Log, References, Users } from '../ports.ts';
import { Problem } from '../problem.ts';
import { countedFailures, lockedUntil, type User, withinRetention } from '../user.ts';
import { type Actor, type AuditPorts, noteAct } from './audit.ts';
import { ownIntegration, type PortalIntegrationPorts } from './integrations.ts';
import type { Operator } from './operator.ts';

export interface PortalUsers extends Users {
  /** In the order of External IDs, from behind `after`. `after` of the answer is null at the end. */
  page(
    integrationId: string,
    query: { readonly prefix: string; readonly after: string | null; readonly limit: number },
  ): Promise<{ readonly users: readonly User[]; readonly after: string | null }>;
  /** Sets the counter of failures to none. False if there is no such person. */
  clearFailures(integrationId: string, externalId: string): Promise<boolean>;
  /**
   * Replaces the person's row by an empty one of a higher version, so that no login in flight can finish against it, and has the
   * face looked after at once; one transaction.
   * @returns false if the row changed meanwhile
   */
  erase(user: User, face: FaceObjectWork | null, now: EpochSeconds): Promise<boolean>;
}

export interface PortalUserPorts extends Pick<PortalIntegrationPorts, 'integrations'>, AuditPorts {
  readonly users: PortalUsers;
  readonly references: Pick<References, 'remove'>;
  readonly log: Log;
}

/** Rows that one request reads at most; a filter that matches few of them then answers a short page with a cursor. */
const ROWS_A_READ = 200;
const MAX_READS = 5;

/** How a person stands at `now`. */
export const stateOf = (user: User, integration: Integration, now: EpochSeconds): UserState => {
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

/** An erased row says nothing of a person any more. */
const isPerson = (user: User): boolean =>
  user.reference !== null || user.lastAttemptAt !== null || user.lastVerifiedAt !== null;

export interface UserQuery {
  readonly prefix: string;
  readonly state: UserState | null;
  readonly after: string | null;
  readonly limit: number;
}

/** One page of the people of an integration. @throws Problem `not-found` */
export const listUsers =
  (ports: PortalUserPorts) =>
  async (operator: Operator, integrationId: string, query: UserQuery): Promise<UserPage> => {
    const integration = await ownIntegration(ports, operator, integrationId);
    const now = ports.clock();
    const found: UserSummary[] = [];
    let { after } = query;
    for (let reads = 0; reads < MAX_READS; reads += 1) {
      const page = await ports.users.page(integrationId, { prefix: query.prefix, after, limit: ROWS_A_READ });
      for (const row of page.users) {
        const user = withinRetention(row, now) ?? row;
        const summary = summaryOf(user, integration, now);
        if (!isPerson(user) || (query.state !== null && summary.state !== query.state)) continue;
        found.push(summary);
        if (found.length === query.limit) {
          const isLast = page.after === null && row === page.users.at(-1);
          return { users: found, cursor: isLast ? null : row.externalId };
        }
      }
      after = page.after;
      if (after === null) break;
    }
    return { users: found, cursor: after };
  };

const ownUser = async (ports: PortalUserPorts, operator: Actor, integrationId: string, externalId: string) => {
  const integration = await ownIntegration(ports, operator, integrationId);
  const user = withinRetention(await ports.users.read(integrationId, externalId), ports.clock());
  if (user === null || !isPerson(user)) throw new Problem('not-found', 'no such person');
  return { integration, user };
};

/** @throws Problem `not-found` */
export const readUser =
  (ports: PortalUserPorts) =>
  async (operator: Operator, integrationId: string, externalId: string): Promise<UserView> => {
    const { integration, user } = await ownUser(ports, operator, integrationId, externalId);
    const { consent } = user;
    return {
      ...summaryOf(user, integration, ports.clock()),
      engine: user.reference?.engine ?? null,
      version: user.version,
      consent: consent === null ? null : { version: consent.version, locale: consent.locale, at: consent.at },
      purgeAt: user.purgeAt,
    };
  };

/** Ends a lock and forgets failures. @throws Problem `not-found` */
export const unlockUser =
  (ports: PortalUserPorts) =>
  async (operator: Operator, integrationId: string, externalId: string): Promise<UserView> => {
    await ownUser(ports, operator, integrationId, externalId);
    await noteAct(ports, operator, 'user-unlocked', { integrationId, externalId });
    await ports.users.clearFailures(integrationId, externalId);
    return readUser(ports)(operator, integrationId, externalId);
  };

/**
 * Deletes a person: the row is emptied first, which makes the face unreadable, then its bytes go. Should the process end in
 * between, housekeeping removes them within a minute. A login in flight finds another version and ends in `conflict`.
 * @throws Problem `not-found`, `changed-meanwhile`, `unavailable`
 */
export const deleteUser =
  (ports: PortalUserPorts) =>
  async (operator: Actor, integrationId: string, externalId: string): Promise<DeletionReceipt> => {
    const { user } = await ownUser(ports, operator, integrationId, externalId);
    await noteAct(ports, operator, 'user-deleted', { integrationId, externalId });
    const now = ports.clock();
    const objectKey = user.reference?.objectKey ?? null;
    const face = objectKey === null ? null : ({ kind: 'face-object', integrationId, externalId, objectKey } as const);
    if (!(await ports.users.erase(user, face, now))) throw new Problem('changed-meanwhile', 'the row moved');
    if (face !== null) await ports.references.remove(face);
    const left = await ports.users.read(integrationId, externalId);
    return {
      externalId,
      deletedAt: now,
      faceRemoved: face !== null,
      recordRemoved: left === null || !isPerson(left),
    };
  };
