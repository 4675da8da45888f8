import { AccountChange, AccountView } from '../../api/portal/account.ts';
import { Me } from '../../api/portal/me.ts';
import {
  AcceptInvitation,
  ChangeRole,
  Invite,
  Invited,
  Members,
  RemoveMember,
  RevokeInvitation,
} from '../../api/portal/members.ts';
import { Newcomer } from '../../api/portal/newcomer.ts';
import { AuditPage } from '../../api/portal/operator.ts';
import { AuditQuery } from '../../api/portal/queries.ts';
import { ok, type RouteDescription } from './route-description.ts';

export const ACCOUNT_DESCRIPTIONS = {
  portalMe: {
    summary: 'Who is signed in',
    answer: ok('The operator', Me),
    problems: [],
  },
  portalNewcomer: {
    summary: 'What somebody who is signed in and belongs to no account can do, and how they left the last one',
    answer: ok('The person', Newcomer),
    problems: ['already-member'],
  },
  portalFoundAccount: {
    summary: 'Makes an account whose owner the person is, where that is allowed; asked twice, it is one account',
    answer: ok('The operator', Me),
    problems: [],
  },
  portalAudit: {
    summary: 'Acts of operators, newest first; pages of up to 1000',
    query: AuditQuery,
    answer: ok('A page', AuditPage),
    problems: [],
  },
  portalAccount: {
    summary: 'The account, and what new integrations start with',
    answer: ok('The account', AccountView),
    problems: [],
  },
  portalEditAccount: {
    summary: 'Changes the name or the defaults of the account; integrations that stand keep theirs',
    body: AccountChange,
    answer: ok('As it is now', AccountView),
    problems: ['invalid-option', 'changed-meanwhile'],
  },
  portalPeople: {
    summary: 'Who may sign in, and the invitations that wait',
    answer: ok('All of them', Members),
    problems: [],
  },
  portalInvite: {
    summary: 'Invites somebody by e-mail; the link works once, for a week, for the owner of the address',
    body: Invite,
    answer: ok('The invitation', Invited),
    problems: ['invalid-option', 'too-many-invitations'],
  },
  portalRevokeInvitation: {
    summary: 'Ends an invitation',
    body: RevokeInvitation,
    answer: { status: '204', description: 'Ended' },
    problems: [],
  },
  portalAcceptInvitation: {
    summary: 'Makes the person who is signed in a member; their verified address must be the invited one',
    body: AcceptInvitation,
    answer: { status: '204', description: 'Accepted' },
    problems: ['invitation-not-valid'],
  },
  portalChangeRole: {
    summary: 'Changes somebody’s role',
    body: ChangeRole,
    answer: ok('Everybody, as it is now', Members),
    problems: ['last-owner', 'changed-meanwhile'],
  },
  portalRemovePerson: {
    summary: 'Takes somebody out of the account',
    body: RemoveMember,
    answer: { status: '204', description: 'Removed' },
    problems: ['last-owner', 'changed-meanwhile'],
  },
  portalLeave: {
    summary: 'Leaves the account',
    answer: { status: '204', description: 'Left' },
    problems: ['last-owner', 'changed-meanwhile'],
  },
} as const satisfies Readonly<Record<string, RouteDescription>>;
