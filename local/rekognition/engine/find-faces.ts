import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { Models } from './models.ts';
import { type Box, overlap, type Pixels, type Point } from './pixels.ts';
import { planarRgb, sampleGrid } from './sample-grid.ts';

export interface FoundFace {
  readonly box: Box;
  /** Detector score, 0 to 1. */
  readonly score: number;
  /** 68 points in pixels of the image. */
  readonly points: readonly Point[];
}

const DETECT_WIDTH = 320;
const DETECT_HEIGHT = 240;
const MIN_SCORE = 0.6;
const MAX_OVERLAP = 0.4;
const LANDMARK_SIDE = 64;

const run = async (session: InferenceSession, input: Tensor): Promise<readonly Float32Array[]> => {
  const output = await session.run({ [session.inputNames[0] ?? 'input']: input });
  return session.outputNames.map((name) => output[name]?.data as Float32Array);
};

/** The whole image, stretched, as the detector was trained. */
const detectorInput = (image: Pixels): Tensor => {
  const [stepX, stepY] = [image.width / DETECT_WIDTH, image.height / DETECT_HEIGHT];
  const whole = { xx: stepX, xy: 0, x0: 0.5 * stepX - 0.5, yx: 0, yy: stepY, y0: 0.5 * stepY - 0.5 };
  const data = planarRgb(image, whole, DETECT_WIDTH, DETECT_HEIGHT);
  return new Tensor('float32', data, [1, 3, DETECT_HEIGHT, DETECT_WIDTH]);
};

interface Candidate {
  readonly box: Box;
  readonly score: number;
}

/** Candidates above the score, only the best of each group of overlapping ones. */
const suppress = (candidates: Candidate[]): Candidate[] => {
  const kept: Candidate[] = [];
  for (const candidate of candidates.sort((a, b) => b.score - a.score)) {
    if (kept.every(({ box }) => overlap(box, candidate.box) < MAX_OVERLAP)) kept.push(candidate);
  }
  return kept;
};

const detect = async (models: Models, image: Pixels): Promise<Candidate[]> => {
  const [first = new Float32Array(), second = new Float32Array()] = await run(models.detect, detectorInput(image));
  const [scores, boxes] = first.length < second.length ? [first, second] : [second, first];
  const candidates: Candidate[] = [];
  for (let index = 0; index < scores.length / 2; index += 1) {
    const score = scores[index * 2 + 1] ?? 0;
    if (score <= MIN_SCORE) continue;
    const [left = 0, top = 0, right = 0, bottom = 0] = boxes.subarray(index * 4, index * 4 + 4);
    candidates.push({ score, box: { left, top, width: right - left, height: bottom - top } });
  }
  return suppress(candidates);
};

/** Part of an image in pixels. */
interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** @param samples points per side that are averaged for one input value */
const pointsWithin = async (models: Models, image: Pixels, frame: Frame, samples: number): Promise<Point[]> => {
  const data = new Float32Array(LANDMARK_SIDE * LANDMARK_SIDE);
  const side = LANDMARK_SIDE * samples;
  const [stepX, stepY] = [frame.width / side, frame.height / side];
  const crop = { xx: stepX, xy: 0, x0: frame.left + 0.5 * stepX, yx: 0, yy: stepY, y0: frame.top + 0.5 * stepY };
  sampleGrid(image, crop, side, side, (index, red, green, blue) => {
    const [x, y] = [Math.floor((index % side) / samples), Math.floor(index / side / samples)];
    const at = y * LANDMARK_SIDE + x;
    data[at] = (data[at] ?? 0) + (0.299 * red + 0.587 * green + 0.114 * blue) / 256 / (samples * samples);
  });
  const [points = new Float32Array()] = await run(
    models.landmarks,
    new Tensor('float32', data, [1, 1, LANDMARK_SIDE, LANDMARK_SIDE]),
  );
  return Array.from({ length: 68 }, (_, index) => ({
    x: frame.left + (points[index * 2] ?? 0) * frame.width,
    y: frame.top + (points[index * 2 + 1] ?? 0) * frame.height,
  }));
};

/** The 68 points of one face, in pixels. */
export const findPoints = (models: Models, image: Pixels, { left, top, width, height }: Box): Promise<Point[]> =>
  pointsWithin(
    models,
    image,
    { left: left * image.width, top: top * image.height, width: width * image.width, height: height * image.height },
    1,
  );

/** The frame that a face filled when the landmark model was trained, from the points known so far. */
const frameAround = (points: readonly Point[]): Frame => {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const [width, height] = [(right - left) * 1.15, (bottom - top) * 1.3];
  return { left: (left + right - width) / 2, top: bottom - height * 0.97, width, height };
};

/**
 * Points that depend neither on the detector's box nor on the face's size: detected twice more, each time in a frame around the
 * previous points, averaged so that large and small faces are equally blurred. For measuring proportions; recognition does not
 * improve with them.
 */
export const refinePoints = async (models: Models, image: Pixels, { points }: FoundFace): Promise<Point[]> => {
  const once = await pointsWithin(models, image, frameAround(points), 3);
  return pointsWithin(models, image, frameAround(once), 3);
};

/** The boxes of all faces, largest first; without points, for many frames. */
export const findBoxes = async (models: Models, image: Pixels): Promise<Candidate[]> =>
  (await detect(models, image)).sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height);

/** A detected face, with its points. */
export const withPoints = async (models: Models, image: Pixels, { box, score }: Candidate): Promise<FoundFace> => ({
  box,
  score,
  points: await findPoints(models, image, box),
});

/** All faces of an image with their points, largest first. */
export const findFaces = async (models: Models, image: Pixels): Promise<FoundFace[]> =>
  Promise.all((await findBoxes(models, image)).map((candidate) => withPoints(models, image, candidate)));
