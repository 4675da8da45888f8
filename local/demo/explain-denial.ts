/** How an app presents a denied login: a title and what to do, chosen by the stable code at the start of the description. */
export interface Denial {
  readonly code: string;
  readonly title: string;
  readonly advice: string;
  readonly supportId: string | null;
  /** The service's own sentence, without code and support id. */
  readonly detail: string;
}

const TEXTS: Readonly<Record<string, readonly [title: string, advice: string]>> = {
  face_not_verified: [
    'We could not verify that it is you',
    'Try again in good light, facing the camera. If it keeps failing, contact the bank.',
  ],
  face_locked: ['Too many failed face checks', 'Wait until the time below and try again, or contact the bank.'],
  face_declined: [
    'You chose not to use your face',
    'Log in again when you are ready, or ask the bank for another way.',
  ],
  face_reported: ['Thank you for reporting this sign-in', 'If you did not start it, change your password now.'],
  face_enrollment_not_allowed: ['No face is enrolled for this account', 'Ask the bank for an invitation to enroll.'],
  face_session_expired: ['The face check ran out of time', 'Log in again.'],
  face_unavailable: ['The face check is not available', 'Nothing is lost. Try again in a few minutes.'],
  face_configuration: ['The face check is not set up correctly', 'Give the support id to the bank.'],
  face_interaction_required: ['A face check in the browser is needed', 'Log in in a browser.'],
};

/** Explains the `error_description` of an `access_denied` answer. Unknown texts get a plain fallback. */
export const explainDenial = (description: string): Denial => {
  const [, code = '', rest = ''] = /^([a-z_]+): (.*)$/s.exec(description) ?? [];
  const supportId = /Support id ([0-9A-Z]{4}-[0-9A-Z]{4})/.exec(description)?.[1] ?? null;
  const known = Object.hasOwn(TEXTS, code) ? TEXTS[code] : undefined;
  const [title, advice] = known ?? ['The login was denied', 'Try again, or contact the bank.'];
  return {
    code: known === undefined ? 'access_denied' : code,
    title,
    advice,
    supportId,
    detail: rest.replace(/\s*Support id .*/, ''),
  };
};
