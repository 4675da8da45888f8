import * as z from 'zod';

const Seconds = z.int().describe('epoch seconds');

/** Why a tenant contact was refused, as far as it helps the operator; nothing of the token itself. */
const OPENING_REFUSALS = ['disabled', 'signature', 'domain', 'time', 'form'] as const;
export type OpeningRefusal = (typeof OPENING_REFUSALS)[number];

/** GET /api/portal/integrations/{integrationId}/connection: the last logins that reached the service, good and bad. */
export const ConnectionView = z.strictObject({
  accepted: z.strictObject({ at: Seconds, domain: z.string() }).nullable(),
  /** Signed with this integration's secret, so it came from a tenant that holds it. `domain`: one that is not in the list. */
  refused: z.strictObject({ at: Seconds, reason: z.enum(OPENING_REFUSALS), domain: z.string().nullable() }).nullable(),
  /** Not signed with it: a wrong secret, or anyone who knows the Integration Id. It never replaces the others. */
  unproven: z.strictObject({ at: Seconds, reason: z.enum(OPENING_REFUSALS) }).nullable(),
});
export type ConnectionView = z.infer<typeof ConnectionView>;
