/** Whole seconds since 1970-01-01 UTC (RFC 7519 NumericDate without fraction). */
export type EpochSeconds = number & { readonly __unit: 'EpochSeconds' };

/** Within these bounds every value has ten digits, so that keys sort like times. */
export const FIRST_SECOND = 1_000_000_000 as EpochSeconds;
export const LAST_SECOND = 9_999_999_999 as EpochSeconds;

/**
 * Creates an `EpochSeconds` and refuses what cannot be one: milliseconds, fractions, NaN.
 * @param seconds from 1e9 (2001) to 9_999_999_999 (2286)
 * @throws RangeError outside that range, since a wrong unit here would make every expiry check pass
 */
export const epochSeconds = (seconds: number): EpochSeconds => {
  if (!Number.isInteger(seconds) || seconds < FIRST_SECOND || seconds > LAST_SECOND) {
    throw new RangeError('epoch seconds must be a whole number from 1e9 to 9999999999');
  }
  return seconds as EpochSeconds;
};

/** `at` plus `seconds` (may be negative). */
export const addSeconds = (at: EpochSeconds, seconds: number): EpochSeconds => epochSeconds(at + seconds);

/** The current time of a millisecond clock such as `Date.now`. */
export const fromMilliseconds = (milliseconds: number): EpochSeconds => epochSeconds(Math.floor(milliseconds / 1000));
