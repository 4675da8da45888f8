import * as z from 'zod';
import { Role } from './permissions.ts';

/** GET /api/portal/me */
export const Me = z.strictObject({
  operatorId: z.string(),
  email: z.string().nullable(),
  role: Role,
  account: z.strictObject({ accountId: z.string(), name: z.string() }),
});
export type Me = z.infer<typeof Me>;
