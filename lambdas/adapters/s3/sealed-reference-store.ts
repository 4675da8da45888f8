import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { Problem, unavailable } from '../../core/model/problem.ts';
import type { PreparedReference, ReferenceOwner, References } from '../../core/model/references.ts';
import type { Reference } from '../../core/model/user.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Owner, version and engine of one picture: with any others, KMS refuses the data key and GCM the bytes. */
const contextOf = (owner: ReferenceOwner, referenceId: string) => ({
  purpose: 'verified/reference-face',
  integrationId: owner.integrationId,
  externalId: Buffer.from(owner.externalId).toString('base64url'),
  engine: owner.engine,
  referenceId,
});

const seal = (image: Uint8Array, key: Uint8Array, context: object): Buffer => {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(JSON.stringify(context)));
  return Buffer.concat([iv, cipher.update(image), cipher.final(), cipher.getAuthTag()]);
};

const unseal = (bytes: Uint8Array, key: Uint8Array, context: object): Buffer => {
  const tagAt = bytes.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(JSON.stringify(context))).setAuthTag(bytes.subarray(tagAt));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, tagAt)), decipher.final()]);
};

/**
 * Reference faces in one private bucket under random names, each sealed with its own KMS data key. The wrapped key is in the user's row
 * alone, so deleting the row makes the bytes unreadable immediately. Objects that no row names are removed (expire-face.ts).
 */
export class SealedReferenceStore implements References {
  readonly #s3: S3Client;
  readonly #kms: KMSClient;
  readonly #bucket: string;
  readonly #keyId: string;

  constructor(s3: S3Client, kms: KMSClient, names: { readonly bucket: string; readonly keyId: string }) {
    this.#s3 = s3;
    this.#kms = kms;
    this.#bucket = names.bucket;
    this.#keyId = names.keyId;
  }

  newObjectKey(): string {
    return `faces/${randomBytes(24).toString('base64url')}`;
  }

  async prepare(owner: ReferenceOwner, objectKey: string): Promise<PreparedReference> {
    const referenceId = randomUUID();
    const context = contextOf(owner, referenceId);
    const { Plaintext, CiphertextBlob } = await this.#kms
      .send(new GenerateDataKeyCommand({ KeyId: this.#keyId, KeySpec: 'AES_256', EncryptionContext: context }))
      .catch(unavailable('KMS GenerateDataKey'));
    if (Plaintext === undefined || CiphertextBlob === undefined) {
      throw new Problem('unavailable', 'KMS returned no data key');
    }
    const wrappedKey = Buffer.from(CiphertextBlob).toString('base64');
    return {
      objectKey,
      store: async (image: Uint8Array, now: EpochSeconds): Promise<Reference> => {
        await this.#s3
          .send(
            new PutObjectCommand({
              Bucket: this.#bucket,
              Key: objectKey,
              Body: seal(image, Plaintext, context),
              ContentType: 'application/octet-stream',
              IfNoneMatch: '*',
            }),
          )
          .catch(unavailable('S3 PutObject'));
        return { referenceId, objectKey, wrappedKey, engine: owner.engine, enrolledAt: now };
      },
    };
  }

  async load(owner: ReferenceOwner, reference: Reference): Promise<Uint8Array> {
    const context = contextOf(owner, reference.referenceId);
    try {
      const [object, { Plaintext }] = await Promise.all([
        this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key: reference.objectKey })),
        this.#kms.send(
          new DecryptCommand({
            KeyId: this.#keyId,
            CiphertextBlob: Buffer.from(reference.wrappedKey, 'base64'),
            EncryptionContext: context,
          }),
        ),
      ]);
      const bytes = await object.Body?.transformToByteArray();
      if (bytes === undefined || Plaintext === undefined) throw new Error('empty answer');
      return unseal(bytes, Plaintext, context);
    } catch (error) {
      throw new Problem('unavailable', 'the reference face cannot be read', { cause: error });
    }
  }

  async remove(reference: Pick<Reference, 'objectKey'>): Promise<void> {
    await this.#s3.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: reference.objectKey }));
  }

  async isStored(reference: Pick<Reference, 'objectKey'>): Promise<boolean> {
    // A listing reliably says that there is nothing. A HEAD of a missing object answers 403 to a caller that may not list.
    const { KeyCount } = await this.#s3.send(
      new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: reference.objectKey, MaxKeys: 1 }),
    );
    return KeyCount !== 0;
  }
}
