import type { Hint } from '../../../contract/api/session.ts';
import type { Outcome } from '../../../contract/protocol/outcomes.ts';
import type { FaceEngine, LivenessResult } from '../model/face-engine.ts';
import type { Integration } from '../model/integration.ts';
import type { Session } from '../model/session.ts';

/** The judgement of one face. `inconclusive`: nothing was judged, so nothing counts against the user. */
export type Judgement =
  | { readonly kind: 'inconclusive'; readonly reason: 'expired' | 'unavailable'; readonly hints: readonly Hint[] }
  | {
      readonly kind: 'failed';
      readonly outcome: 'not_live' | 'no_match';
      readonly hints: readonly Hint[];
      readonly liveness: number | null;
      readonly similarity: number | null;
    }
  | {
      readonly kind: 'passed';
      readonly image: Uint8Array;
      readonly liveness: number;
      readonly similarity: number | null;
    };

/** A picture of a live person. Its hints are part of every failure, or their absence would disclose which check failed. */
export interface LiveFace {
  readonly image: Uint8Array;
  readonly liveness: number;
  readonly hints: readonly Hint[];
}

/** A score band for the audit, in steps of ten percent, so that it is useless for hill climbing. Null if there is no number. */
export const scoreBand = (percent: number | null): number | null =>
  !Number.isFinite(percent) ? null : Math.min(100, Math.max(0, Math.floor(Number(percent) / 10) * 10));

/** `percent` reaches `threshold`; NaN, strings and values outside 0 to 100 never do. */
export const reaches = (percent: unknown, threshold: number): percent is number =>
  typeof percent === 'number' && percent >= 0 && percent <= 100 && percent >= threshold;

/**
 * Judges the liveness part: analyzed, the session that we created, the challenge that we requested, confidence at the threshold, a
 * reference image. "SUCCEEDED" alone means analyzed, not live (Amazon Rekognition API, GetFaceLivenessSessionResults).
 */
export const judgeLiveness = (
  result: LivenessResult | null,
  expected: { readonly livenessId: string; readonly session: Session; readonly integration: Integration },
): Exclude<Judgement, { kind: 'passed' }> | ({ readonly kind: 'live' } & LiveFace) => {
  if (result === null || result.status === 'EXPIRED') return { kind: 'inconclusive', reason: 'expired', hints: [] };
  const { hints, confidence } = result;
  if (result.livenessId !== expected.livenessId) return { kind: 'inconclusive', reason: 'unavailable', hints: [] };
  if (result.status !== 'SUCCEEDED') return { kind: 'inconclusive', reason: 'unavailable', hints };
  const failed = { kind: 'failed', outcome: 'not_live', hints, liveness: confidence, similarity: null } as const;
  if (result.challenge !== expected.session.challenge) return failed;
  if (!reaches(confidence, expected.integration.livenessThreshold)) return failed;
  // A live person without a usable picture: AWS advises to repeat the check.
  if (result.image === null) return { kind: 'inconclusive', reason: 'unavailable', hints };
  return { kind: 'live', image: result.image, liveness: confidence, hints };
};

/**
 * Compares a live face with the user's reference, or, if there is none yet, makes sure that there is exactly one face.
 * @param reference bytes of the stored face; null while enrolling
 */
export const judgeFace = async (
  faces: FaceEngine,
  integration: Integration,
  live: LiveFace,
  reference: Uint8Array | null,
): Promise<Judgement> => {
  const { image, liveness, hints } = live;
  const failed = (outcome: Extract<Outcome, 'not_live' | 'no_match'>, similarity: number | null): Judgement => ({
    kind: 'failed',
    outcome,
    hints,
    liveness,
    similarity,
  });
  if (reference === null) {
    const count = await faces.countFaces(image);
    return count === 1 ? { kind: 'passed', image, liveness, similarity: null } : failed('not_live', null);
  }
  const { similarity, facesInProbe } = await faces.compare(reference, image);
  if (facesInProbe !== 1) return failed('not_live', null);
  if (!reaches(similarity, integration.similarityThreshold)) return failed('no_match', similarity);
  return { kind: 'passed', image, liveness, similarity };
};
