import { v7 } from 'uuid';

/**
 * An id that sorts after all earlier ones (UUID version 7, RFC 9562): by millisecond, and within it by a counter that is not reset if
 * the clock is set back. Ids of two processes in the same millisecond have a random but stable order.
 */
export const orderedId = (): string => v7();
