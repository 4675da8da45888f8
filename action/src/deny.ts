import type { DenyCode } from '../../contract/protocol/outcomes.ts';

/** Words behind each code. The code comes first and is stable; the words may change. */
const TEXTS: Readonly<Record<DenyCode, string>> = {
  face_not_verified: 'We could not verify your face.',
  face_locked: 'Too many failed face checks.',
  face_declined: 'The face check was declined.',
  face_reported: 'The sign-in was reported as not yours.',
  face_enrollment_not_allowed: 'This account has no face enrolled and may not enrol one by itself.',
  face_session_expired: 'The face check took too long or was started again. Sign in again.',
  face_unavailable: 'The face check is not available. Try again later.',
  face_configuration: 'The face check is not set up correctly. Contact your administrator.',
  face_interaction_required: 'This sign-in needs a face check in a browser.',
};

/** The text of a denial: `face_locked: Too many failed face checks. Try again at 10:40 UTC. Support id 7KQF-2M9D` */
export const denyText = (code: DenyCode, supportId: string, untilSeconds: number | null = null): string => {
  const until =
    untilSeconds === null ? '' : ` Try again at ${new Date(untilSeconds * 1000).toISOString().slice(11, 16)} UTC.`;
  return `${code}: ${TEXTS[code]}${until} Support id ${supportId}`;
};
