import sharp from 'sharp';
import { AwsError } from '../../aws-wire/aws-error.ts';
import { rekognitionError } from '../errors.ts';
import type { Pixels } from './pixels.ts';

/** Amazon Rekognition's limits on images sent as bytes, and on those in S3 (guidelines and quotas). */
export const MAX_IMAGE_BYTES = 5 * 1024 * 1024;
export const MAX_STORED_IMAGE_BYTES = 15 * 1024 * 1024;
const MIN_SIDE = 80;
/** More pixels than any camera in this use; keeps a small file from unpacking into gigabytes. */
const MAX_PIXELS = 40_000_000;

const PNG_MAGIC = Buffer.from('89504e470d0a1a0a', 'hex');
const JPEG_MAGIC = Buffer.from('ffd8ff', 'hex');
const startsWith = (bytes: Uint8Array, magic: Buffer): boolean => magic.equals(bytes.subarray(0, magic.length));

/**
 * Decodes a JPEG or PNG. A JPEG is turned upright by its Exif orientation; a PNG is not, as in the service.
 * @throws AwsError ImageTooLargeException, InvalidImageFormatException, InvalidParameterException
 */
export const readImage = async (bytes: Uint8Array): Promise<Pixels> => {
  const isJpeg = startsWith(bytes, JPEG_MAGIC);
  if (!isJpeg && !startsWith(bytes, PNG_MAGIC)) throw rekognitionError('InvalidImageFormatException');
  try {
    const image = sharp(bytes, { limitInputPixels: false, failOn: 'error' });
    // Only the header: nothing is unpacked before its size is known.
    const { width, height } = await image.metadata();
    if (width * height > MAX_PIXELS) throw rekognitionError('ImageTooLargeException');
    if (Math.min(width, height) < MIN_SIDE) throw rekognitionError('InvalidParameterException');
    const { data, info } = await (isJpeg ? image.autoOrient() : image)
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, rgb: data };
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw rekognitionError('InvalidImageFormatException');
  }
};

/** The service's limit on a picture that is returned as bytes (API reference, AuditImage). */
const MAX_JPEG_BYTES = 204_800;
const QUALITIES = [92, 85, 75, 60, 40];

/** A JPEG of the image, of the best quality that fits the service's limit. */
export const writeJpeg = async ({ width, height, rgb }: Pixels): Promise<Buffer> => {
  const encode = (quality: number): Promise<Buffer> =>
    sharp(rgb, { raw: { width, height, channels: 3 } })
      .jpeg({ quality })
      .toBuffer();
  for (const quality of QUALITIES) {
    const jpeg = await encode(quality);
    if (jpeg.length <= MAX_JPEG_BYTES) return jpeg;
  }
  return encode(20);
};
