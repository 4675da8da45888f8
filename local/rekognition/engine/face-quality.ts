import type { Box, Pixels } from './pixels.ts';

export interface FaceQuality {
  /** 0 to 100: mean brightness. */
  readonly brightness: number;
  /** 0 to 100: how much neighboring pixels differ; a blurred picture scores low. */
  readonly sharpness: number;
}

/** Points sampled along each side of the box: enough to tell, whatever the size of the picture. */
const GRID = 96;
/** Scales the mean difference of neighbors in sharp photos to nearly 100. */
const SHARPNESS_SCALE = 8;

const luma = (rgb: Uint8Array, at: number): number =>
  0.299 * (rgb[at] ?? 0) + 0.587 * (rgb[at + 1] ?? 0) + 0.114 * (rgb[at + 2] ?? 0);

/** Quality of one part of an image, e.g. of a face's box; what extends beyond the image is left out. */
export const qualityOf = ({ width, height, rgb }: Pixels, box: Box): FaceQuality => {
  const [left, top] = [Math.max(1, Math.floor(box.left * width)), Math.max(1, Math.floor(box.top * height))];
  const right = Math.min(width, Math.ceil((box.left + box.width) * width));
  const bottom = Math.min(height, Math.ceil((box.top + box.height) * height));
  const [stepX, stepY] = [Math.max(1, (right - left) / GRID), Math.max(1, (bottom - top) / GRID)];
  let [count, light, edges] = [0, 0, 0];
  for (let y = top; y < bottom; y += stepY) {
    for (let x = left; x < right; x += stepX) {
      const at = (Math.floor(y) * width + Math.floor(x)) * 3;
      const here = luma(rgb, at);
      light += here;
      edges += Math.abs(here - luma(rgb, at - 3)) + Math.abs(here - luma(rgb, at - width * 3));
      count += 1;
    }
  }
  if (count === 0) return { brightness: 0, sharpness: 0 };
  return { brightness: (light / count / 255) * 100, sharpness: Math.min(100, (edges / count) * SHARPNESS_SCALE) };
};
