import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Scope } from '../../../contract/api/portal/api-keys.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';

/** An API key as stored: of the key itself, only a hash. */
export interface ApiKey {
  readonly keyId: string;
  readonly accountId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Null: every integration of the account. */
  readonly integrationId: string | null;
  /** SHA-256 of the whole key, hex; 256 random bits need no slower hash. */
  readonly keyHash: string;
  readonly createdAt: EpochSeconds;
  readonly expiresAt: EpochSeconds | null;
  readonly lastUsedAt: EpochSeconds | null;
}

/** Known to secret scanners by one expression: docs/backend-api.md. */
const PREFIX = 'vfd_live_';
const ID_LENGTH = 16;
/** 43 characters of 62 hold 256 bits. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const FORM = new RegExp(`^${PREFIX}([0-9A-Za-z]{${ID_LENGTH}})[0-9A-Za-z]{${SECRET_LENGTH + CHECKSUM_LENGTH}}$`);
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const base62 = (value: bigint, length: number): string => {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n) text = BASE62.charAt(Number(rest % 62n)) + text;
  return text;
};

const randomBase62 = (bytes: number, length: number): string =>
  base62(BigInt(`0x${randomBytes(bytes).toString('hex')}`), length);

/** CRC-32 of everything before it: a scanner can distinguish a real key from a lookalike offline. */
const checksumOf = (text: string): string => base62(BigInt(crc32(text)), CHECKSUM_LENGTH);

/** Hash by which a key is stored and compared. */
export const hashApiKey = (apiKey: string): string => createHash('sha256').update(apiKey).digest('hex');

/** A new key: `vfd_live_`, 16 characters of key id, 256 random bits, 6 characters of checksum. 74 characters in all. */
export const newApiKey = (): { readonly keyId: string; readonly apiKey: string } => {
  // 88 bits fit in 16 characters with room to spare.
  const keyId = randomBase62(11, ID_LENGTH);
  const body = `${PREFIX}${keyId}${randomBase62(32, SECRET_LENGTH)}`;
  return { keyId, apiKey: `${body}${checksumOf(body)}` };
};

/** The key id, if the key has the right form and checksum; else null. */
export const keyIdOf = (apiKey: string): string | null => {
  const keyId = FORM.exec(apiKey)?.[1];
  const isWhole =
    keyId !== undefined && checksumOf(apiKey.slice(0, -CHECKSUM_LENGTH)) === apiKey.slice(-CHECKSUM_LENGTH);
  return isWhole ? keyId : null;
};

/** Compared if there is no such key, so that an unknown id takes the same time. */
const NO_HASH = '0'.repeat(64);

/** True if `apiKey` is the stored key and has not expired at `now`. Hashes are compared in constant time. */
export const provesKey = (stored: ApiKey | null, apiKey: string, now: EpochSeconds): boolean => {
  const given = Buffer.from(hashApiKey(apiKey), 'hex');
  const isSame = timingSafeEqual(given, Buffer.from(stored?.keyHash ?? NO_HASH, 'hex'));
  return stored !== null && isSame && (stored.expiresAt === null || now < stored.expiresAt);
};
