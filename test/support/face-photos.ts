import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import sharp from 'sharp';

/** Photos that the npm package @vladmandic/face-api ships; `A` appears in two of them. Boxes in pixels of the photo. */
const PHOTOS = {
  A: { file: 'sample1.jpg', left: 1471, top: 212, width: 205, height: 215 },
  'A again': { file: 'sample3.jpg', left: 1077, top: 193, width: 219, height: 313 },
  B: { file: 'sample6.jpg', left: 252, top: 480, width: 214, height: 278 },
} as const;

export type PhotoName = keyof typeof PHOTOS;

const photoPath = (file: string): string =>
  join(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'), '../demo', file);

/** The whole group photo in which a person appears, for pictures with several faces. */
export const groupPhoto = (): Promise<Buffer> => readFile(photoPath('sample4.jpg'));

/** A square portrait, JPEG, `side` pixels: the face takes up about half of its width. */
export const portrait = (name: PhotoName, side = 480): Promise<Buffer> => {
  const { file, left, top, width, height } = PHOTOS[name];
  const span = Math.round(Math.max(width, height) * 1.5);
  const [centerX, centerY] = [left + width / 2, top + height / 2];
  return sharp(photoPath(file))
    .extract({
      left: Math.max(0, Math.round(centerX - span / 2)),
      top: Math.max(0, Math.round(centerY - span / 2)),
      width: span,
      height: span,
    })
    .resize(side, side)
    .jpeg({ quality: 95 })
    .toBuffer();
};
