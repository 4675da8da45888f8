import type { BACKEND_USER_ROUTES } from '../backend.ts';
import type { Descriptions } from './description.ts';

export const BACKEND_DESCRIPTIONS: Descriptions<typeof BACKEND_USER_ROUTES> = {
  userStatus: {
    summary: 'How a person stands',
    answers: { 200: 'A person who was never here is `not_enrolled`' },
    problems: [],
  },
  deleteUser: {
    summary: 'Deletes a person with the face',
    answers: { 200: 'What was removed' },
    problems: ['changed-meanwhile'],
  },
  inviteUser: {
    summary: 'Lets a user enroll with a login, once and for some hours',
    answers: { 200: 'Until when' },
    problems: ['already-enrolled', 'changed-meanwhile'],
  },
};
