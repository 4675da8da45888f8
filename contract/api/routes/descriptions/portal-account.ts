import { AccountChange, AccountDefaults } from '../../portal/account.ts';
import type { ACCOUNT_ROUTES } from '../portal-account.ts';
import type { AUDIT_ROUTES } from '../portal-audit.ts';
import type { MEMBER_ROUTES } from '../portal-members.ts';
import type { SIGN_IN_ROUTES } from '../portal-sign-in.ts';
import type { Descriptions } from './description.ts';
import { someOf } from './some-of.ts';

/** Defaults to change, and how they stood. */
export const AccountDefaultsChange = someOf(AccountDefaults.shape);
const DefaultsOnly = AccountChange.shape.base.unwrap().extend({ defaults: AccountDefaultsChange.optional() });

export const SIGN_IN_DESCRIPTIONS: Descriptions<typeof SIGN_IN_ROUTES> = {
  portalMe: {
    summary: 'Who is signed in',
    answers: { 200: 'The operator' },
    problems: [],
  },
  portalNewcomer: {
    summary: 'What somebody who is signed in and belongs to no account can do, and how they left the last one',
    answers: { 200: 'The person' },
    problems: ['already-member'],
  },
  portalFoundAccount: {
    summary: 'Makes an account whose owner the person is, where that is allowed; asked twice, it is one account',
    answers: { 200: 'The operator' },
    problems: [],
  },
};

export const ACCOUNT_DESCRIPTIONS: Descriptions<typeof ACCOUNT_ROUTES> = {
  portalAccount: {
    summary: 'The account, and what new integrations start with',
    answers: { 200: 'The account' },
    problems: [],
  },
  portalEditAccount: {
    summary: 'Changes the name or the defaults of the account; integrations that stand keep theirs',
    answers: { 200: 'As it is now' },
    problems: ['invalid-option', 'changed-meanwhile'],
    body: AccountChange.extend({ ...DefaultsOnly.shape, base: DefaultsOnly.default({}) }),
  },
};

export const AUDIT_DESCRIPTIONS: Descriptions<typeof AUDIT_ROUTES> = {
  portalAudit: {
    summary: 'Acts of operators, newest first; pages of up to 1000',
    answers: { 200: 'A page' },
    problems: [],
  },
};

export const MEMBER_DESCRIPTIONS: Descriptions<typeof MEMBER_ROUTES> = {
  portalPeople: {
    summary: 'Who may sign in, and the invitations that wait',
    answers: { 200: 'All of them' },
    problems: [],
  },
  portalInvite: {
    summary: 'Invites somebody by e-mail; the link works once, for a week, for the owner of the address',
    answers: { 200: 'The invitation' },
    problems: ['invalid-option', 'too-many-invitations'],
  },
  portalRevokeInvitation: {
    summary: 'Ends an invitation',
    answers: { 204: 'Ended' },
    problems: [],
  },
  portalAcceptInvitation: {
    summary: 'Makes the person who is signed in a member; their verified address must be the invited one',
    answers: { 204: 'Accepted' },
    problems: ['invitation-not-valid'],
  },
  portalChangeRole: {
    summary: 'Changes somebody’s role',
    answers: { 200: 'Everybody, as it is now' },
    problems: ['last-owner', 'changed-meanwhile'],
  },
  portalRemovePerson: {
    summary: 'Takes somebody out of the account',
    answers: { 204: 'Removed' },
    problems: ['last-owner', 'changed-meanwhile'],
  },
  portalLeave: {
    summary: 'Leaves the account',
    answers: { 204: 'Left' },
    problems: ['last-owner', 'changed-meanwhile'],
  },
};
