/**
 * Every problem that the API answers with (RFC 9457). The code is stable and selects the text on the page. Unknown, foreign
 * and closed sessions share one code, so that an answer discloses nothing about other users' sessions.
 */
const COMMON = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'session-not-found': { status: 404, title: 'There is no such login, or it belongs to another browser' },
  'forbidden-origin': { status: 403, title: 'The request did not come from this page' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'session-finished': { status: 409, title: 'This login is finished' },
  'wrong-task': { status: 409, title: 'This login needs another step' },
  'consent-required': { status: 409, title: 'Consent to the face check is needed first' },
  'no-attempt': { status: 409, title: 'There is no face check to complete' },
  'attempt-superseded': { status: 409, title: 'The face check was started again in another tab' },
  'other-device': { status: 409, title: 'The face check runs on another device' },
  'too-many-links': { status: 429, title: 'No more links can be created for this login' },
  'mail-not-sent': { status: 503, title: 'The e-mail could not be sent' },
  'body-too-large': { status: 413, title: 'The request is too large' },
  unavailable: { status: 503, title: 'The service is not available at the moment' },
  'internal-error': { status: 500, title: 'Something went wrong' },
} as const satisfies Record<string, { status: number; title: string }>;

/** Problems of the portal and the backend API, which no capture page meets. */
export const PORTAL_PROBLEMS = {
  'invalid-option': { status: 400, title: 'A value is out of bounds' },
  'not-signed-in': { status: 401, title: 'Sign in first' },
  'sign-in-time-unknown': { status: 403, title: 'The sign-in does not say when it happened' },
  'no-account': { status: 403, title: 'This operator is not a member of any account' },
  'already-member': { status: 409, title: 'This operator is already a member of an account' },
  'role-not-allowed': { status: 403, title: 'Your role does not allow this' },
  'reauthentication-required': { status: 403, title: 'Sign in again to do this' },
  'invitation-not-valid': { status: 403, title: 'This invitation cannot be used' },
  'last-owner': { status: 409, title: 'An account needs an owner' },
  'already-enrolled': { status: 409, title: 'This user is already enrolled' },
  'changed-meanwhile': { status: 409, title: 'Someone else changed this in the meantime' },
  'already-rotated': { status: 409, title: 'The secret was rotated in the meantime' },
  'secret-in-overlap': { status: 409, title: 'An earlier secret is still accepted' },
  'too-many-invitations': { status: 429, title: 'No more invitations can be sent today' },
  'too-many': { status: 409, title: 'The limit is reached' },
  'key-not-accepted': { status: 401, title: 'This API key is not accepted' },
  'too-many-requests': { status: 429, title: 'This API key made too many requests; wait, then try again' },
  'scope-not-allowed': { status: 403, title: 'The scopes of this API key do not allow this' },
} as const satisfies Record<string, { status: number; title: string }>;

export const PROBLEMS = { ...COMMON, ...PORTAL_PROBLEMS } as const;

export type PortalProblemCode = keyof typeof PORTAL_PROBLEMS;
export type ProblemCode = keyof typeof PROBLEMS;
export const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

/** Base of the `type` member; docs/problems.md describes each code under its heading. */
export const PROBLEM_TYPE_BASE = 'https://github.com/verified-face-factor/verified/blob/main/docs/problems.md#';
