import * as z from 'zod';

const Seconds = z.int().describe('epoch seconds');

/** One generation of an integration's secret; the secret itself is nowhere. */
export const SecretGeneration = z.strictObject({
  generation: z.int().min(1),
  /** Tells secrets apart. */
  fingerprint: z.string(),
  endsAt: Seconds.nullable(),
});

export const IntegrationSummary = z.strictObject({
  integrationId: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  domains: z.array(z.string()),
  createdAt: Seconds,
});
export type IntegrationSummary = z.infer<typeof IntegrationSummary>;

/** GET /api/portal/integrations */
export const IntegrationList = z.strictObject({ integrations: z.array(IntegrationSummary) });

/** Options by their names; bounds and defaults are the service's (docs/options.md). */
const Options = z.record(z.string(), z.unknown());

/** GET /api/portal/integrations/{integrationId} */
export const IntegrationView = z.strictObject({
  integrationId: z.string(),
  createdAt: Seconds,
  options: Options,
  secrets: z.array(SecretGeneration),
});
export type IntegrationView = z.infer<typeof IntegrationView>;

/** POST /api/portal/integrations and PATCH /api/portal/integrations/{integrationId} */
export const IntegrationChange = z.strictObject({ options: Options });

/** The only answer that ever holds a Session Secret. */
export const ShownOnce = z.strictObject({ integrationId: z.string(), sessionSecret: z.string() });
export type ShownOnce = z.infer<typeof ShownOnce>;

/** POST /api/portal/integrations/{integrationId}/secrets: the old secret stays valid for the overlap. */
export const RotateSecret = z.strictObject({
  overlapSeconds: z
    .int()
    .min(0)
    .max(7 * 86_400),
});

/** POST /api/portal/integrations/{integrationId}/delete: the name, typed, so that nobody deletes the wrong one. */
export const DeleteIntegration = z.strictObject({ name: z.string().max(80) });
