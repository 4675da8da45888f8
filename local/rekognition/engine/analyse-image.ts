import { embedFace } from './embed-face.ts';
import type { FaceFact } from './engine-jobs.ts';
import { poseOf } from './face-pose.ts';
import { qualityOf } from './face-quality.ts';
import { type FoundFace, findFaces } from './find-faces.ts';
import type { Models } from './models.ts';
import type { Pixels } from './pixels.ts';
import { readImage } from './read-image.ts';

/** Amazon Rekognition's smallest face in an image up to this size; in larger ones in proportion (guidelines and quotas). */
const MIN_FACE_PIXELS = 40;
const MIN_FACE_IMAGE = { longSide: 1920, shortSide: 1080 } as const;

const minFacePixels = ({ width, height }: Pixels): number =>
  MIN_FACE_PIXELS *
  Math.max(1, Math.max(width, height) / MIN_FACE_IMAGE.longSide, Math.min(width, height) / MIN_FACE_IMAGE.shortSide);

const sidePixelsOf = ({ box }: FoundFace, { width, height }: Pixels): number =>
  Math.min(box.width * width, box.height * height);

/**
 * All faces of a JPEG or PNG that are large enough, largest first.
 * @throws AwsError as `readImage`
 */
export const analyseImage = async (models: Models, bytes: Uint8Array, withEmbeddings: boolean): Promise<FaceFact[]> => {
  const image = await readImage(bytes);
  const found = await findFaces(models, image);
  const large = found.filter((face) => sidePixelsOf(face, image) >= minFacePixels(image));
  return Promise.all(
    large.map(async (face) => ({
      box: face.box,
      score: face.score,
      points: face.points.map(({ x, y }) => ({ x: x / image.width, y: y / image.height })),
      pose: poseOf(face.points),
      sidePixels: sidePixelsOf(face, image),
      ...qualityOf(image, face.box),
      ...(withEmbeddings ? { embedding: await embedFace(models, image, face) } : {}),
    })),
  );
};
