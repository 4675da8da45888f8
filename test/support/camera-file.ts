import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { PhotoName } from './face-photos.ts';
import { CLIP_HEIGHT, CLIP_WIDTH, drawShot } from './liveness-clip.ts';

const FRAMES_PER_SECOND = 15;
const FAR_SECONDS = 6;
const APPROACH_SECONDS = 2;
const NEAR_SECONDS = 14;
const FAR_WIDTH = 96;
const NEAR_WIDTH = 250;

/**
 * A camera as Chromium plays one from a file: motion JPEG of a face that is far, comes nearer and stays, in a loop. The far part is
 * shorter than the component waits for the oval to be filled.
 */
export const writeCameraFile = async (path: string, person: PhotoName): Promise<string> => {
  const jpegOf = async (faceWidth: number): Promise<Buffer> => {
    const rgb = await drawShot({ person, faceWidth, isFlat: true });
    return sharp(rgb, { raw: { width: CLIP_WIDTH, height: CLIP_HEIGHT, channels: 4 } })
      .jpeg({ quality: 90 })
      .toBuffer();
  };
  const [far, near] = await Promise.all([jpegOf(FAR_WIDTH), jpegOf(NEAR_WIDTH)]);
  const steps = APPROACH_SECONDS * FRAMES_PER_SECOND;
  const approach: Buffer[] = [];
  for (let step = 1; step < steps; step += 1)
    approach.push(await jpegOf(FAR_WIDTH + ((NEAR_WIDTH - FAR_WIDTH) * step) / steps));
  const frames = [
    ...Array<Buffer>(FAR_SECONDS * FRAMES_PER_SECOND).fill(far),
    ...approach,
    ...Array<Buffer>(NEAR_SECONDS * FRAMES_PER_SECOND).fill(near),
  ];
  await writeFile(path, Buffer.concat(frames));
  return path;
};
