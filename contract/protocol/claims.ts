/** The default namespace of the claims that apps read; configurable in the Action. */
export const DEFAULT_CLAIM_NAMESPACE = 'https://authid.ai/claims/';
/** Claim `{namespace}amr`: `MFA` after a face was verified or enrolled in this login, absent otherwise. */
export const AMR_CLAIM = 'amr';
export const AMR_VALUE = 'MFA';
/** Claim `{namespace}face_at`: epoch seconds of the verification. */
export const FACE_AT_CLAIM = 'face_at';
/** Claim `{namespace}event`: `enrolled` or `verified`. */
export const EVENT_CLAIM = 'event';
/** The value of `acr_values` by which an app asks for the face on demand. */
export const ON_DEMAND_ACR = 'https://authid.ai/policies/multi-factor';
/** What `recordMethod` records; unique to the integration, so that another integration's check never counts as ours. */
export const methodUrl = (integrationId: string): string => `https://authid.ai/methods/face/${integrationId}`;
