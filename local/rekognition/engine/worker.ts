import { AwsError } from '../../aws-wire/aws-error.ts';
import { decodeVideo } from './decode-video.ts';
import { cosine, embedFace } from './embed-face.ts';
import { type EngineJob, type EngineReply, type FaceFact, STOP, type VideoFacts } from './engine-jobs.ts';
import { findBoxes, findFaces } from './find-faces.ts';
import { loadModels } from './models.ts';
import type { Pixels } from './pixels.ts';
import { readImage, writeJpeg } from './read-image.ts';

const FRAME_EVERY_MS = 150;

const models = await loadModels();

const meanLuma = ({ rgb }: Pixels): number => {
  let sum = 0;
  for (let index = 0; index < rgb.length; index += 3) {
    sum += 0.299 * (rgb[index] ?? 0) + 0.587 * (rgb[index + 1] ?? 0) + 0.114 * (rgb[index + 2] ?? 0);
  }
  return (sum / (rgb.length / 3) / 255) * 100;
};

/** How much neighbouring pixels differ: a blurred picture has little of it. */
const sharpnessOf = ({ width, height, rgb }: Pixels): number => {
  let sum = 0;
  for (let y = 1; y < height; y += 2) {
    for (let x = 1; x < width; x += 2) {
      const at = (y * width + x) * 3 + 1;
      sum += Math.abs((rgb[at] ?? 0) - (rgb[at - 3] ?? 0)) + Math.abs((rgb[at] ?? 0) - (rgb[at - width * 3] ?? 0));
    }
  }
  return sum / ((width * height) / 4);
};

const analyseImage = async (bytes: Uint8Array, withEmbeddings: boolean): Promise<FaceFact[]> => {
  const image = await readImage(bytes);
  const faces = await findFaces(models, image);
  const [brightness, sharpness] = [meanLuma(image), sharpnessOf(image)];
  return Promise.all(
    faces.map(async (face) => ({
      box: face.box,
      score: face.score,
      points: face.points.map(({ x, y }) => ({ x: x / image.width, y: y / image.height })),
      embedding: withEmbeddings ? await embedFace(models, image, face) : null,
      brightness,
      sharpness: Math.min(100, sharpness * 8),
    })),
  );
};

const embeddingOf = async (frame: Pixels | undefined): Promise<Float32Array | null> => {
  if (frame === undefined) return null;
  const [face] = await findFaces(models, frame);
  return face === undefined ? null : embedFace(models, frame, face);
};

const analyseVideo = async (bytes: Uint8Array): Promise<VideoFacts> => {
  const { frames } = await decodeVideo(bytes, FRAME_EVERY_MS).catch(() => ({ frames: [] }));
  const seen = [];
  for (const frame of frames) {
    const faces = await findBoxes(models, frame);
    seen.push({ frame, boxes: faces.map(({ box }) => box) });
  }
  const single = seen.filter(({ boxes }) => boxes.length === 1);
  const near = single.slice(-Math.max(1, Math.floor(single.length / 3)));
  const best = near
    .map(({ frame }) => ({ frame, sharpness: sharpnessOf(frame) }))
    .sort((a, b) => b.sharpness - a.sharpness)[0];
  const first = await embeddingOf(single[0]?.frame);
  const others = await Promise.all(
    [single[Math.floor(single.length / 2)], single.at(-1)].map((item) => embeddingOf(item?.frame)),
  );
  const known = others.filter((vector): vector is Float32Array => vector !== null);
  return {
    width: frames[0]?.width ?? 0,
    height: frames[0]?.height ?? 0,
    frames: seen.map(({ frame, boxes }) => ({ atMs: frame.atMs, faces: boxes })),
    sameIdentity:
      first === null || known.length === 0 ? null : Math.min(...known.map((vector) => cosine(first, vector))),
    reference: best === undefined ? null : await writeJpeg(best.frame),
  };
};

const work = (job: EngineJob): Promise<FaceFact[] | VideoFacts> =>
  job.kind === 'image' ? analyseImage(job.bytes, job.withEmbeddings) : analyseVideo(job.bytes);

const reply = (message: EngineReply): void => void process.send?.(message);

const stop = (): never => process.exit(0);

process.on('disconnect', stop);
process.on('message', (job: EngineJob | typeof STOP) => {
  if (job === STOP) return stop();
  work(job).then(
    (value) => reply({ id: job.id, value }),
    (error: unknown) => {
      const known = error instanceof AwsError ? error : new AwsError('InternalServerError', 'Internal failure', 500);
      reply({ id: job.id, error: { code: known.code, message: known.message, status: known.status } });
    },
  );
});
// Ctrl-C reaches every process of the terminal; the parent decides when this one ends.
process.on('SIGINT', () => {});
reply({ id: 0, value: [] });
