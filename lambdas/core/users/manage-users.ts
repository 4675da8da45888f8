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
import { deletionReceipt } from './deletion-receipt.ts';
import { ownUser, readAfterAction } from './list-users.ts';

/** Each change is one write or one transaction; those with a `User` are refused (false) if the row changed since it was read. */
export interface UserAdministration extends Users {
  /** Sets the counter of failures to none; the event, if any, goes with it. False also if somebody tried or cleared meanwhile. */
  clearFailures(user: User, now: EpochSeconds, event: EventJob | null): Promise<boolean>;
  /** The event, if any, goes with it. */
  setDisabled(user: User, disabled: Disablement | null, event: EventJob | null): Promise<boolean>;
  /** Removes reference and consent under a higher version, and makes the face's job due now. The event is part of the write. */
  requireEnrollment(
    user: User,
    reenrollment: Reenrollment,
    face: FaceObjectJob | null,
    event: EventJob,
  ): Promise<boolean>;
  /** Writes the invitation under a higher version, and creates the row of a user who has none. */
  invite(user: User, invitation: EnrollmentInvitation): Promise<boolean>;
  /**
   * Replaces the user's row by an empty one of a higher version, so that no login in flight can finish against it, and makes the face's
   * job due now. A disabled user stays disabled: deleting a face must not let anybody in. The event is part of the write.
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

export const requireChange = (changed: boolean): void => {
  if (!changed) throw new Problem('changed-meanwhile', 'the row has changed');
};

const faceJob = ({ integrationId, externalId, reference }: User): FaceObjectJob | null =>
  reference === null ? null : { kind: 'face-object', integrationId, externalId, objectKey: reference.objectKey };

/** Ends the lock as it is now. False if it has changed since. @throws Problem `not-found` */
const clearSeen = async (ports: ManageUserPorts, operator: Operator, target: UserAct): Promise<boolean> => {
  const { user, row, integration } = await ownUser(ports, operator, target.integrationId, target.externalId);
  const now = ports.clock();
  const wasLocked = lockedUntil(user, integration.lockout, now) !== null;
  const event = wasLocked ? newEvent('user.unlocked', now, { accountId: operator.accountId, ...target }) : null;
  return ports.users.clearFailures(row, now, event);
};

/** Ends a lock and clears failures. @throws Problem `not-found`, `changed-meanwhile` if attempts continue at the same time */
export const unlockUser =
  (ports: ManageUserPorts) =>
  async (operator: Operator, { integrationId, externalId }: UserAct): Promise<UserView> => {
    const target = { integrationId, externalId };
    await ownUser(ports, operator, integrationId, externalId);
    await underAudit(ports, operator, { act: 'user-unlocked', ...target }, async () => {
      const isDone = (await clearSeen(ports, operator, target)) || (await clearSeen(ports, operator, target));
      requireChange(isDone);
    });
    return readAfterAction(ports)(operator, integrationId, externalId);
  };

/**
 * Disables a user, or enables them again. While disabled, their logins end in `disabled`, including those under way.
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
    const isChange = (user.disabled !== null) !== isDisabled;
    const type = isDisabled ? 'user.disabled' : 'user.enabled';
    const event = isChange ? newEvent(type, now, { accountId: operator.accountId, integrationId, externalId }) : null;
    await underAudit(ports, operator, { act, integrationId, externalId, detail: reason }, async () =>
      requireChange(await ports.users.setDisabled(user, isDisabled ? { at: now, reason } : null, event)),
    );
    return readAfterAction(ports)(operator, integrationId, externalId);
  };

/**
 * Makes the next login enroll again. The old face is removed immediately, since what is no longer needed is not kept. From then on the
 * integration's rules for self-enrollment decide, as for a new user, and only until the permission ends: a password alone must not open
 * the account forever (T26, T27).
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
    const face = faceJob(row);
    const reenrollment = { askedAt, until: addSeconds(askedAt, withinHours * HOUR_SECONDS) };
    const about = { accountId: operator.accountId, integrationId, externalId, detail: { until: reenrollment.until } };
    const event = newEvent('user.enrollment_required', askedAt, about);
    const detail = `within ${withinHours} h: ${reason}`;
    const act = { act: 'user-enrollment-required', integrationId, externalId, detail } as const;
    await underAudit(ports, operator, act, async () =>
      requireChange(await ports.users.requireEnrollment(row, reenrollment, face, event)),
    );
    if (face !== null) await removeNow(ports, face);
    return readAfterAction(ports)(operator, integrationId, externalId);
  };

/**
 * The stored face, for one view. The view is on record before the face is decrypted.
 * @throws Problem `not-found` also if there is no face, `unavailable`
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

/** Removes the bytes and checks whether they are gone. Any that stay are unreadable, and housekeeping removes them within minutes. */
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
 * Deletes a user: the row is emptied first, which makes the face unreadable, then its bytes are removed. If the process ends in
 * between, housekeeping removes them within a minute. A login in flight finds another version and ends in `conflict`.
 * @returns what was removed, according to row and bucket afterwards as far as they can be read
 * @throws Problem `not-found`, `changed-meanwhile`, `unavailable`
 */
export const deleteUser =
  (ports: DeleteUserPorts) =>
  async (operator: Actor, { integrationId, externalId }: UserAct): Promise<DeletionReceipt> => {
    const { row } = await ownUser(ports, operator, integrationId, externalId);
    const now = ports.clock();
    const face = faceJob(row);
    const event = newEvent('user.deleted', now, { accountId: operator.accountId, integrationId, externalId });
    await underAudit(ports, operator, { act: 'user-deleted', integrationId, externalId }, async () =>
      requireChange(await ports.users.erase(row, face, event)),
    );
    const faceNow = face === null ? 'none' : await removeNow(ports, face);
    const left = await ports.users.read(integrationId, externalId).catch(() => {
      ports.log('deletion-not-read-back', {});
      return 'unread' as const;
    });
    const isGone = left === null || left === 'unread' || left.reference === null;
    if (!isGone) throw new Problem('changed-meanwhile', 'somebody enrolled again immediately');
    return deletionReceipt({ row, at: now, face: faceNow }, left);
  };
