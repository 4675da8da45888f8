import { z } from 'zod';
import type { LocalCredentials } from '../../aws-wire/credentials.ts';
import type { CallersS3 } from '../callers-s3.ts';
import type { EnginePool } from '../engine/engine-pool.ts';
import { MAX_FACES } from './compare-faces.ts';
import { faceDetailOf } from './face-details.ts';
import { Image, imageBytes } from './image-source.ts';
import { readInput } from './read-input.ts';

const ATTRIBUTES = [
  'DEFAULT',
  'ALL',
  'AGE_RANGE',
  'BEARD',
  'EMOTIONS',
  'EYE_DIRECTION',
  'EYEGLASSES',
  'EYES_OPEN',
  'GENDER',
  'MOUTH_OPEN',
  'MUSTACHE',
  'FACE_OCCLUDED',
  'SMILE',
  'SUNGLASSES',
] as const;

const Input = z.object({ Image, Attributes: z.array(z.enum(ATTRIBUTES)).default([]) });

/**
 * The default attributes of every face, and with `ALL` also all landmarks. No other attribute is computed: age, gender, emotions and
 * the like are left out of the answer, even if they are requested, rather than made up.
 */
export const detectFaces =
  (engine: EnginePool, s3: CallersS3 | null) =>
  async (input: unknown, caller: LocalCredentials): Promise<object> => {
    const { Image: image, Attributes } = readInput(Input, input);
    const faces = await engine.analyseImage(await imageBytes(image, caller, s3), false);
    return {
      FaceDetails: faces.slice(0, MAX_FACES).map((face) => faceDetailOf(face, Attributes.includes('ALL'))),
    };
  };
