/**
 * The closed list of results that the service signs (`res` of a result token). A value outside it means deny.
 * `no_match` and `not_live` have one public text, so that nobody learns which of the two checks failed.
 */
export const OUTCOMES = [
  'verified',
  'enrolled',
  'no_match',
  'not_live',
  'locked',
  'declined',
  'reported',
  'not_enrolled',
  'expired',
  'conflict',
  'unavailable',
  'disabled',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** True if `value` is one of the closed list. */
export const isOutcome = (value: unknown): value is Outcome => OUTCOMES.some((outcome) => outcome === value);

/** The two outcomes that let a login continue. */
export const isSuccess = (outcome: Outcome): outcome is 'verified' | 'enrolled' =>
  outcome === 'verified' || outcome === 'enrolled';

/** Stable codes at the start of every Auth0 denial text; apps and operators may match on them. */
export const DENY_CODES = [
  'face_not_verified',
  'face_locked',
  'face_declined',
  'face_reported',
  'face_enrollment_not_allowed',
  'face_session_expired',
  'face_unavailable',
  'face_configuration',
  'face_interaction_required',
] as const;
export type DenyCode = (typeof DENY_CODES)[number];

/** The denial code of each outcome that is not a success. */
export const DENY_CODE_OF: Readonly<Record<Exclude<Outcome, 'verified' | 'enrolled'>, DenyCode>> = {
  no_match: 'face_not_verified',
  not_live: 'face_not_verified',
  locked: 'face_locked',
  declined: 'face_declined',
  reported: 'face_reported',
  not_enrolled: 'face_enrollment_not_allowed',
  expired: 'face_session_expired',
  conflict: 'face_session_expired',
  unavailable: 'face_unavailable',
  disabled: 'face_configuration',
};

/** Which outcomes count as a guess towards the user's lock. */
export const COUNTS_AS_FAILURE: readonly Outcome[] = ['no_match', 'not_live'];
