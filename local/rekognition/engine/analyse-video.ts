import { decodeVideo, type Frame } from './decode-video.ts';
import { cosine, embedFace } from './embed-face.ts';
import type { FrameFact, Picture, VideoFacts } from './engine-jobs.ts';
import { depthBetween } from './face-depth.ts';
import { qualityOf } from './face-quality.ts';
import { type FoundFace, findBoxes, refinePoints, withPoints } from './find-faces.ts';
import { changeSince, skinColor } from './frame-facts.ts';
import type { Models } from './models.ts';
import type { Box, Point } from './pixels.ts';
import { writeJpeg } from './read-image.ts';

const FRAME_EVERY_MS = 150;
/** Frames at each end whose faces are measured for depth. */
const DEPTH_FRAMES = 4;
/** A near face has at least this share of the largest one's size. */
const NEAR_PART = 0.9;
const WHOLE: Box = { left: 0, top: 0, width: 1, height: 1 };

type Candidate = Awaited<ReturnType<typeof findBoxes>>[number];

interface SeenFrame {
  readonly frame: Frame;
  readonly faces: readonly Candidate[];
}

/** A frame with exactly one face. */
interface SingleFace {
  readonly frame: Frame;
  readonly face: Candidate;
}

const pictureOf = async ({ frame, face }: SingleFace): Promise<Picture> => ({
  jpeg: await writeJpeg(frame),
  box: face.box,
});

/** Up to `count` of the frames, spread evenly from the first to the last. */
const spread = <T>(frames: readonly T[], count: number): T[] => {
  const last = frames.length - 1;
  const picked = Array.from({ length: count }, (_, index) => Math.round((last * index) / Math.max(1, count - 1)));
  return [...new Set(picked)].flatMap((index) => frames[index] ?? []);
};

const factsOf = (seen: readonly SeenFrame[]): FrameFact[] =>
  seen.map(({ frame, faces }, index) => {
    const [only, another] = faces;
    const before = seen[index - 1]?.frame;
    const single = another === undefined ? only : undefined;
    return {
      atMs: frame.atMs,
      faces: faces.map(({ box }) => box),
      skin: single === undefined ? null : skinColor(frame, single.box),
      change: single === undefined || before === undefined ? null : changeSince(before, frame, single.box),
    };
  });

const facesWithPoints = (models: Models, frames: readonly SingleFace[]): Promise<FoundFace[]> =>
  Promise.all(frames.map(({ frame, face }) => withPoints(models, frame, face)));

const depthOf = async (models: Models, single: readonly SingleFace[]): Promise<number | null> => {
  const widest = Math.max(0, ...single.map(({ face }) => face.box.width));
  const near = single.filter(({ face }) => face.box.width >= widest * NEAR_PART);
  const far = single.filter((item) => !near.includes(item));
  const measured = async (frames: readonly SingleFace[]): Promise<Point[][]> => {
    const faces = await facesWithPoints(models, frames);
    return Promise.all(faces.map((face, index) => refinePoints(models, (frames[index] as SingleFace).frame, face)));
  };
  return depthBetween(await measured(far.slice(0, DEPTH_FRAMES)), await measured(spread(near, DEPTH_FRAMES)));
};

/** The lowest cosine between the first face and one in the middle, the last one and the one that becomes the reference. */
const sameIdentityOf = async (
  models: Models,
  single: readonly SingleFace[],
  reference: SingleFace | undefined,
): Promise<number | null> => {
  const picked = [single[0], single[Math.floor(single.length / 2)], single.at(-1), reference];
  const chosen = [...new Map(picked.flatMap((item) => (item === undefined ? [] : [[item.frame, item]]))).values()];
  const found = await facesWithPoints(models, chosen);
  const vectors = await Promise.all(
    found.map((face, index) => embedFace(models, (chosen[index] as SingleFace).frame, face)),
  );
  const [first, ...others] = vectors;
  return first === undefined ? null : Math.min(1, ...others.map((vector) => cosine(first, vector)));
};

/** What a video shows; a video that cannot be decoded shows nothing. */
export const analyseVideo = async (models: Models, bytes: Uint8Array, auditImages: number): Promise<VideoFacts> => {
  const { frames } = await decodeVideo(bytes, FRAME_EVERY_MS).catch(() => ({ frames: [] }));
  const seen: SeenFrame[] = [];
  for (const frame of frames) seen.push({ frame, faces: await findBoxes(models, frame) });
  const single = seen.flatMap(({ frame, faces: [face, another] }): SingleFace[] =>
    face === undefined || another !== undefined ? [] : [{ frame, face }],
  );
  const near = single.slice(-Math.max(1, Math.floor(single.length / 3)));
  const best = near
    .map((item) => ({ ...item, ...qualityOf(item.frame, WHOLE) }))
    .sort((a, b) => b.sharpness - a.sharpness)[0];
  return {
    width: frames[0]?.width ?? 0,
    height: frames[0]?.height ?? 0,
    frames: factsOf(seen),
    sameIdentity: await sameIdentityOf(models, single, best),
    depth: await depthOf(models, single),
    reference: best === undefined ? null : await pictureOf(best),
    auditImages: await Promise.all(spread(single, auditImages).map(pictureOf)),
  };
};
