import { v7 } from 'uuid';

/**
 * An id of which later ones sort behind earlier ones (UUID version 7, RFC 9562): by the millisecond, within it by a counter that a
 * clock set back does not reset. Of two processes in the same millisecond chance decides, and stays the same at every look.
 */
export const orderedId = (): string => v7();
