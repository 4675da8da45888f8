/** Default namespace of the claims that apps read; configurable in the Action. */
export const DEFAULT_CLAIM_NAMESPACE = 'https://authid.ai/claims/';
/**
 * Claim `{namespace}amr`: `MFA` if a face check backs this token, otherwise `null` or absent. It is not a statement about this
 * particular login: with a freshness window, and after a refresh, the check can be from an earlier one. `face_at` says when it was.
 * Only tokens carry the claims of their own login; the same names in an answer of `/userinfo` may come from another session.
 */
export const AMR_CLAIM = 'amr';
export const AMR_VALUE = 'MFA';
/** Claim `{namespace}face_at`: epoch seconds of the check. Apps that need a fresh one compare it. */
export const FACE_AT_CLAIM = 'face_at';
/** Claim `{namespace}event`: `enrolled` or `verified` in this login; `null` if an earlier check counted. */
export const EVENT_CLAIM = 'event';
/** The value of `acr_values` by which an app asks for the face on demand. */
export const ON_DEMAND_ACR = 'https://authid.ai/policies/multi-factor';
/** What `recordMethod` records; unique to the integration, so that another integration's check never counts for this one. */
export const methodUrl = (integrationId: string): string => `https://authid.ai/methods/face/${integrationId}`;
