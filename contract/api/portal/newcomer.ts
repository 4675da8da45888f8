import * as z from 'zod';

/** GET /api/portal/newcomer: someone who is signed in and not a member of any account. */
export const Newcomer = z.strictObject({
  /** The address that an invitation must be for; null: the issuer has verified none. */
  email: z.string().nullable(),
  /** Whether they may create an account. */
  mayFound: z.boolean(),
  /** How they left their last account; null: they were never in one. */
  departure: z
    .strictObject({
      accountName: z.string().nullable(),
      at: z.int().describe('epoch seconds'),
      /** `removed`: by an owner. */
      how: z.enum(['removed', 'left']),
    })
    .nullable(),
});
export type Newcomer = z.infer<typeof Newcomer>;
