import type { TenantUser } from '../actions/action-event.ts';
import { errors } from '../openid/oidc-provider.ts';
import type { Organization } from '../openid/tenant-client.ts';

export type Organizations = readonly Organization[];

/**
 * The organization that an app requested by id or name; null if it requested none.
 * @throws errors.InvalidRequest if there is no such organization
 * @throws errors.AccessDenied if the user is not a member
 */
export const organizationIn = (known: Organizations, asked: unknown, user: TenantUser): Organization | null => {
  if (typeof asked !== 'string' || asked === '') return null;
  const found = known.find(({ id, name }) => id === asked || name === asked);
  if (found === undefined) throw new errors.InvalidRequest('parameter organization is invalid');
  if (!found.members.includes(user.email)) {
    throw new errors.AccessDenied(`user ${user.user_id} is not part of the ${found.id} organization`);
  }
  return found;
};
