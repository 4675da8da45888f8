import type { FaceFact } from '../engine/engine-jobs.ts';

export const QUALITY_FILTERS = ['NONE', 'AUTO', 'LOW', 'MEDIUM', 'HIGH'] as const;
export type QualityFilter = (typeof QUALITY_FILTERS)[number];

interface Bar {
  /** Detector's confidence, percent. */
  readonly minConfidence: number;
  /** Shorter side of the face's box, pixels. */
  readonly minSide: number;
  /** 0 to 100, as `Quality` reports it. */
  readonly minSharpness: number;
  readonly minBrightness: number;
  readonly maxBrightness: number;
  /** Degrees to either side and up or down. */
  readonly maxTurn: number;
}

/**
 * What each filter requires of a face. Amazon does not publish its thresholds; these are this project's: LOW removes what is hardly a
 * face, HIGH keeps sharp, evenly lit, frontal ones. AUTO is LOW, the lowest threshold that still removes something.
 */
const LOW: Bar = {
  minConfidence: 75,
  minSide: 24,
  minSharpness: 4,
  minBrightness: 8,
  maxBrightness: 97,
  maxTurn: 60,
};
const BARS: Readonly<Record<QualityFilter, Bar | null>> = {
  NONE: null,
  AUTO: LOW,
  LOW,
  MEDIUM: { minConfidence: 90, minSide: 48, minSharpness: 12, minBrightness: 15, maxBrightness: 92, maxTurn: 45 },
  HIGH: { minConfidence: 97, minSide: 80, minSharpness: 25, minBrightness: 25, maxBrightness: 85, maxTurn: 30 },
};

/** True for a face that meets the thresholds; with NONE every face does. */
export const meetsQuality = (face: FaceFact, filter: QualityFilter): boolean => {
  const bar = BARS[filter];
  if (bar === null) return true;
  return (
    face.score * 100 >= bar.minConfidence &&
    face.sidePixels >= bar.minSide &&
    face.sharpness >= bar.minSharpness &&
    face.brightness >= bar.minBrightness &&
    face.brightness <= bar.maxBrightness &&
    Math.abs(face.pose.yawDegrees) <= bar.maxTurn &&
    Math.abs(face.pose.pitchDegrees) <= bar.maxTurn
  );
};
