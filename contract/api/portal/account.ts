import * as z from 'zod';
import { IntegrationOptionsSchema } from './integration-options.ts';

const { lockout, attemptsPerSession, sessionTimeoutSeconds, consent, name } = IntegrationOptionsSchema.shape;

/** What the form of a new integration starts with; integrations that stand are not changed. */
export const AccountDefaults = z.strictObject({
  lockout,
  attemptsPerSession,
  sessionTimeoutSeconds,
  /** Days after which a face that was not used is deleted. */
  retentionDays: consent.shape.retentionDays,
});
export type AccountDefaults = z.infer<typeof AccountDefaults>;

export const FIRST_DEFAULTS: AccountDefaults = AccountDefaults.parse({ retentionDays: 365 });

/** GET /api/portal/account */
export const AccountView = z.strictObject({
  accountId: z.string(),
  name,
  defaults: AccountDefaults,
  /** The address that this deployment's e-mail comes from; null: it sends none. Set by the deployment, the same for all accounts. */
  emailSender: z.string().nullable(),
});
export type AccountView = z.infer<typeof AccountView>;

/** PATCH /api/portal/account */
export const AccountChange = z.strictObject({ name: name.optional(), defaults: AccountDefaults.optional() });
export type AccountChange = z.infer<typeof AccountChange>;
