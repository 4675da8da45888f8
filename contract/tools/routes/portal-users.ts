import { UserListQuery } from '../../api/portal/queries.ts';
import {
  DeletionReceipt,
  InviteUser,
  ReferencePhoto,
  RequireEnrollment,
  UserPage,
  UserTarget,
  UserTargetWithReason,
  UserView,
} from '../../api/portal/users.ts';
import { OneIntegration, ok, type RouteDescription } from './route-description.ts';

const REQUIRE_ENROLLMENT = {
  summary:
    'Removes the reference face and lets a login enroll anew for some hours, within the rules of the integration',
  body: RequireEnrollment,
  answer: ok('As it is now', UserView),
  problems: ['changed-meanwhile'],
} as const satisfies RouteDescription;

export const USERS_DESCRIPTIONS = {
  portalUsers: {
    summary: 'People of an integration, in the order of External IDs',
    path: OneIntegration,
    query: UserListQuery,
    answer: ok('A page', UserPage),
    problems: [],
  },
  portalUser: {
    summary: 'One person',
    query: UserTarget,
    answer: ok('Enrollment, failures and lock', UserView),
    problems: [],
  },
  portalUnlockUser: {
    summary: 'Ends a lock and forgets failures',
    body: UserTarget,
    answer: ok('As it is now', UserView),
    problems: [],
  },
  portalDisableUser: {
    summary: 'Shuts a person out; logins under way end too',
    body: UserTargetWithReason,
    answer: ok('As it is now', UserView),
    problems: ['changed-meanwhile'],
  },
  portalEnableUser: {
    summary: 'Lets a person in again',
    body: UserTargetWithReason,
    answer: ok('As it is now', UserView),
    problems: ['changed-meanwhile'],
  },
  portalRequireEnrollment: REQUIRE_ENROLLMENT,
  portalRequireEnrolment: {
    ...REQUIRE_ENROLLMENT,
    summary: 'Former path of /api/portal/user/require-enrollment',
    isDeprecated: true,
  },
  portalInviteUser: {
    summary:
      'Lets a person enroll with a login, once and for some hours, whatever the integration says of self-enrollment',
    body: InviteUser,
    answer: ok('As it is now', UserView),
    problems: ['already-enrolled', 'changed-meanwhile'],
  },
  portalUninviteUser: {
    summary: 'Ends an invitation to enroll',
    body: UserTarget,
    answer: ok('As it is now', UserView),
    problems: ['changed-meanwhile'],
  },
  portalUserPhoto: {
    summary: 'The reference face; the look is in the audit log before it is decrypted',
    body: UserTarget,
    answer: ok('The picture', ReferencePhoto),
    problems: [],
  },
  portalDeleteUser: {
    summary: 'Deletes a person with the face',
    body: UserTarget,
    answer: ok('What was removed, as looked up afterwards', DeletionReceipt),
    problems: ['changed-meanwhile'],
  },
} as const satisfies Readonly<Record<string, RouteDescription>>;
