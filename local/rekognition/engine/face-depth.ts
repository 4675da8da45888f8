import type { Point } from './pixels.ts';

const distance = (points: readonly Point[], a: number, b: number): number => {
  const [p, q] = [points[a] ?? { x: 0, y: 0 }, points[b] ?? { x: 0, y: 0 }];
  return Math.hypot(p.x - q.x, p.y - q.y);
};

const middle = (points: readonly Point[], a: number, b: number): Point => ({
  x: ((points[a]?.x ?? 0) + (points[b]?.x ?? 0)) / 2,
  y: ((points[a]?.y ?? 0) + (points[b]?.y ?? 0)) / 2,
});

/** Eyes and mouth, which are in front, relative to the outline of jaw and chin, which is behind: a ratio of lengths. */
const frontToOutline = (points: readonly Point[]): number => {
  const [eyes, mouth] = [middle(points, 36, 45), middle(points, 48, 54)];
  const front = distance(points, 36, 45) * Math.hypot(eyes.x - mouth.x, eyes.y - mouth.y);
  return Math.sqrt(front / (distance(points, 1, 15) * distance(points, 27, 8)));
};

const meanRatio = (faces: readonly (readonly Point[])[]): number =>
  faces.reduce((sum, points) => sum + frontToOutline(points), 0) / faces.length;

/**
 * How much more the front of a face grew than its outline between far and near frames, as a logarithm. A photo that comes nearer grows
 * as a whole: about 0, whatever its angle. A head grows more in front, by perspective. Null without a face on either side.
 * @param far 68 points of each face, in pixels
 */
export const depthBetween = (
  far: readonly (readonly Point[])[],
  near: readonly (readonly Point[])[],
): number | null => {
  const depth = Math.log(meanRatio(near) / meanRatio(far));
  return far.length === 0 || near.length === 0 || !Number.isFinite(depth) ? null : depth;
};
