import { z } from 'zod';
import type { LocalCredentials } from '../../aws-wire/credentials.ts';
import type { CallersS3 } from '../callers-s3.ts';
import { MAX_IMAGE_BYTES } from '../engine/read-image.ts';
import { rekognitionError } from '../errors.ts';

/** An S3 object within the bounds of Rekognition's model. */
const S3Object = z.object({
  Bucket: z
    .string()
    .min(3)
    .max(255)
    .regex(/^[0-9A-Za-z.\-_]*$/),
  Name: z.string().min(1).max(1024),
  Version: z.string().min(1).max(1024).optional(),
});

export const Image = z.object({ Bytes: z.string().optional(), S3Object: S3Object.optional() });
export type ImageInput = z.infer<typeof Image>;

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * The bytes of an image that came with the request or is in S3, read there with the caller's own permissions.
 * @throws AwsError InvalidParameterException without exactly one source, ImageTooLargeException, InvalidS3ObjectException
 */
export const imageBytes = async (
  { Bytes, S3Object: object }: ImageInput,
  caller: LocalCredentials,
  s3: CallersS3 | null,
): Promise<Uint8Array> => {
  if ((Bytes === undefined) === (object === undefined)) throw rekognitionError('InvalidParameterException');
  if (object !== undefined) {
    if (s3 === null) throw rekognitionError('InvalidS3ObjectException');
    return s3.readImage(caller, object);
  }
  const text = Bytes ?? '';
  if (text.length > (MAX_IMAGE_BYTES / 3 + 1) * 4) throw rekognitionError('ImageTooLargeException');
  if (text === '' || !BASE64.test(text)) throw rekognitionError('InvalidParameterException');
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length > MAX_IMAGE_BYTES) throw rekognitionError('ImageTooLargeException');
  return bytes;
};
