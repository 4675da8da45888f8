import { DecryptCommand, EncryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import { unavailable } from '../../core/model/problem.ts';
import type { WebhookSecret, WebhookSecretVault } from '../../core/model/webhook.ts';

const contextOf = (webhookId: string, generation: number) => ({
  purpose: 'verified/webhook-secrets',
  webhookId,
  generation: String(generation),
});

/** Secrets of webhooks at rest: encrypted by KMS, with webhook and generation as encryption context. */
export class KmsWebhookSecretVault implements WebhookSecretVault {
  readonly #kms: KMSClient;
  readonly #keyId: string;

  constructor(kms: KMSClient, keyId: string) {
    this.#kms = kms;
    this.#keyId = keyId;
  }

  async seal(webhookId: string, generation: number, secret: Uint8Array): Promise<string> {
    const EncryptionContext = contextOf(webhookId, generation);
    const { CiphertextBlob = new Uint8Array() } = await this.#kms
      .send(new EncryptCommand({ KeyId: this.#keyId, Plaintext: secret, EncryptionContext }))
      .catch(unavailable('KMS Encrypt'));
    return Buffer.from(CiphertextBlob).toString('base64');
  }

  async open(webhookId: string, { generation, wrapped }: WebhookSecret): Promise<Uint8Array> {
    const { Plaintext = new Uint8Array() } = await this.#kms
      .send(
        new DecryptCommand({
          KeyId: this.#keyId,
          CiphertextBlob: Buffer.from(wrapped, 'base64'),
          EncryptionContext: contextOf(webhookId, generation),
        }),
      )
      .catch(unavailable('KMS Decrypt'));
    return Plaintext;
  }
}
