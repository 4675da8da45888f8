import * as z from 'zod';
import { LiveSecret, Rotation } from './rotation.ts';

const Seconds = z.int().describe('epoch seconds');

/** One generation of an integration's Session Secret. */
export const SecretGeneration = LiveSecret.extend({
  /** Distinguishes secrets. */
  fingerprint: z.string(),
});
export type SecretGeneration = z.infer<typeof SecretGeneration>;

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

/** Options by name; the service knows their bounds and defaults. */
const Options = z.record(z.string(), z.unknown());

/** GET /api/portal/integrations/{integrationId} */
export const IntegrationView = z.strictObject({
  integrationId: z.string(),
  createdAt: Seconds,
  options: Options,
  secrets: z.array(SecretGeneration),
});
export type IntegrationView = z.infer<typeof IntegrationView>;

/** POST /api/portal/integrations */
export const NewIntegration = z.strictObject({ options: Options });

/**
 * PATCH /api/portal/integrations/{integrationId}: the options that change, and of groups only the members that change. `base` holds the
 * values that the form was loaded with: where another operator has changed one of them since, nothing is overwritten and the answer is
 * `changed-meanwhile` with `conflicts`; changes of other options are merged. A consent text is identified by its version, so `base` need
 * not contain it. Without `base`, the options are overwritten.
 */
export const IntegrationChange = z.strictObject({ options: Options, base: Options.default({}) });

/** The only answer that ever holds a Session Secret. */
export const ShownOnce = z.strictObject({ integrationId: z.string(), sessionSecret: z.string() });
export type ShownOnce = z.infer<typeof ShownOnce>;

/** POST /api/portal/integrations/{integrationId}/secrets: the old secret stays valid for the overlap. */
export const RotateSecret = Rotation;

/** POST /api/portal/integrations/{integrationId}/delete: the typed name, so that nobody deletes the wrong one. */
export const DeleteIntegration = z.strictObject({ name: z.string().max(80) });
