import type { FailureCode } from '../../api/client.ts';

/** What a failed call means for the person, and what to do next. */
export const failures: Readonly<Partial<Record<FailureCode, string>>> & { readonly other: string } = {
  offline: 'The service did not answer. Check your connection and try again.',
  unavailable: 'The service is busy at the moment. Nothing was changed. Try again in a minute.',
  'unreadable-answer': 'The answer could not be read. Load the page again: a new version may have been installed.',
  'invalid-request': 'The service did not accept what was sent. Check the form and try again.',
  'invalid-option': 'Some values were not accepted. They are marked at their fields.',
  'not-found': 'This does not exist, or it was deleted.',
  'not-signed-in': 'Your session has ended. Sign in again.',
  'sign-in-time-unknown':
    'Your organisation’s sign-in does not say when you signed in, so nobody gets in. Whoever set up this deployment has to make the issuer send auth_time.',
  'no-account':
    'You belong to no account here. Ask an owner for an invitation to the e-mail address that you sign in with.',
  'role-not-allowed': 'Your role does not allow this. An owner of the account can change it.',
  'invitation-not-valid':
    'This invitation cannot be used: it was used already, is older than a week, was sent to another address than the one you signed in with, or by somebody who is no owner any more. Ask an owner for a new one. If the address of your sign-in is not verified, no invitation counts: whoever deploys the portal then runs npm run operator for it, or verifies it at your issuer.',
  'last-owner': 'An account needs an owner. Make somebody else an owner first.',
  'already-enrolled': 'This person is enrolled already. To replace the face, require re-enrolment first, then invite.',
  'changed-meanwhile': 'Somebody else changed this meanwhile. Load it again and repeat your change.',
  'already-rotated':
    'This secret was rotated after the page was loaded: by a colleague, or by you, and the answer was lost. Nothing ended now. The secrets are shown as they stand; if nobody stored the newest, rotate again and let that one end.',
  'secret-in-overlap':
    'Two secrets count at the moment, and nothing was changed. The secrets are shown as they stand: choose which of them ends.',
  'too-many-invitations':
    'No more invitations can be sent at the moment: an account sends 50 a day, and the e-mails that bring people a password have a daily limit of the whole deployment. Nobody was invited. Go on tomorrow, after midnight UTC.',
  'too-many': 'There are as many as there may be. Remove one that is no longer needed first.',
  'body-too-large': 'What was sent is too large. Shorten the texts and try again.',
  other: 'Something went wrong. Try again; if it goes on, tell your support the id.',
};
