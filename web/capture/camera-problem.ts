import type { CameraProblem } from './states.ts';

/** What the browser reports about the page's camera permission. */
export interface CameraRight {
  /** A permissions policy denies it to this page. */
  readonly isForbiddenByPolicy: boolean;
  /** `granted`, `denied`, `prompt`; null: unknown. */
  readonly permission: string | null;
}

const refused = (message: string, { isForbiddenByPolicy, permission }: CameraRight): CameraProblem => {
  if (isForbiddenByPolicy || /polic/i.test(message)) return 'denied_by_policy';
  // The browser would allow it, but the operating system does not. Chromium's message says so too.
  if (permission === 'granted' || /system/i.test(message)) return 'denied_by_system';
  return /dismiss/i.test(message) || permission === 'prompt' ? 'dismissed' : 'denied';
};

/** Errors of `getUserMedia` (Media Capture and Streams, section 10.2) with names of older browsers, except the refusal. */
const BY_NAME: Readonly<Record<string, CameraProblem>> = {
  NotFoundError: 'missing',
  DevicesNotFoundError: 'missing',
  NotReadableError: 'busy',
  TrackStartError: 'busy',
  AbortError: 'not_started',
  OverconstrainedError: 'unsuitable',
  ConstraintNotSatisfiedError: 'unsuitable',
  SecurityError: 'denied_by_policy',
  NotSupportedError: 'not_supported',
  TypeError: 'not_supported',
};

/** Why there is no camera, by the name of the error and the reported permission. */
export const cameraProblemOf = (error: unknown, right: CameraRight): CameraProblem => {
  const { name = '', message = '' } = error instanceof Error || error instanceof DOMException ? error : {};
  if (name === 'NotAllowedError' || name === 'PermissionDeniedError') return refused(message, right);
  return BY_NAME[name] ?? 'other';
};

/** A member that only some browsers have. */
interface WithPolicy {
  readonly featurePolicy?: { allowsFeature(name: string): boolean };
}

/** Queries the page's camera permission. Never fails: what is unknown is null. */
export const readCameraRight = async (): Promise<CameraRight> => {
  const isForbiddenByPolicy = (document as WithPolicy).featurePolicy?.allowsFeature('camera') === false;
  try {
    const { state } = await navigator.permissions.query({ name: 'camera' });
    return { isForbiddenByPolicy, permission: state };
  } catch {
    return { isForbiddenByPolicy, permission: null };
  }
};
