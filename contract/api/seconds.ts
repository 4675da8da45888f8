import * as z from 'zod';

/** A time of a login. */
export const Seconds = z.int().min(1_000_000_000).max(9_999_999_999).describe('epoch seconds');
