import type { Box, Pixels } from './pixels.ts';

/** The part of a face box that is skin, whatever the hair does. */
const SKIN = { left: 0.2, top: 0.35, right: 0.8, bottom: 0.8 };
const STEP = 2;

interface Range {
  readonly fromX: number;
  readonly toX: number;
  readonly fromY: number;
  readonly toY: number;
}

const rangeOf = (
  { width, height }: Pixels,
  box: Box,
  part: typeof SKIN = { left: 0, top: 0, right: 1, bottom: 1 },
): Range => ({
  fromX: Math.max(0, Math.floor((box.left + box.width * part.left) * width)),
  toX: Math.min(width, (box.left + box.width * part.right) * width),
  fromY: Math.max(0, Math.floor((box.top + box.height * part.top) * height)),
  toY: Math.min(height, (box.top + box.height * part.bottom) * height),
});

/** Mean red, green and blue of the skin, 0 to 255; null if the box is outside the frame. */
export const skinColor = (frame: Pixels, box: Box): readonly [number, number, number] | null => {
  const { fromX, toX, fromY, toY } = rangeOf(frame, box, SKIN);
  const sums: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (let y = fromY; y < toY; y += STEP) {
    for (let x = fromX; x < toX; x += STEP) {
      const at = (y * frame.width + x) * 3;
      sums[0] += frame.rgb[at] ?? 0;
      sums[1] += frame.rgb[at + 1] ?? 0;
      sums[2] += frame.rgb[at + 2] ?? 0;
      count += 1;
    }
  }
  return count === 0 ? null : [sums[0] / count, sums[1] / count, sums[2] / count];
};

/**
 * How much the face changed since the previous frame: mean difference of green inside the box, 0 to 255. Null if the frames differ in
 * size.
 */
export const changeSince = (before: Pixels, frame: Pixels, box: Box): number | null => {
  if (before.width !== frame.width || before.height !== frame.height) return null;
  const { fromX, toX, fromY, toY } = rangeOf(frame, box);
  let [sum, count] = [0, 0];
  for (let y = fromY; y < toY; y += STEP) {
    for (let x = fromX; x < toX; x += STEP) {
      const at = (y * frame.width + x) * 3 + 1;
      sum += Math.abs((frame.rgb[at] ?? 0) - (before.rgb[at] ?? 0));
      count += 1;
    }
  }
  return count === 0 ? null : sum / count;
};
