/** What a token says about the face check. */
export interface SecondFactor {
  /** When the face was checked, epoch seconds. */
  readonly at: number;
  /** Null if the check of an earlier login was still valid. */
  readonly event: 'enrolled' | 'verified' | null;
}

/** The `acr_values` with which an app asks for the face. */
export const FACE_ACR = 'https://authid.ai/policies/multi-factor';

/** How far the clocks of app and tenant may differ. */
const CLOCK_SKEW_SECONDS = 60;

/**
 * The one check that an app makes: the claim `{namespace}amr` of a verified token is exactly `MFA`, with a valid time.
 * Auth0's own claims and a mere session prove no second factor.
 * @param claims of a token whose signature, issuer and audience were checked; never what `/userinfo` answers, see docs/step-up.md
 * @param namespace of the claims, with its slash at the end
 * @returns null for a login without a second factor
 */
export const secondFactorOf = (claims: Readonly<Record<string, unknown>>, namespace: string): SecondFactor | null => {
  const at = claims[`${namespace}face_at`];
  if (claims[`${namespace}amr`] !== 'MFA' || typeof at !== 'number' || !Number.isSafeInteger(at) || at <= 0)
    return null;
  const event = claims[`${namespace}event`];
  return { at, event: event === 'enrolled' || event === 'verified' ? event : null };
};

/**
 * True if the face was checked within the last `maxAgeSeconds`. The app's request traveled through the browser, so only this
 * shows whether the check took place.
 */
export const isRecent = (factor: SecondFactor | null, maxAgeSeconds: number, nowSeconds: number): boolean =>
  factor !== null && factor.at > nowSeconds - maxAgeSeconds && factor.at <= nowSeconds + CLOCK_SKEW_SECONDS;
