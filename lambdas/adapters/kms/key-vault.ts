import { DecryptCommand, EncryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import * as z from 'zod';
import type { SessionKeys } from '../../../contract/protocol/derive-keys.ts';
import type { KeySealer } from '../../core/integrations/manage-integration.ts';
import type { KeyGeneration, KeyVault } from '../../core/model/integration.ts';
import { unavailable } from '../../core/model/problem.ts';

const Hex = z.string().regex(/^[0-9a-f]{64}$/);
const Keys = z.strictObject({ request: Hex, result: Hex, pii: Hex });

/**
 * How long decrypted keys stay in a Lambda's memory: saves a KMS call per login, and limits how long a revoked grant still has an
 * effect.
 */
const KEPT_MS = 5 * 60 * 1000;
const MAX_KEPT = 500;

const contextOf = (integrationId: string, generation: number) => ({
  purpose: 'verified/integration-keys',
  integrationId,
  generation: String(generation),
});

/** Derived keys at rest: encrypted by KMS, with integration and generation as encryption context. */
export class KmsKeyVault implements KeyVault, KeySealer {
  readonly #kms: KMSClient;
  readonly #keyId: string;
  readonly #clockMs: () => number;
  readonly #kept = new Map<string, { readonly keys: Promise<SessionKeys>; readonly untilMs: number }>();

  constructor(kms: KMSClient, keyId: string, clockMs: () => number = Date.now) {
    this.#kms = kms;
    this.#keyId = keyId;
    this.#clockMs = clockMs;
  }

  async seal(integrationId: string, generation: number, keys: SessionKeys): Promise<string> {
    const { CiphertextBlob } = await this.#kms.send(
      new EncryptCommand({
        KeyId: this.#keyId,
        Plaintext: Buffer.from(JSON.stringify(Keys.parse(keys))),
        EncryptionContext: contextOf(integrationId, generation),
      }),
    );
    if (CiphertextBlob === undefined) throw new Error('KMS returned no ciphertext');
    return Buffer.from(CiphertextBlob).toString('base64');
  }

  open(integrationId: string, generation: KeyGeneration): Promise<SessionKeys> {
    const name = `${integrationId}#${generation.generation}#${generation.wrapped}`;
    const kept = this.#kept.get(name);
    if (kept !== undefined && this.#clockMs() < kept.untilMs) return kept.keys;
    const keys = this.#decrypt(integrationId, generation);
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
    this.#kept.set(name, { keys, untilMs: this.#clockMs() + KEPT_MS });
    // A failure is not cached: the next call asks KMS again.
    keys.catch(() => this.#kept.delete(name));
    return keys;
  }

  async #decrypt(integrationId: string, generation: KeyGeneration): Promise<SessionKeys> {
    const { Plaintext } = await this.#kms
      .send(
        new DecryptCommand({
          KeyId: this.#keyId,
          CiphertextBlob: Buffer.from(generation.wrapped, 'base64'),
          EncryptionContext: contextOf(integrationId, generation.generation),
        }),
      )
      .catch(unavailable('KMS Decrypt'));
    return Keys.parse(JSON.parse(Buffer.from(Plaintext ?? []).toString('utf8')));
  }
}
