import type { FrameFact } from '../engine/engine-jobs.ts';

/** Where the only face of a frame was, as ratios of the frame's width and height. */
interface Place {
  readonly atMs: number;
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

type Path = readonly Place[];

/** Paths are shifted against each other in steps of this size, milliseconds. */
const SHIFT_MS = 50;
const STEP_MS = 100;
/** Two paths must overlap by at least this much time, and at least this share of the shorter one. */
const MIN_COMMON_MS = 1200;
const MIN_COMMON_PART = 0.7;
const DEFAULT_LIMIT = 200;

const pathOf = (frames: readonly FrameFact[]): Path =>
  frames.flatMap(({ atMs, faces: [face, another] }) =>
    face === undefined || another !== undefined
      ? []
      : [{ atMs, x: face.left + face.width / 2, y: face.top + face.height / 2, size: face.width }],
  );

const spanOf = (path: Path): number => (path.at(-1)?.atMs ?? 0) - (path[0]?.atMs ?? 0);

/** The path at equal time steps from its start, by linear interpolation. */
const resample = (path: Path, stepMs: number): Path => {
  const first = path[0];
  if (first === undefined) return [];
  const places: Place[] = [];
  let index = 0;
  for (let atMs = 0; atMs <= spanOf(path); atMs += stepMs) {
    while (index < path.length - 2 && (path[index + 1]?.atMs ?? 0) - first.atMs < atMs) index += 1;
    const [a, b] = [path[index] ?? first, path[index + 1] ?? path[index] ?? first];
    const part = b.atMs === a.atMs ? 0 : (atMs - (a.atMs - first.atMs)) / (b.atMs - a.atMs);
    places.push({
      atMs,
      x: a.x + (b.x - a.x) * part,
      y: a.y + (b.y - a.y) * part,
      size: a.size + (b.size - a.size) * part,
    });
  }
  return places;
};

const squaredGap = (a: Place, b: Place): number => (a.x - b.x) ** 2 + (a.y - b.y) ** 2 + (a.size - b.size) ** 2;

/**
 * The distance between two paths where they fit best: root of the mean squared distance, as a share of the frame.
 * @param fine places every SHIFT_MS
 * @param coarse places every STEP_MS
 */
const gapBetween = (fine: Path, coarse: Path): number => {
  const ratio = STEP_MS / SHIFT_MS;
  const needed = Math.max(MIN_COMMON_MS, MIN_COMMON_PART * Math.min(spanOf(fine), spanOf(coarse))) / STEP_MS;
  let best = Number.POSITIVE_INFINITY;
  for (let shift = -(coarse.length - 1) * ratio; shift < fine.length; shift += 1) {
    const from = Math.max(0, Math.ceil(-shift / ratio));
    const to = Math.min(coarse.length, Math.ceil((fine.length - shift) / ratio));
    if (to - from < needed) continue;
    let sum = 0;
    for (let index = from; index < to; index += 1)
      sum += squaredGap(coarse[index] as Place, fine[index * ratio + shift] as Place);
    best = Math.min(best, Math.sqrt(sum / (to - from)));
  }
  return best;
};

/**
 * The paths that faces took in earlier streams. Nobody moves twice in the same way; a recording that is played again does. It holds no
 * picture and no face vector, about a kilobyte per stream, and drops the oldest beyond its limit.
 */
export class ReplayMemory {
  readonly #paths: Path[] = [];
  readonly #limit: number;

  /** @param limit streams that are remembered; 0 remembers none, so that tests may play a clip twice */
  constructor(limit = DEFAULT_LIMIT) {
    this.#limit = limit;
  }

  /**
   * Compares with all earlier streams, and remembers this one.
   * @returns distance to the nearest earlier path, as a share of the frame; null if there is none to compare with
   */
  compare(frames: readonly FrameFact[]): number | null {
    const path = pathOf(frames);
    const coarse = resample(path, STEP_MS);
    const gap = this.#paths.reduce((best, fine) => Math.min(best, gapBetween(fine, coarse)), Number.POSITIVE_INFINITY);
    if (this.#limit > 0 && path.length > 0) this.#paths.push(resample(path, SHIFT_MS));
    if (this.#paths.length > this.#limit) this.#paths.shift();
    return Number.isFinite(gap) ? gap : null;
  }
}
