import type { FailureCode } from '../../api/client.ts';

/** What a failed call means for the operator, and what to do next. */
export const failures: Readonly<Partial<Record<FailureCode, string>>> & { readonly other: string } = {
  offline: 'The service did not answer. Check your connection and try again.',
  unavailable: 'The service is busy. Try again in a minute.',
  'unreadable-answer': 'The answer could not be read. Reload the page: a new version may have been installed.',
  'invalid-request': 'The service did not accept what was sent. Check the form and try again.',
  'invalid-option': 'Some values were not accepted. The fields are marked.',
  'not-found': 'This does not exist, or it has been deleted.',
  'not-signed-in': 'Your session has ended. Sign in again.',
  'sign-in-time-unknown':
    'Your organization’s sign-in does not say when you signed in, so nobody gets in. Whoever set up this deployment has to make the issuer send auth_time.',
  'no-account':
    'You are not a member of any account. Ask an owner for an invitation to the e-mail address that you sign in with.',
  'role-not-allowed': 'Your role does not allow this. An owner of the account can change it.',
  'invitation-not-valid':
    'This invitation cannot be used. It was used already, is more than a week old, was sent to another address than the one you signed in with, or its sender is no longer an owner. Ask an owner for a new one. If your sign-in’s address is not verified, no invitation works: whoever deploys the portal can run npm run operator for it, or verify it at your issuer.',
  'last-owner': 'An account needs an owner. Make someone else an owner first.',
  'already-enrolled': 'This user is already enrolled. To replace the face, require re-enrollment first, then invite.',
  'changed-meanwhile': 'Someone else changed this in the meantime. Reload it and repeat your change.',
  'already-rotated':
    'This secret was rotated after the page was loaded: by a colleague, or by you in a request whose answer was lost. Your request ended no secret. The list of secrets is now up to date. If nobody stored the newest secret, rotate again and end that one.',
  'secret-in-overlap':
    'Two secrets are accepted at the moment, and nothing was changed. The list of secrets is now up to date: choose which secret ends.',
  'too-many-invitations':
    'No more invitations can be sent today. An account can send 50 a day, and the whole deployment has a daily limit for e-mails with a first password. Nobody was invited. Try again after midnight UTC.',
  'too-many': 'You have reached the limit. Remove one that is no longer needed first.',
  'body-too-large': 'The request was too large. Shorten the texts and try again.',
  other: 'Something went wrong. Try again. If it keeps failing, give the support id to your support team.',
};
