import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { LocalCredentials } from '../aws-wire/credentials.ts';
import { MAX_STORED_IMAGE_BYTES } from './engine/read-image.ts';
import { rekognitionError } from './errors.ts';

interface ObjectName {
  readonly Bucket: string;
  readonly Name: string;
  readonly Version?: string | undefined;
}

/** How a stored image is named and encrypted. */
export interface StoredImage {
  readonly bucket: string;
  readonly key: string;
  readonly kmsKeyId: string | null;
}

/** S3 as the caller of an operation may use it: each request is signed with the caller's credentials, so S3 itself decides. */
export class CallersS3 {
  readonly #endpoint: string;
  readonly #region: string;
  readonly #clockMs: () => number;

  constructor(endpoint: string, region: string, clockMs: () => number) {
    this.#endpoint = endpoint;
    this.#region = region;
    this.#clockMs = clockMs;
  }

  /** @throws AwsError InvalidS3ObjectException if S3 does not return it, ImageTooLargeException above 15 MB */
  async readImage(caller: LocalCredentials, { Bucket, Name, Version }: ObjectName): Promise<Uint8Array> {
    const object = { Bucket, Key: Name, ...(Version === undefined ? {} : { VersionId: Version }) };
    return this.#as(caller, async (s3) => {
      const { ContentLength = 0 } = await s3.send(new HeadObjectCommand(object));
      if (ContentLength > MAX_STORED_IMAGE_BYTES) return null;
      const { Body } = await s3.send(new GetObjectCommand(object));
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    }).then(
      (bytes) => {
        if (bytes === null) throw rekognitionError('ImageTooLargeException');
        return bytes;
      },
      () => {
        throw rekognitionError('InvalidS3ObjectException');
      },
    );
  }

  /** @throws what the S3 client throws */
  async writeImage(caller: LocalCredentials, { bucket, key, kmsKeyId }: StoredImage, bytes: Uint8Array): Promise<void> {
    const encryption = kmsKeyId === null ? {} : ({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId } as const);
    const command = { Bucket: bucket, Key: key, Body: bytes, ContentType: 'image/jpeg', ...encryption };
    await this.#as(caller, (s3) => s3.send(new PutObjectCommand(command)));
  }

  async #as<T>(caller: LocalCredentials, use: (s3: S3Client) => Promise<T>): Promise<T> {
    const { accessKeyId, secretAccessKey, sessionToken } = caller;
    const s3 = new S3Client({
      endpoint: this.#endpoint,
      region: this.#region,
      forcePathStyle: true,
      maxAttempts: 1,
      // All local parts use one clock, which tests may shift.
      systemClockOffset: this.#clockMs() - Date.now(),
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken === null ? {} : { sessionToken }) },
    });
    try {
      return await use(s3);
    } finally {
      s3.destroy();
    }
  }
}
