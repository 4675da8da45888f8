import { Tensor } from 'onnxruntime-node';
import type { FoundFace } from './find-faces.ts';
import type { Models } from './models.ts';
import type { Pixels, Point } from './pixels.ts';
import { planarRgb } from './sample-grid.ts';

const SIDE = 112;
/** Where eyes, nose tip and mouth corners are in the 112 x 112 picture that the recognizer was trained on. */
const TEMPLATE: readonly Point[] = [
  { x: 38.29, y: 51.7 },
  { x: 73.53, y: 51.5 },
  { x: 56.03, y: 71.74 },
  { x: 41.55, y: 92.37 },
  { x: 70.73, y: 92.2 },
];

const meanOf = (points: readonly Point[], indices: readonly number[]): Point => ({
  x: indices.reduce((sum, index) => sum + (points[index]?.x ?? 0), 0) / indices.length,
  y: indices.reduce((sum, index) => sum + (points[index]?.y ?? 0), 0) / indices.length,
});

/** Left eye, right eye, nose tip, mouth corners, as seen in the image. */
export const fivePoints = (points: readonly Point[]): readonly Point[] => [
  meanOf(points, [37, 38, 40, 41]),
  meanOf(points, [43, 44, 46, 47]),
  meanOf(points, [30]),
  meanOf(points, [48, 60]),
  meanOf(points, [54, 64]),
];

/** Rotation, scale and shift that best map the template onto the face (least squares): x' = a x - b y + tx, y' = b x + a y + ty. */
const fitTemplate = (from: readonly Point[], to: readonly Point[]) => {
  const all = from.map((_, index) => index);
  const [cf, ct] = [meanOf(from, all), meanOf(to, all)];
  let [dot, cross, norm] = [0, 0, 0];
  for (const index of all) {
    const [fx, fy] = [(from[index]?.x ?? 0) - cf.x, (from[index]?.y ?? 0) - cf.y];
    const [tx, ty] = [(to[index]?.x ?? 0) - ct.x, (to[index]?.y ?? 0) - ct.y];
    dot += fx * tx + fy * ty;
    cross += fx * ty - fy * tx;
    norm += fx * fx + fy * fy;
  }
  const [a, b] = [dot / norm, cross / norm];
  return { a, b, tx: ct.x - a * cf.x + b * cf.y, ty: ct.y - b * cf.x - a * cf.y };
};

/** The same points in the mirror image of the template: left and right change places. */
const MIRRORED_TEMPLATE = [1, 0, 2, 4, 3].map((index) => {
  const { x, y } = TEMPLATE[index] ?? { x: 0, y: 0 };
  return { x: SIDE - 1 - x, y };
});

/** The face upright in the recognizer's frame, or its mirror image there: planar RGB, (v - 127) / 128. */
const alignFace = (image: Pixels, face: FoundFace, isMirrored: boolean): Float32Array => {
  const { a, b, tx, ty } = fitTemplate(isMirrored ? MIRRORED_TEMPLATE : TEMPLATE, fivePoints(face.points));
  if (!isMirrored) return planarRgb(image, { xx: a, xy: -b, x0: tx, yx: b, yy: a, y0: ty }, SIDE, SIDE);
  // Read from right to left.
  const [x0, y0] = [a * (SIDE - 1) + tx, b * (SIDE - 1) + ty];
  return planarRgb(image, { xx: -a, xy: -b, x0, yx: -b, yy: a, y0 }, SIDE, SIDE);
};

const runRecognizer = async ({ embed }: Models, data: Float32Array): Promise<Float32Array> => {
  const output = await embed.run({
    [embed.inputNames[0] ?? 'input']: new Tensor('float32', data, [1, 3, SIDE, SIDE]),
  });
  return output[embed.outputNames[0] ?? '']?.data as Float32Array;
};

/**
 * The face as a vector of length 1; the cosine of two of them measures how alike they are. It is the sum over the face and its mirror
 * image, which makes chance likenesses rarer (see calibration.md).
 */
export const embedFace = async (models: Models, image: Pixels, face: FoundFace): Promise<Float32Array> => {
  const straight = await runRecognizer(models, alignFace(image, face, false));
  const mirrored = await runRecognizer(models, alignFace(image, face, true));
  const [lengthS, lengthT] = [Math.hypot(...straight), Math.hypot(...mirrored)];
  const sum = straight.map((value, index) => value / lengthS + (mirrored[index] ?? 0) / lengthT);
  const length = Math.hypot(...sum);
  return sum.map((value) => value / length);
};

/** -1 to 1. */
export const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
