import { AwsError } from '../../aws-wire/aws-error.ts';
import { analyseImage } from './analyse-image.ts';
import { decodeVideo, type Frame } from './decode-video.ts';
import { cosine, embedFace } from './embed-face.ts';
import { type EngineJob, type EngineReply, type FaceFact, type Picture, STOP, type VideoFacts } from './engine-jobs.ts';
import { qualityOf } from './face-quality.ts';
import { findBoxes, findFaces } from './find-faces.ts';
import { loadModels } from './models.ts';
import type { Box, Pixels } from './pixels.ts';
import { writeJpeg } from './read-image.ts';

const FRAME_EVERY_MS = 150;

const models = await loadModels();

const embeddingOf = async (frame: Pixels | undefined): Promise<Float32Array | null> => {
  if (frame === undefined) return null;
  const [face] = await findFaces(models, frame);
  return face === undefined ? null : embedFace(models, frame, face);
};

const WHOLE: Box = { left: 0, top: 0, width: 1, height: 1 };

interface SeenFrame {
  readonly frame: Frame;
  readonly boxes: readonly Box[];
}

const pictureOf = async ({ frame, boxes }: SeenFrame): Promise<Picture> => ({
  jpeg: await writeJpeg(frame),
  box: boxes[0] ?? WHOLE,
});

/** Up to `count` of the frames, spread evenly from the first to the last. */
const spread = <T>(frames: readonly T[], count: number): T[] => {
  const last = frames.length - 1;
  const picked = Array.from({ length: count }, (_, index) => Math.round((last * index) / Math.max(1, count - 1)));
  return [...new Set(picked)].flatMap((index) => frames[index] ?? []);
};

const analyseVideo = async (bytes: Uint8Array, auditImages: number): Promise<VideoFacts> => {
  const { frames } = await decodeVideo(bytes, FRAME_EVERY_MS).catch(() => ({ frames: [] }));
  const seen = [];
  for (const frame of frames) {
    const faces = await findBoxes(models, frame);
    seen.push({ frame, boxes: faces.map(({ box }) => box) });
  }
  const single = seen.filter(({ boxes }) => boxes.length === 1);
  const near = single.slice(-Math.max(1, Math.floor(single.length / 3)));
  const best = near
    .map((seenFrame) => ({ ...seenFrame, ...qualityOf(seenFrame.frame, WHOLE) }))
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
    reference: best === undefined ? null : await pictureOf(best),
    auditImages: await Promise.all(spread(single, auditImages).map(pictureOf)),
  };
};

const work = (job: EngineJob): Promise<FaceFact[] | VideoFacts> =>
  job.kind === 'image' ? analyseImage(models, job.bytes, job.withEmbeddings) : analyseVideo(job.bytes, job.auditImages);

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
