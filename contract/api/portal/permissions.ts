import * as z from 'zod';

/** `viewer` reads; `admin` also manages users and options; `owner` also manages secrets, deletion and members. */
export const Role = z.enum(['owner', 'admin', 'viewer']);
export type Role = z.infer<typeof Role>;

/**
 * What a route requires. `viewPhoto` (a user's face), `delete` and `admin` also require a recent sign-in. `admin` is the permission to
 * change who has access (members, secrets, keys, webhooks): the role `owner` has it, the role `admin` has not.
 */
export type Permission = 'read' | 'write' | 'viewPhoto' | 'delete' | 'admin';
/** `unregistered`: anyone whom the issuer knows, even without an account. */
export type RoutePermission = Permission | 'unregistered';

/** Permissions that must not pass to someone who finds an operator's session open. */
export const FRESH_PERMISSIONS: readonly RoutePermission[] = ['viewPhoto', 'delete', 'admin'];

export const PERMISSION_ROLES: Readonly<Record<Permission, readonly Role[]>> = {
  read: ['viewer', 'admin', 'owner'],
  write: ['admin', 'owner'],
  viewPhoto: ['admin', 'owner'],
  delete: ['admin', 'owner'],
  admin: ['owner'],
};
