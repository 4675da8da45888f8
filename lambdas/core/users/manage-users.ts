import type { DeletionReceipt, ReferencePhoto, UserView } from '../../../contract/api/portal/users.ts';
import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { type Actor, type AuditPorts, underAudit } from '../accounts/audit.ts';
import type { Operator } from '../accounts/operator.ts';
import type { PortalIntegrationPorts } from '../integrations/portal-integrations.ts';
import { newEvent } from '../model/event.ts';
import type { FaceObjectJob } from '../model/job.ts';
import { lockedUntil } from '../model/lockout.ts';
import type { Log } from '../model/ports.ts';
import { Problem } from '../model/problem.ts';
import type { References } from '../model/references.ts';
import type { Disablement, EnrollmentInvitation, Reenrollment, User, Users } from '../model/user.ts';
import type { EventJob } from '../model/webhook.ts';
import { isPerson, ownUser, readAfterAct } from './list-users.ts';

/** Each change is one write or one transaction; those with a `User` are refused (false) if the row changed since it was read. */
export interface UserAdministration extends Users {
  /** Sets the counter of failures to none; the event, if any, goes with it. False also if somebody tried or cleared meanwhile. */
  clearFailures(user: User, now: EpochSeconds, event: EventJob | null): Promise<boolean>;
  /** The event, if any, goes with it. */
  setDisabled(user: User, disabled: Disablement | null, event: EventJob | null): Promise<boolean>;
  /** Takes reference and consent away under a higher version, and has the face looked after at once. The event goes with it. */
  requireEnrollment(
    user: User,
    reenrollment: Reenrollment,
    face: FaceObjectJob | null,
    event: EventJob,
  ): Promise<boolean>;
  /** Writes the invitation under a higher version, and makes the row of a person who has none. */
  invite(user: User, invitation: EnrollmentInvitation): Promise<boolean>;
  /**
   * Replaces the person's row by an empty one of a higher version, so that no login in flight can finish against it, and has the
   * face looked after at once. That a person is shut out stays on record: deleting a face opens no door. The event goes with it.
   */
  erase(user: User, face: FaceObjectJob | null, event: EventJob): Promise<boolean>;
}

export interface DeleteUserPorts extends Pick<PortalIntegrationPorts, 'integrations'>, AuditPorts {
  readonly users: Pick<UserAdministration, 'read' | 'erase'>;
  readonly references: Pick<References, 'remove' | 'isStored'>;
  readonly log: Log;
}

export interface ManageUserPorts extends Pick<PortalIntegrationPorts, 'integrations'>, AuditPorts {
  readonly users: UserAdministration;
  readonly references: Pick<References, 'load' | 'remove' | 'isStored'>;
  readonly log: Log;
}

export interface UserAct {
  readonly integrationId: string;
  readonly externalId: string;
}

const HOUR_SECONDS = 3600;

export const mustHaveChanged = (changed: boolean): void => {
  if (!changed) throw new Problem('changed-meanwhile', 'the row moved');
};

const faceWork = ({ integrationId, externalId, reference }: User): FaceObjectJob | null =>
  reference === null ? null : { kind: 'face-object', integrationId, externalId, objectKey: reference.objectKey };

/** Ends the lock as it stands now. False if it moved meanwhile. @throws Problem `not-found` */
const clearSeen = async (ports: ManageUserPorts, operator: Operator, target: UserAct): Promise<boolean> => {
  const { user, row, integration } = await ownUser(ports, operator, target.integrationId, target.externalId);
  const now = ports.clock();
  const wasLocked = lockedUntil(user, integration.lockout, now) !== null;
  const event = wasLocked ? newEvent('user.unlocked', now, { accountId: operator.accountId, ...target }) : null;
  return ports.users.clearFailures(row, now, event);
};

/** Ends a lock and forgets failures. @throws Problem `not-found`, `changed-meanwhile` if attempts go on under the operator's hands */
export const unlockUser =
  (ports: ManageUserPorts) =>
  async (operator: Operator, { integrationId, externalId }: UserAct): Promise<UserView> => {
    const target = { integrationId, externalId };
    await ownUser(ports, operator, integrationId, externalId);
    await underAudit(ports, operator, { act: 'user-unlocked', ...target }, async () => {
      const isDone = (await clearSeen(ports, operator, target)) || (await clearSeen(ports, operator, target));
      mustHaveChanged(isDone);
    });
    return readAfterAct(ports)(operator, integrationId, externalId);
  };

/**
 * Shuts a person out, or lets them in again. Their logins end in `disabled`, also those under way.
 * @throws Problem `not-found`, `changed-meanwhile`
 */
export const setUserDisabled =
  (ports: ManageUserPorts, isDisabled: boolean) =>
  async (
    operator: Operator,
    { integrationId, externalId, reason }: UserAct & { readonly reason: string },
  ): Promise<UserView> => {
    const { user } = await ownUser(ports, operator, integrationId, externalId);
    const act = isDisabled ? 'user-disabled' : 'user-enabled';
    const now = ports.clock();
    const isNews = (user.disabled !== null) !== isDisabled;
    const type = isDisabled ? 'user.disabled' : 'user.enabled';
    const event = isNews ? newEvent(type, now, { accountId: operator.accountId, integrationId, externalId }) : null;
    await underAudit(ports, operator, { act, integrationId, externalId, detail: reason }, async () =>
      mustHaveChanged(await ports.users.setDisabled(user, isDisabled ? { at: now, reason } : null, event)),
    );
    return readAfterAct(ports)(operator, integrationId, externalId);
  };

/**
 * Has the next login enroll anew. The old face is removed at once: it is wanted no more, and what is not needed is not kept. From
 * then on the integration's rules for self-enrollment decide, as for a new person, and only until the permission ends: a
 * password alone must not open the account for ever (T26, T27).
 * @throws Problem `not-found`, `changed-meanwhile`
 */
export const requireEnrollment =
  (ports: ManageUserPorts) =>
  async (
    operator: Operator,
    {
      integrationId,
      externalId,
      reason,
      withinHours,
    }: UserAct & { readonly reason: string; readonly withinHours: number },
  ): Promise<UserView> => {
    const { row } = await ownUser(ports, operator, integrationId, externalId);
    const askedAt = ports.clock();
    const face = faceWork(row);
    const reenrollment = { askedAt, until: addSeconds(askedAt, withinHours * HOUR_SECONDS) };
    const about = { accountId: operator.accountId, integrationId, externalId, detail: { until: reenrollment.until } };
    const event = newEvent('user.enrollment_required', askedAt, about);
    const detail = `within ${withinHours} h: ${reason}`;
    const act = { act: 'user-enrollment-required', integrationId, externalId, detail } as const;
    await underAudit(ports, operator, act, async () =>
      mustHaveChanged(await ports.users.requireEnrollment(row, reenrollment, face, event)),
    );
    if (face !== null) await removeNow(ports, face);
    return readAfterAct(ports)(operator, integrationId, externalId);
  };

/**
 * The stored face, for one look. The look is on record before the face is decrypted.
 * @throws Problem `not-found` also where there is no face, `unavailable`
 */
export const showPhoto =
  (ports: ManageUserPorts) =>
  async (operator: Operator, { integrationId, externalId }: UserAct): Promise<ReferencePhoto> => {
    const { user } = await ownUser(ports, operator, integrationId, externalId);
    const { reference } = user;
    if (reference === null) throw new Problem('not-found', 'no reference face');
    const owner = { integrationId, externalId, engine: reference.engine };
    const jpeg = await underAudit(ports, operator, { act: 'user-photo-viewed', integrationId, externalId }, () =>
      ports.references.load(owner, reference),
    );
    return { enrolledAt: reference.enrolledAt, jpegBase64: Buffer.from(jpeg).toString('base64') };
  };

/** Removes the bytes and looks whether they are gone. What stays is unreadable, and housekeeping removes it within minutes. */
const removeNow = async (
  ports: Pick<DeleteUserPorts, 'references' | 'log'>,
  face: FaceObjectJob,
): Promise<'removed' | 'pending'> => {
  try {
    await ports.references.remove(face);
    return (await ports.references.isStored(face)) ? 'pending' : 'removed';
  } catch {
    ports.log('face-object-left', {});
    return 'pending';
  }
};

/**
 * Deletes a person: the row is emptied first, which makes the face unreadable, then its bytes go. Should the process end in
 * between, housekeeping removes them within a minute. A login in flight finds another version and ends in `conflict`.
 * @returns what was removed, as row and bucket say afterwards
 * @throws Problem `not-found`, `changed-meanwhile`, `unavailable`
 */
export const deleteUser =
  (ports: DeleteUserPorts) =>
  async (operator: Actor, { integrationId, externalId }: UserAct): Promise<DeletionReceipt> => {
    const { row } = await ownUser(ports, operator, integrationId, externalId);
    const now = ports.clock();
    const face = faceWork(row);
    const event = newEvent('user.deleted', now, { accountId: operator.accountId, integrationId, externalId });
    await underAudit(ports, operator, { act: 'user-deleted', integrationId, externalId }, async () =>
      mustHaveChanged(await ports.users.erase(row, face, event)),
    );
    const faceNow = face === null ? 'none' : await removeNow(ports, face);
    const left = await ports.users.read(integrationId, externalId);
    const isGone = left === null || left.reference === null;
    if (!isGone) throw new Problem('changed-meanwhile', 'somebody enrolled again at once');
    return {
      externalId,
      deletedAt: now,
      face: faceNow,
      consentRemoved: row.consent !== null && (left === null || left.consent === null),
      recordRemoved: left === null || !isPerson({ ...left, disabled: null }),
      disablementKept: left !== null && left.disabled !== null,
    };
  };
