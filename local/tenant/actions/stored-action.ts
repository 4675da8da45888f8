import { z } from 'zod';

const Secrets = z.record(z.string(), z.string());

/** What logins run, or used to run. */
export const ActionVersion = z.object({
  id: z.string(),
  number: z.number(),
  code: z.string(),
  runtime: z.string(),
  secrets: Secrets,
  createdAt: z.string(),
});
export type ActionVersion = z.infer<typeof ActionVersion>;

/** An Action: its draft, and its deployed versions, oldest first. Times are ISO 8601. */
export const StoredAction = z.object({
  id: z.string(),
  name: z.string(),
  triggers: z.array(z.string()),
  code: z.string(),
  runtime: z.string(),
  dependencies: z.array(z.unknown()),
  secrets: Secrets,
  versions: z.array(ActionVersion),
  deployedVersionId: z.string().nullable(),
  /** The draft differs from what is deployed. */
  isChanged: z.boolean(),
  /** The tenant was started with it, and no admin has changed it since. */
  isSeed: z.boolean(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type StoredAction = z.infer<typeof StoredAction>;

/** A place in the post-login flow. */
export const StoredBinding = z.object({
  id: z.string(),
  actionId: z.string(),
  displayName: z.string(),
  createdAt: z.string(),
});
export type StoredBinding = z.infer<typeof StoredBinding>;

export const RegistryState = z.object({
  actions: z.array(StoredAction),
  /** In the order of the flow. */
  bindings: z.array(StoredBinding),
  /** Names of Actions that the tenant was ever started with, including deleted ones. */
  seeded: z.array(z.string()),
});
export type RegistryState = z.infer<typeof RegistryState>;
