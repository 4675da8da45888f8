import type { CameraProblem } from './states.ts';

/** What the browser says of the page's right to the camera. */
export interface CameraRight {
  /** A permissions policy keeps it from this page. */
  readonly isForbiddenByPolicy: boolean;
  /** `granted`, `denied`, `prompt`; null: it does not say. */
  readonly permission: string | null;
}

const refused = (message: string, { isForbiddenByPolicy, permission }: CameraRight): CameraProblem => {
  if (isForbiddenByPolicy || /polic/i.test(message)) return 'denied_by_policy';
  // The browser would allow it: what is above it does not. Chromium says so too.
  if (permission === 'granted' || /system/i.test(message)) return 'denied_by_system';
  return /dismiss/i.test(message) || permission === 'prompt' ? 'dismissed' : 'denied';
};

/** Errors of `getUserMedia` (Media Capture and Streams, section 10.2) with an older browser's names, but for the refusal. */
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

/** Why the camera was not given, by the name of the error and what the browser says of the right to it. */
export const cameraProblemOf = (error: unknown, right: CameraRight): CameraProblem => {
  const { name = '', message = '' } = error instanceof Error || error instanceof DOMException ? error : {};
  if (name === 'NotAllowedError' || name === 'PermissionDeniedError') return refused(message, right);
  return BY_NAME[name] ?? 'other';
};

/** A member that only some browsers have. */
interface WithPolicy {
  readonly featurePolicy?: { allowsFeature(name: string): boolean };
}

/** Asks the browser for the page's right to the camera. Never fails: what it does not say is null. */
export const readCameraRight = async (): Promise<CameraRight> => {
  const isForbiddenByPolicy = (document as WithPolicy).featurePolicy?.allowsFeature('camera') === false;
  try {
    const { state } = await navigator.permissions.query({ name: 'camera' });
    return { isForbiddenByPolicy, permission: state };
  } catch {
    return { isForbiddenByPolicy, permission: null };
  }
};
