import type { EnrollmentInvitationView, UserView } from '../../../contract/api/portal/users.ts';
import { addSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { type Actor, type AuditPorts, underAudit } from '../accounts/audit.ts';
import { nameOf, type Operator } from '../accounts/operator.ts';
import { ownIntegration, type PortalIntegrationPorts } from '../integrations/portal-integrations.ts';
import { Problem } from '../model/problem.ts';
import { type User, withinRetention } from '../model/user.ts';
import { ownUser, readAfterAction } from './list-users.ts';
import { requireChange, type UserAct, type UserAdministration } from './manage-users.ts';

export interface InviteUserPorts extends Pick<PortalIntegrationPorts, 'integrations'>, AuditPorts {
  readonly users: Pick<UserAdministration, 'read' | 'invite'>;
}

const HOUR_SECONDS = 3600;

/** A user who was never here. */
const stranger = ({ integrationId, externalId }: UserAct): User => ({
  integrationId,
  externalId,
  version: 0,
  reference: null,
  consent: null,
  failures: 0,
  guesses: 0,
  series: null,
  lastAttemptAt: null,
  starts: 0,
  startsSince: null,
  lastStartAt: null,
  lastVerifiedAt: null,
  purgeAt: null,
  disabled: null,
  reenrollment: null,
  invitation: null,
});

/**
 * Lets a user enroll with their next login, once, even a user who was never here, and even if self-enrollment is off. It replaces an
 * earlier invitation. A lock, a disabled user and a disabled integration stay as they are. A login under way ends in `conflict`: the
 * row has another version (T28).
 * @throws Problem `not-found`, `already-enrolled`, `changed-meanwhile`
 */
export const inviteUser =
  (ports: InviteUserPorts) =>
  async (
    actor: Actor,
    { integrationId, externalId, withinHours }: UserAct & { readonly withinHours: number },
  ): Promise<EnrollmentInvitationView> => {
    await ownIntegration(ports, actor, integrationId);
    const at = ports.clock();
    const row = await ports.users.read(integrationId, externalId);
    const user = row ?? stranger({ integrationId, externalId });
    if (withinRetention(user, at)?.reference != null) throw new Problem('already-enrolled', 'there is a face');
    const detail = `within ${withinHours} h`;
    const invitation = { at, endsAt: addSeconds(at, withinHours * HOUR_SECONDS), by: nameOf(actor) };
    await underAudit(ports, actor, { act: 'user-invited', integrationId, externalId, detail }, async () =>
      requireChange(await ports.users.invite(user, invitation)),
    );
    return { externalId, ...invitation };
  };

/** Ends a user's invitation now, also for a login under way. @throws Problem `not-found`, `changed-meanwhile` */
export const uninviteUser =
  (ports: InviteUserPorts) =>
  async (operator: Operator, { integrationId, externalId }: UserAct): Promise<UserView> => {
    const { user } = await ownUser(ports, operator, integrationId, externalId);
    const { invitation } = user;
    const now = ports.clock();
    if (invitation === null) throw new Problem('not-found', 'no invitation');
    await underAudit(ports, operator, { act: 'user-invitation-revoked', integrationId, externalId }, async () => {
      if (now < invitation.endsAt) requireChange(await ports.users.invite(user, { ...invitation, endsAt: now }));
    });
    return readAfterAction(ports)(operator, integrationId, externalId);
  };

/** Invites the user, and returns their state afterwards. @throws Problem as {@link inviteUser} */
export const inviteAndRead =
  (ports: InviteUserPorts) =>
  async (operator: Operator, request: UserAct & { readonly withinHours: number }): Promise<UserView> => {
    await inviteUser(ports)(operator, request);
    return readAfterAction(ports)(operator, request.integrationId, request.externalId);
  };
