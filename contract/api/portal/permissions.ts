import * as z from 'zod';

/** What an operator may do: `viewer` looks; `admin` also manages users and options; `owner` also secrets, deletion and people. */
export const Role = z.enum(['owner', 'admin', 'viewer']);
export type Role = z.infer<typeof Role>;

/** What a route asks for. `reveal` (a person's face), `erase` and `secure` also want a sign-in of the last minutes. */
export type Permission = 'look' | 'manage' | 'reveal' | 'erase' | 'secure';
/** `newcomer`: anybody whom the issuer knows, also without an account. */
export type RoutePermission = Permission | 'newcomer';

/** Permissions that a session which somebody else sat down at must not have. */
export const FRESH_PERMISSIONS: readonly RoutePermission[] = ['reveal', 'erase', 'secure'];

export const PERMISSION_ROLES: Readonly<Record<Permission, readonly Role[]>> = {
  look: ['viewer', 'admin', 'owner'],
  manage: ['admin', 'owner'],
  reveal: ['admin', 'owner'],
  erase: ['admin', 'owner'],
  secure: ['owner'],
};
