import { z } from 'zod';
import type { LocalCredentials } from '../../aws-wire/credentials.ts';
import type { CallersS3 } from '../callers-s3.ts';
import { cosine } from '../engine/embed-face.ts';
import type { FaceFact } from '../engine/engine-jobs.ts';
import type { EnginePool } from '../engine/engine-pool.ts';
import { similarityOf } from '../engine/similarity.ts';
import { rekognitionError } from '../errors.ts';
import { boundingBoxOf, faceDetailOf } from './face-details.ts';
import { Image, type ImageInput, imageBytes } from './image-source.ts';
import { meetsQuality, QUALITY_FILTERS, type QualityFilter } from './quality-filter.ts';
import { readInput } from './read-input.ts';

const Input = z.object({
  SourceImage: Image,
  TargetImage: Image,
  SimilarityThreshold: z.number().min(0).max(100).default(80),
  QualityFilter: z.enum(QUALITY_FILTERS).default('NONE'),
});

/** Number of faces of one picture that are considered, largest first (API reference, CompareFaces and DetectFaces). */
export const MAX_FACES = 100;

export const compareFaces =
  (engine: EnginePool, s3: CallersS3 | null) =>
  async (input: unknown, caller: LocalCredentials): Promise<object> => {
    const { SourceImage, TargetImage, SimilarityThreshold, QualityFilter } = readInput(Input, input);
    const facesIn = async (image: ImageInput, filter: QualityFilter): Promise<FaceFact[]> => {
      const faces = await engine.analyseImage(await imageBytes(image, caller, s3), true);
      // Rekognition answers this if it finds no face (API reference, CompareFaces).
      if (faces.length === 0) throw rekognitionError('InvalidParameterException');
      return faces.filter((face) => meetsQuality(face, filter));
    };
    const [sources, targets] = await Promise.all([
      facesIn(SourceImage, QualityFilter),
      facesIn(TargetImage, QualityFilter),
    ]);
    const [source] = sources;
    if (source?.embedding === undefined) throw rekognitionError('InvalidParameterException');
    const { embedding } = source;
    const compared = targets.slice(0, MAX_FACES).map((face) => ({
      face,
      Similarity: face.embedding === undefined ? 0 : similarityOf(cosine(embedding, face.embedding)),
    }));
    const isMatch = ({ Similarity }: { Similarity: number }): boolean => Similarity >= SimilarityThreshold;
    return {
      SourceImageFace: { BoundingBox: boundingBoxOf(source.box), Confidence: source.score * 100 },
      FaceMatches: compared
        .filter(isMatch)
        .sort((a, b) => b.Similarity - a.Similarity)
        .map(({ Similarity, face }) => ({ Similarity, Face: faceDetailOf(face) })),
      UnmatchedFaces: compared.filter((each) => !isMatch(each)).map(({ face }) => faceDetailOf(face)),
    };
  };
