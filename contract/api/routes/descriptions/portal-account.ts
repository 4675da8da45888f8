import { AccountChange, AccountDefaults } from '../../portal/account.ts';
import type { ACCOUNT_ROUTES } from '../portal-account.ts';
import type { AUDIT_ROUTES } from '../portal-audit.ts';
import type { MEMBER_ROUTES } from '../portal-members.ts';
import type { SIGN_IN_ROUTES } from '../portal-sign-in.ts';
import type { Descriptions } from './description.ts';
import { someOf } from './some-of.ts';

/** Defaults to change, and their previous values. */
export const AccountDefaultsChange = someOf(AccountDefaults.shape);
const DefaultsOnly = AccountChange.shape.base.unwrap().extend({ defaults: AccountDefaultsChange.optional() });

export const SIGN_IN_DESCRIPTIONS: Descriptions<typeof SIGN_IN_ROUTES> = {
  portalMe: {
    summary: 'Who is signed in',
    answers: { 200: 'The operator' },
    problems: [],
  },
  portalNewcomer: {
    summary:
      'What someone who is signed in and not a member of any account can do, and how they left their last account',
    answers: { 200: 'The person' },
    problems: ['already-member'],
  },
  portalFoundAccount: {
    summary: 'Creates an account owned by the caller, where that is allowed; repeating it creates no second one',
    answers: { 200: 'The operator' },
    problems: [],
  },
};

export const ACCOUNT_DESCRIPTIONS: Descriptions<typeof ACCOUNT_ROUTES> = {
  portalAccount: {
    summary: 'The account, and the defaults of new integrations',
    answers: { 200: 'The account' },
    problems: [],
  },
  portalEditAccount: {
    summary: 'Changes the name or the defaults of the account; existing integrations do not change',
    answers: { 200: 'The account after the change' },
    problems: ['invalid-option', 'changed-meanwhile'],
    body: AccountChange.extend({ ...DefaultsOnly.shape, base: DefaultsOnly.default({}) }),
  },
};

export const AUDIT_DESCRIPTIONS: Descriptions<typeof AUDIT_ROUTES> = {
  portalAudit: {
    summary: 'Audit events, newest first; pages of up to 1000',
    answers: { 200: 'A page' },
    problems: [],
  },
};

export const MEMBER_DESCRIPTIONS: Descriptions<typeof MEMBER_ROUTES> = {
  portalPeople: {
    summary: 'Members, and pending invitations',
    answers: { 200: 'All of them' },
    problems: [],
  },
  portalInvite: {
    summary: 'Invites someone by e-mail; the link works once, within a week, for the owner of the address',
    answers: { 200: 'The invitation' },
    problems: ['invalid-option', 'too-many-invitations'],
  },
  portalRevokeInvitation: {
    summary: 'Revokes an invitation',
    answers: { 204: 'Ended' },
    problems: [],
  },
  portalAcceptInvitation: {
    summary: 'Makes the caller a member; their verified address must be the invited one',
    answers: { 204: 'Accepted' },
    problems: ['invitation-not-valid'],
  },
  portalChangeRole: {
    summary: 'Changes a member’s role',
    answers: { 200: 'All members after the change' },
    problems: ['last-owner', 'changed-meanwhile'],
  },
  portalRemovePerson: {
    summary: 'Removes a member from the account',
    answers: { 204: 'Removed' },
    problems: ['last-owner', 'changed-meanwhile'],
  },
  portalLeave: {
    summary: 'Leaves the account',
    answers: { 204: 'Left' },
    problems: ['last-owner', 'changed-meanwhile'],
  },
};
