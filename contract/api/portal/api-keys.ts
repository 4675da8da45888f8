import * as z from 'zod';
import { line, typedLine } from '../text.ts';

const Seconds = z.int().describe('epoch seconds');

/** What an API key may do at `/api/v1`. */
export const SCOPES = ['users:read', 'users:delete', 'invitations:create'] as const;
export const Scope = z.enum(SCOPES);
export type Scope = z.infer<typeof Scope>;

/** One API key as the portal shows it, without the key itself. */
export const ApiKeyView = z.strictObject({
  /** 16 characters, the beginning of the key after its prefix. */
  keyId: z.string(),
  name: z.string(),
  scopes: z.array(Scope),
  /** The only integration that the key gives access to; null: all of the account. */
  integrationId: z.string().nullable(),
  createdAt: Seconds,
  /** When the key expires; null: never. */
  expiresAt: Seconds.nullable(),
  /** Rounded to the hour; null: not used yet. */
  lastUsedAt: Seconds.nullable(),
});
export type ApiKeyView = z.infer<typeof ApiKeyView>;

/** GET /api/portal/api-keys, newest first */
export const ApiKeyList = z.strictObject({ keys: z.array(ApiKeyView) });

/** POST /api/portal/api-keys */
export const NewApiKey = z.strictObject({
  name: typedLine(80),
  scopes: z
    .array(Scope)
    .min(1)
    .max(SCOPES.length)
    .refine((scopes) => new Set(scopes).size === scopes.length, { error: 'names a scope twice' }),
  integrationId: line(64).nullable().default(null),
  /** Days until the key expires, 1 to 730; null: never. */
  expiresInDays: z.int().min(1).max(730).nullable().default(null),
});
export type NewApiKey = z.infer<typeof NewApiKey>;

/** The only answer that ever holds an API key. */
export const ApiKeyShownOnce = z.strictObject({ apiKey: z.string(), view: ApiKeyView });
export type ApiKeyShownOnce = z.infer<typeof ApiKeyShownOnce>;

/** POST /api/portal/api-keys/revoke: the key is no longer accepted. */
export const RevokeApiKey = z.strictObject({ keyId: line(64) });
