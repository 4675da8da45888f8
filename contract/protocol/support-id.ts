import { createHash } from 'node:crypto';

/** Crockford base 32: no I, L, O or U, so that an id read out on the phone is not misheard. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * The short id (40 bits) that every screen, denial text and log line of one login carries. Both sides derive it from Auth0's
 * transaction id, so it is the same even if no result came back. It is a search key, not a secret.
 * @param transactionId `event.transaction.id`, or any random string where there is none
 */
export const supportIdOf = (transactionId: string): string => {
  const digest = createHash('sha256').update(`verified/support/v1:${transactionId}`).digest();
  const characters = Array.from(digest.subarray(0, 8), (byte) => ALPHABET.charAt(byte & 31));
  return `${characters.slice(0, 4).join('')}-${characters.slice(4).join('')}`;
};
