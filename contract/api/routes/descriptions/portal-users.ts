import type { USER_ROUTES } from '../portal-users.ts';
import type { Descriptions } from './description.ts';

const REQUIRE_ENROLLMENT = {
  summary:
    'Removes the reference face and lets a login enroll anew for some hours, within the rules of the integration',
  answers: { 200: 'As it is now' },
  problems: ['changed-meanwhile'],
} as const;

export const USER_DESCRIPTIONS: Descriptions<typeof USER_ROUTES> = {
  portalUsers: {
    summary: 'People of an integration, in the order of External IDs',
    answers: { 200: 'A page' },
    problems: [],
  },
  portalUser: {
    summary: 'One person',
    answers: { 200: 'Enrollment, failures and lock' },
    problems: [],
  },
  portalUnlockUser: {
    summary: 'Ends a lock and forgets failures',
    answers: { 200: 'As it is now' },
    problems: [],
  },
  portalDisableUser: {
    summary: 'Shuts a person out; logins under way end too',
    answers: { 200: 'As it is now' },
    problems: ['changed-meanwhile'],
  },
  portalEnableUser: {
    summary: 'Lets a person in again',
    answers: { 200: 'As it is now' },
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
    answers: { 200: 'As it is now' },
    problems: ['already-enrolled', 'changed-meanwhile'],
  },
  portalUninviteUser: {
    summary: 'Ends an invitation to enroll',
    answers: { 200: 'As it is now' },
    problems: ['changed-meanwhile'],
  },
  portalUserPhoto: {
    summary: 'The reference face; the look is in the audit log before it is decrypted',
    answers: { 200: 'The picture' },
    problems: [],
  },
  portalDeleteUser: {
    summary: 'Deletes a person with the face',
    answers: { 200: 'What was removed, as looked up afterwards' },
    problems: ['changed-meanwhile'],
  },
};
