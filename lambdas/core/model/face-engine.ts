import type { Hint } from '../../../contract/api/session.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { ChallengeType } from './integration.ts';

/**
 * The engine that references are currently created for. It is stored with each reference. A reference of another engine is not compared
 * and has to be enrolled again, since the thresholds of one engine mean nothing to another.
 */
export const FACE_ENGINE = 'rekognition-compare-faces';

export type LivenessStatus = 'CREATED' | 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'EXPIRED';

export interface LivenessResult {
  readonly livenessId: string;
  readonly status: LivenessStatus;
  /** Percent, 0 to 100; null if Rekognition returned none. */
  readonly confidence: number | null;
  readonly challenge: string | null;
  /** JPEG of the face; null if Rekognition found none good enough. */
  readonly image: Uint8Array | null;
  readonly hints: readonly Hint[];
}

/** The biometric engine. Each method throws Problem `unavailable` if it cannot answer. */
export interface FaceEngine {
  /** Stored with each reference: a reference created for another engine is not compared. */
  readonly engine: string;
  /** @param idempotencyToken 1 to 64 characters `[A-Za-z0-9-_]`; the same token gives the same session */
  createLiveness(idempotencyToken: string, challenge: ChallengeType): Promise<string>;
  /** Null if Rekognition no longer knows the session. */
  readLiveness(livenessId: string): Promise<LivenessResult | null>;
  countFaces(image: Uint8Array): Promise<number>;
  /** Compares the largest face of `reference` with every face of `probe`. Similarity is 0 if nothing matched. */
  compare(
    reference: Uint8Array,
    probe: Uint8Array,
  ): Promise<{ readonly similarity: number; readonly facesInProbe: number }>;
}

export interface StreamCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAt: EpochSeconds;
}

export interface StreamCredentialIssuer {
  /** Region of the liveness stream. */
  readonly region: string;
  /** Credentials that allow only `rekognition:StartFaceLivenessSession`, and only until `until`. */
  issue(sessionName: string, until: EpochSeconds): Promise<StreamCredentials>;
}
