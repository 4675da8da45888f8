import type { Pixels } from './pixels.ts';

/** The place in an image of a point of a target grid: x = xx·column + xy·row + x0, y = yx·column + yy·row + y0. */
export interface Affine {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

/**
 * Samples an image at every point of a `width` by `height` grid, between its pixels (bilinear), black outside, and passes index, red,
 * green and blue of each point to `put`. The innermost loop of the engine: it allocates nothing.
 */
export const sampleGrid = (
  { width: imageWidth, height: imageHeight, rgb }: Pixels,
  { xx, xy, x0, yx, yy, y0 }: Affine,
  width: number,
  height: number,
  put: (index: number, red: number, green: number, blue: number) => void,
): void => {
  // Beyond the last byte a typed array returns undefined, which `| 0` makes black.
  const outside = rgb.length;
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const x = xx * column + xy * row + x0;
      const y = yx * column + yy * row + y0;
      const left = Math.floor(x);
      const top = Math.floor(y);
      const fx = x - left;
      const fy = y - top;
      const hasLeft = left >= 0 && left < imageWidth;
      const hasRight = left >= -1 && left + 1 < imageWidth;
      const hasTop = top >= 0 && top < imageHeight;
      const hasBottom = top >= -1 && top + 1 < imageHeight;
      const first = (top * imageWidth + left) * 3;
      const a = hasTop && hasLeft ? first : outside;
      const b = hasTop && hasRight ? first + 3 : outside;
      const c = hasBottom && hasLeft ? first + imageWidth * 3 : outside;
      const d = hasBottom && hasRight ? first + imageWidth * 3 + 3 : outside;
      const [wa, wb, wc, wd] = [(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy];
      put(
        row * width + column,
        ((rgb[a] as number) | 0) * wa +
          ((rgb[b] as number) | 0) * wb +
          ((rgb[c] as number) | 0) * wc +
          ((rgb[d] as number) | 0) * wd,
        ((rgb[a + 1] as number) | 0) * wa +
          ((rgb[b + 1] as number) | 0) * wb +
          ((rgb[c + 1] as number) | 0) * wc +
          ((rgb[d + 1] as number) | 0) * wd,
        ((rgb[a + 2] as number) | 0) * wa +
          ((rgb[b + 2] as number) | 0) * wb +
          ((rgb[c + 2] as number) | 0) * wc +
          ((rgb[d + 2] as number) | 0) * wd,
      );
    }
  }
};

/** Planar RGB, (v - 127) / 128: what detector and recognizer were trained on. */
export const planarRgb = (image: Pixels, affine: Affine, width: number, height: number): Float32Array => {
  const size = width * height;
  const data = new Float32Array(3 * size);
  sampleGrid(image, affine, width, height, (index, red, green, blue) => {
    data[index] = (red - 127) / 128;
    data[size + index] = (green - 127) / 128;
    data[2 * size + index] = (blue - 127) / 128;
  });
  return data;
};
