import * as z from 'zod';
import { IntegrationOptionsSchema } from './integration-options.ts';

const { lockout, attemptsPerSession, sessionTimeoutSeconds, consent, name } = IntegrationOptionsSchema.shape;

/** Initial values in the form of a new integration; existing integrations do not change. */
export const AccountDefaults = z.strictObject({
  lockout,
  attemptsPerSession,
  sessionTimeoutSeconds,
  /** Days after which an unused face is deleted. */
  retentionDays: consent.shape.retentionDays,
});
export type AccountDefaults = z.infer<typeof AccountDefaults>;

/** What an operator may change of an account. */
export const AccountSettings = z.strictObject({ name, defaults: AccountDefaults });
export type AccountSettings = z.infer<typeof AccountSettings>;

export const FIRST_DEFAULTS: AccountDefaults = AccountDefaults.parse({ retentionDays: 365 });

/** GET /api/portal/account */
export const AccountView = z.strictObject({
  accountId: z.string(),
  name,
  defaults: AccountDefaults,
  /** The address this deployment sends e-mail from; null: it sends none. Set by the deployment, the same for all accounts. */
  emailSender: z.string().nullable(),
});
export type AccountView = z.infer<typeof AccountView>;

const Defaults = z.record(z.string(), z.unknown());
const AccountFields = z.strictObject({ name: z.string().optional(), defaults: Defaults.optional() });

/**
 * PATCH /api/portal/account: omitted members do not change, also inside groups. `base` holds the values that the form was loaded with;
 * where another operator has changed one of them since, the answer is `changed-meanwhile` with `conflicts`. Without `base`, the members
 * are overwritten.
 */
export const AccountChange = AccountFields.extend({ base: AccountFields.default({}) });
export type AccountChange = z.infer<typeof AccountChange>;
