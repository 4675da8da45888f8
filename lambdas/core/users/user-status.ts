import type { UserStatus } from '../../../contract/api/backend.ts';
import { type Caller, checkReach } from '../api-keys/caller.ts';
import { ownIntegration } from '../integrations/portal-integrations.ts';
import { lockedUntil } from '../model/lockout.ts';
import { withinRetention } from '../model/user.ts';
import { stateOf } from './list-users.ts';
import type { DeleteUserPorts } from './manage-users.ts';

/**
 * The state of a user. One who was never here, or was deleted, is `not_enrolled`.
 * @throws Problem `not-found` for an unknown, foreign or unreachable integration
 */
export const readUserStatus =
  (ports: Pick<DeleteUserPorts, 'integrations' | 'users' | 'clock'>) =>
  async (caller: Caller, integrationId: string, externalId: string): Promise<UserStatus> => {
    checkReach(caller, integrationId);
    const integration = await ownIntegration(ports, caller, integrationId);
    const now = ports.clock();
    const user = withinRetention(await ports.users.read(integrationId, externalId), now);
    return {
      externalId,
      state: user === null ? 'not_enrolled' : stateOf(user, integration, now),
      enrolledAt: user?.reference?.enrolledAt ?? null,
      lastVerifiedAt: user?.lastVerifiedAt ?? null,
      lockedUntil: lockedUntil(user, integration.lockout, now),
    };
  };
