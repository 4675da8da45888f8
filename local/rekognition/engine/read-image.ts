import sharp from 'sharp';
import { AwsError } from '../../aws-wire/aws-error.ts';
import type { Pixels } from './pixels.ts';

/** Amazon Rekognition's limits on images sent as bytes (guidelines and quotas). */
export const MAX_IMAGE_BYTES = 5 * 1024 * 1024;
const MIN_SIDE = 80;
/** More pixels than any camera of this use; keeps a small file from unpacking into gigabytes. */
const MAX_PIXELS = 40_000_000;

const isSupported = (bytes: Uint8Array): boolean => {
  const head = Buffer.from(bytes.subarray(0, 8)).toString('hex');
  return head.startsWith('ffd8ff') || head === '89504e470d0a1a0a';
};

/**
 * Decodes a JPEG or PNG, upright.
 * @throws AwsError ImageTooLargeException, InvalidImageFormatException, InvalidParameterException
 */
export const readImage = async (bytes: Uint8Array): Promise<Pixels> => {
  if (bytes.length > MAX_IMAGE_BYTES) throw new AwsError('ImageTooLargeException', 'Image size is too large');
  if (!isSupported(bytes)) throw new AwsError('InvalidImageFormatException', 'Request has invalid image format');
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
      .rotate()
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (info.width < MIN_SIDE || info.height < MIN_SIDE) {
      throw new AwsError('InvalidParameterException', 'Request has invalid parameters: image is too small');
    }
    return { width: info.width, height: info.height, rgb: data };
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw new AwsError('InvalidImageFormatException', 'Request has invalid image format');
  }
};

/** A JPEG of the image. */
export const writeJpeg = ({ width, height, rgb }: Pixels): Promise<Buffer> =>
  sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 92 })
    .toBuffer();
