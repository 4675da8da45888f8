import type { PostLoginApi, PostLoginEvent } from './auth0-types.ts';
import type { Settings } from './settings.ts';

/**
 * Entry of a user's app_metadata, which an admin writes: the time, in epoch seconds, until which this user needs no face.
 * Users cannot write their own app_metadata. Followed by `_` and an Integration Id, it applies only to that integration
 * and takes precedence over the plain one.
 */
const BYPASS_METADATA = 'verified_bypass_until';
/** A bypass is for an emergency: a longer one is not accepted. */
const MAX_BYPASS_SECONDS = 7 * 86_400;

/** Entry of app_metadata that this Action writes at the first face check: epoch seconds of that check. */
const enrolledMetadata = (integrationId: string): string => `verified_enrolled_${integrationId}`;

/** What an admin's bypass means for this login; `unusable`: there is one, but it is not a time within the next 7 days. */
export const bypassOf = (
  event: PostLoginEvent,
  settings: Settings,
  nowSeconds: number,
): 'none' | 'open' | 'unusable' => {
  const { app_metadata } = event.user;
  const until =
    app_metadata?.[`${BYPASS_METADATA}_${settings.integrationId}`] ?? app_metadata?.[BYPASS_METADATA] ?? null;
  if (!settings.allowBypass || until === null) return 'none';
  if (typeof until !== 'number' || !Number.isInteger(until) || until > nowSeconds + MAX_BYPASS_SECONDS)
    return 'unusable';
  return until > nowSeconds ? 'open' : 'none';
};

/** True if this user had a face check of this integration before. Any value of the mark counts, so that it fails closed. */
export const hasEnrolled = (event: PostLoginEvent, integrationId: string): boolean =>
  (event.user.app_metadata?.[enrolledMetadata(integrationId)] ?? null) !== null;

/**
 * Marks the user as enrolled, once. The mark is written whether or not `ENROLL_AT_LOGIN` needs it yet: turned off later, that
 * setting would otherwise let every user who is enrolled by then pass without the factor.
 * @throws what Auth0 throws, if the setting depends on the mark
 */
export const markEnrolled = (event: PostLoginEvent, api: PostLoginApi, settings: Settings, faceAt: number): void => {
  if (hasEnrolled(event, settings.integrationId)) return;
  try {
    api.user?.setAppMetadata?.(enrolledMetadata(settings.integrationId), faceAt);
  } catch (error) {
    if (!settings.enrollAtLogin) throw error;
    console.log('verified enrollment mark could not be written');
  }
};
