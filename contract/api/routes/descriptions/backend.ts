import type { BACKEND_USER_ROUTES } from '../backend.ts';
import type { Descriptions } from './description.ts';

export const BACKEND_DESCRIPTIONS: Descriptions<typeof BACKEND_USER_ROUTES> = {
  userStatus: {
    summary: 'State of a user',
    answers: { 200: 'A user whom the service does not know is `not_enrolled`' },
    problems: [],
  },
  deleteUser: {
    summary: 'Deletes a user and the face',
    answers: { 200: 'What was removed' },
    problems: ['changed-meanwhile'],
  },
  inviteUser: {
    summary: 'Lets a user enroll once, with a login in the next hours',
    answers: { 200: 'Until when' },
    problems: ['already-enrolled', 'changed-meanwhile'],
  },
};
