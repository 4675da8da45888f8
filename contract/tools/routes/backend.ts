import { InvitationRequest, UserQuery, UserStatus } from '../../api/backend.ts';
import { DeletionReceipt, EnrollmentInvitationView } from '../../api/portal/users.ts';
import { OneIntegration, ok, type RouteDescription } from './route-description.ts';

export const BACKEND_DESCRIPTIONS = {
  userStatus: {
    summary: 'How a person stands; scope `users:read`',
    path: OneIntegration,
    query: UserQuery,
    answer: ok('A person who was never here is `not_enrolled`', UserStatus),
    problems: [],
  },
  deleteUser: {
    summary: 'Deletes a person with the face; scope `users:delete`',
    path: OneIntegration,
    query: UserQuery,
    answer: ok('What was removed', DeletionReceipt),
    problems: ['changed-meanwhile'],
  },
  inviteUser: {
    summary: 'Lets a person enroll with a login, once and for some hours; scope `invitations:create`',
    path: OneIntegration,
    body: InvitationRequest,
    answer: ok('Until when', EnrollmentInvitationView),
    problems: ['already-enrolled', 'changed-meanwhile'],
  },
} as const satisfies Readonly<Record<string, RouteDescription>>;
