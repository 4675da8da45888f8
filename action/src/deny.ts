import type { DenyCode } from '../../contract/protocol/outcomes.ts';

/** The text after each code. The code comes first and is stable; the text may change. */
const TEXTS: Readonly<Record<DenyCode, string>> = {
  face_not_verified: 'We could not verify your face.',
  face_locked: 'Too many failed face checks.',
  face_declined: 'The face check was declined.',
  face_reported: 'This sign-in was reported as not yours.',
  face_enrollment_not_allowed: 'No face is enrolled for this account, and self-enrollment is not allowed.',
  face_session_expired: 'The face check took too long or was started again. Sign in again.',
  face_unavailable: 'The face check is not available. Try again later.',
  face_configuration: 'The face check is not set up correctly. Contact your administrator.',
  face_interaction_required: 'This sign-in needs a face check in a browser.',
};

/** `2026-11-24 10:40 UTC`, because apps in any time zone show the text. */
const minuteOf = (epochSeconds: number): string =>
  `${new Date(epochSeconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/**
 * The text of a denial, under 200 characters:
 * `face_locked: Too many failed face checks. Try again at 2026-11-24 10:40 UTC. Support id 7KQF-2M9D`
 * @param until epoch seconds at which a lock ends, or null
 */
export const denyText = (code: DenyCode, supportId: string, until: number | null = null): string =>
  `${code}: ${TEXTS[code]}${until === null ? '' : ` Try again at ${minuteOf(until)}.`} Support id ${supportId}`;
