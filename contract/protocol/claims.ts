/** The default namespace of the claims that apps read; configurable in the Action. */
export const DEFAULT_CLAIM_NAMESPACE = 'https://authid.ai/claims/';
/**
 * Claim `{namespace}amr`: `MFA` where a face stands behind this token, otherwise `null` or absent. That is no statement about this
 * very login: with a freshness window, and after a refresh, the check can be that of an earlier one. `face_at` says when it was.
 * Only tokens carry the claims of their own login; the same names in an answer of `/userinfo` may be those of another session.
 */
export const AMR_CLAIM = 'amr';
export const AMR_VALUE = 'MFA';
/** Claim `{namespace}face_at`: epoch seconds of the check. Apps that need a fresh one compare it. */
export const FACE_AT_CLAIM = 'face_at';
/** Claim `{namespace}event`: `enrolled` or `verified` in this very login; `null` where an earlier check counted. */
export const EVENT_CLAIM = 'event';
/** The value of `acr_values` by which an app asks for the face on demand. */
export const ON_DEMAND_ACR = 'https://authid.ai/policies/multi-factor';
/** What `recordMethod` records; unique to the integration, so that another integration's check never counts as ours. */
export const methodUrl = (integrationId: string): string => `https://authid.ai/methods/face/${integrationId}`;
