import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { readIfExists, writeDurably } from '../../aws-wire/durable-file.ts';
import { StartError } from '../../aws-wire/listen.ts';

/** Keys that survive a restart: tokens stay valid and cookies readable. */
export interface TenantKeys {
  readonly jwks: JWK[];
  readonly cookieKeys: string[];
}

/**
 * The tenant's keys from its folder, generated at the first start.
 * @throws StartError if the file is damaged
 */
export const loadTenantKeys = async (folder: string): Promise<TenantKeys> => {
  const path = join(folder, 'keys.json');
  const stored = await readIfExists(path);
  try {
    if (stored !== null) return JSON.parse(stored.toString('utf8')) as TenantKeys;
  } catch (cause) {
    throw new StartError('The local tenant\'s key file is damaged; "npm start -- --reset" starts from scratch.', {
      cause,
    });
  }
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: randomBytes(8).toString('hex'), alg: 'RS256', use: 'sig' };
  const keys = { jwks: [jwk], cookieKeys: [randomBytes(32).toString('base64url')] };
  await writeDurably(path, JSON.stringify(keys));
  return keys;
};

/** The public half of the signing keys. */
export const publicKeys = (jwks: readonly JWK[]): JWK[] =>
  jwks.map(({ kty, n, e, kid, alg, use }) => ({ kty, n, e, kid, alg, use }) as JWK);
