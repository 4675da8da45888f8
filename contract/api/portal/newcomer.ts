import * as z from 'zod';

/** GET /api/portal/newcomer: somebody who is signed in and belongs to no account. */
export const Newcomer = z.strictObject({
  /** The address that an invitation has to name; null: the issuer has verified none. */
  email: z.string().nullable(),
  /** Whether the person may found an account. */
  mayFound: z.boolean(),
  /** How they left the account that they were in last; null: they were in none. */
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
