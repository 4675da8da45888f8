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

/** What an operator may change of an account. */
export const AccountSettings = z.strictObject({ name, defaults: AccountDefaults });
export type AccountSettings = z.infer<typeof AccountSettings>;

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

const Defaults = z.record(z.string(), z.unknown());
const AccountFields = z.strictObject({ name: z.string().optional(), defaults: Defaults.optional() });

/**
 * PATCH /api/portal/account: what is left out stays, also inside groups. `base` says how the members that change stood when the form
 * was loaded; what somebody else changed since is answered with `changed-meanwhile` and `conflicts`. Without it they are written
 * whatever stands there.
 */
export const AccountChange = AccountFields.extend({ base: AccountFields.default({}) });
export type AccountChange = z.infer<typeof AccountChange>;
