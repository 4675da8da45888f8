import type { USER_ROUTES } from '../portal-users.ts';
import type { Descriptions } from './description.ts';

const REQUIRE_ENROLLMENT = {
  summary:
    'Removes the reference face and requires re-enrollment within some hours, within the rules of the integration',
  answers: { 200: 'The user after the change' },
  problems: ['changed-meanwhile'],
} as const;

export const USER_DESCRIPTIONS: Descriptions<typeof USER_ROUTES> = {
  portalUsers: {
    summary: 'Users of an integration, in the order of External IDs',
    answers: { 200: 'A page' },
    problems: [],
  },
  portalUser: {
    summary: 'One user',
    answers: { 200: 'Enrollment, failures and lock' },
    problems: [],
  },
  portalUnlockUser: {
    summary: 'Ends a lock and resets failures',
    answers: { 200: 'The user after the change' },
    problems: [],
  },
  portalDisableUser: {
    summary: 'Disables a user; open logins end too',
    answers: { 200: 'The user after the change' },
    problems: ['changed-meanwhile'],
  },
  portalEnableUser: {
    summary: 'Enables a user again',
    answers: { 200: 'The user after the change' },
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
      'Lets a user enroll once, with a login in the next hours, whatever the integration says about self-enrollment',
    answers: { 200: 'The user after the change' },
    problems: ['already-enrolled', 'changed-meanwhile'],
  },
  portalUninviteUser: {
    summary: 'Revokes an invitation to enroll',
    answers: { 200: 'The user after the change' },
    problems: ['changed-meanwhile'],
  },
  portalUserPhoto: {
    summary: 'The reference face; the access is in the audit log before the face is decrypted',
    answers: { 200: 'The picture' },
    problems: [],
  },
  portalDeleteUser: {
    summary: 'Deletes a user and the face',
    answers: { 200: 'What was removed, as read back afterwards' },
    problems: ['changed-meanwhile'],
  },
};
