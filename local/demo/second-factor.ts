import type { IDToken } from 'openid-client';

/** What an ID token says about the face. */
export interface SecondFactor {
  /** epoch seconds */
  readonly at: number;
  readonly event: 'enrolled' | 'verified';
}

/**
 * The one check that an app makes: claim `{namespace}amr` of a verified ID token is exactly `MFA`, with a time that is one.
 * Native claims and a mere session prove no second factor.
 * @param namespace of the claims, with its slash at the end
 * @returns null for a login without a second factor
 */
export const secondFactorOf = (claims: IDToken, namespace: string): SecondFactor | null => {
  const at = claims[`${namespace}face_at`];
  if (claims[`${namespace}amr`] !== 'MFA' || typeof at !== 'number' || !Number.isSafeInteger(at) || at <= 0)
    return null;
  return { at, event: claims[`${namespace}event`] === 'enrolled' ? 'enrolled' : 'verified' };
};
