import * as z from 'zod';
import { Scope } from '../../../../contract/api/portal/api-keys.ts';
import type { ApiKey } from '../../../core/model/api-key.ts';
import { defineItem, objectOf } from '../table/define-item.ts';
import { orNull, Seconds } from '../table/item-members.ts';

const apiKeyItem = defineItem<ApiKey>(() =>
  objectOf<ApiKey>()({
    keyId: z.string(),
    accountId: z.string(),
    name: z.string(),
    scopes: z.array(Scope),
    integrationId: orNull(z.string()),
    keyHash: z.string().regex(/^[0-9a-f]{64}$/),
    createdAt: Seconds,
    expiresAt: orNull(Seconds),
    lastUsedAt: orNull(Seconds),
  }),
);

/** @throws ZodError if the row is not an API key */
export const parseApiKey = apiKeyItem.read;

/** A new key's row. */
export const apiKeyRow = apiKeyItem.write;
