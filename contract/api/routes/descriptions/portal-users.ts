import type { USER_ROUTES } from '../portal-users.ts';
import type { Descriptions } from './description.ts';

export const USER_DESCRIPTIONS: Descriptions<typeof USER_ROUTES> = {
  portalUsers: {
    summary: 'People of an integration, in the order of External IDs',
    answers: { 200: 'A page' },
    problems: [],
  },
  portalUser: {
    summary: 'One person',
    answers: { 200: 'Enrolment, failures and lock' },
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
  portalRequireEnrollment: {
    summary:
      'Removes the reference face and lets a login enrol anew for some hours, within the rules of the integration',
    answers: { 200: 'As it is now' },
    problems: ['changed-meanwhile'],
  },
  portalInviteUser: {
    summary:
      'Lets a person enrol with a login, once and for some hours, whatever the integration says of self-enrolment',
    answers: { 200: 'As it is now' },
    problems: ['already-enrolled', 'changed-meanwhile'],
  },
  portalUninviteUser: {
    summary: 'Ends an invitation to enrol',
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
