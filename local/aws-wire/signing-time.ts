import { AwsError } from './aws-error.ts';

/** AWS refuses requests whose clock is off by more than this (Signature Version 4, "request expired"). */
export const MAX_SKEW_MS = 5 * 60 * 1000;

/** For a signature that is wrong, too old, too early, or made for something else. */
export const invalidSignature = (message: string): AwsError => new AwsError('InvalidSignatureException', message, 403);

/** `20261124T093000Z` as milliseconds. */
const parseAmzDate = (date: string): number =>
  Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/** True for a date in the form that signatures carry, e.g. `20261124T093000Z`. */
export const isAmzDate = (date: string): boolean => !Number.isNaN(parseAmzDate(date));

/** Milliseconds since 1970 as `20261124T093000Z`. */
export const amzDate = (ms: number): string => new Date(ms).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');

/**
 * Refuses a date that is too far from the server's, with AWS's own texts: SDKs correct their clock by them and try again.
 * @param date `20261124T093000Z`, as signed
 * @param lifetimeMs how long the signature is valid after that
 * @throws AwsError InvalidSignatureException
 */
export const checkAge = (date: string, nowMs: number, lifetimeMs: number): void => {
  const signedAtMs = parseAmzDate(date);
  const now = amzDate(nowMs);
  if (!(nowMs < signedAtMs + lifetimeMs))
    throw invalidSignature(
      `Signature expired: ${date} is now earlier than ${amzDate(nowMs - lifetimeMs)} (${now} - ${lifetimeMs / 60_000} min.)`,
    );
  if (!(nowMs >= signedAtMs - MAX_SKEW_MS))
    throw invalidSignature(
      `Signature not yet current: ${date} is still later than ${amzDate(nowMs + MAX_SKEW_MS)} (${now} + ${MAX_SKEW_MS / 60_000} min.)`,
    );
};
