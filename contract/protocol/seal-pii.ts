import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** What the service may know about the user besides the External ID: for the masked hint on the page and for e-mail. */
export interface Pii {
  readonly email?: string;
  readonly name?: string;
}

/** Longest sealed text that the service accepts in a session token, in characters. */
export const SEALED_PII_MAX_LENGTH = 1024;

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals `pii` for the service: AES-256-GCM, random 96-bit IV, bound to the token's `jti`; base64url of IV, ciphertext, tag.
 * Auth0's session token is signed but readable (it travels in a URL), so it must not contain personal data in clear text.
 * @param piiKeyHex `SessionKeys.pii`
 */
export const sealPii = (pii: Pii, piiKeyHex: string, jti: string): string => {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(piiKeyHex, 'hex'), iv).setAAD(Buffer.from(jti));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(pii), 'utf8'), cipher.final()]);
  return Buffer.concat([iv, sealed, cipher.getAuthTag()]).toString('base64url');
};

/**
 * Opens what `sealPii` sealed.
 * @throws Error if the key, the `jti` or a single bit differs
 */
export const openPii = (sealed: string, piiKeyHex: string, jti: string): Pii => {
  const bytes = Buffer.from(sealed, 'base64url');
  const iv = bytes.subarray(0, IV_BYTES);
  const tag = bytes.subarray(bytes.length - TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(piiKeyHex, 'hex'), iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(jti)).setAuthTag(tag);
  const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, bytes.length - TAG_BYTES)), decipher.final()]);
  const value: unknown = JSON.parse(text.toString('utf8'));
  const { email, name } = (value ?? {}) as Record<string, unknown>;
  return {
    ...(typeof email === 'string' ? { email } : {}),
    ...(typeof name === 'string' ? { name } : {}),
  };
};
