import {
  CompareFacesCommand,
  CreateFaceLivenessSessionCommand,
  DetectFacesCommand,
  type FeedbackItem,
  GetFaceLivenessSessionResultsCommand,
  InvalidParameterException,
  type RekognitionClient,
  SessionNotFoundException,
} from '@aws-sdk/client-rekognition';
import type { Hint } from '../../../contract/api/session.ts';
import { FACE_ENGINE, type FaceEngine, type LivenessResult } from '../../core/model/face-engine.ts';
import type { ChallengeType } from '../../core/model/integration.ts';
import { Problem, unavailable } from '../../core/model/problem.ts';

/** Rekognition's feedback codes as our hints (API change of 2026-09-25); unknown codes are left out. */
const HINTS: Readonly<Record<string, Hint>> = {
  FACE_NOT_VISIBLE: 'face_not_visible',
  FACE_OBSTRUCTION_DETECTED: 'face_covered',
  LOW_VIDEO_QUALITY_DETECTED: 'low_video_quality',
  FACE_NOT_ALIGNED: 'face_not_aligned',
  EYES_CLOSED_DETECTED: 'eyes_closed',
  LOW_LIGHTING_DETECTED: 'too_dark',
  HIGH_LIGHTING_DETECTED: 'too_bright',
};

const hintsOf = (feedback: readonly FeedbackItem[] | undefined): readonly Hint[] => [
  ...new Set((feedback ?? []).flatMap(({ Code }) => HINTS[Code ?? ''] ?? [])),
];

/** Amazon Rekognition, in one region: the faces of a login are processed where its video is. */
export class RekognitionEngine implements FaceEngine {
  readonly engine = FACE_ENGINE;
  readonly #rekognition: RekognitionClient;

  constructor(rekognition: RekognitionClient) {
    this.#rekognition = rekognition;
  }

  async createLiveness(idempotencyToken: string, challenge: ChallengeType): Promise<string> {
    const { SessionId } = await this.#rekognition
      .send(
        new CreateFaceLivenessSessionCommand({
          ClientRequestToken: idempotencyToken,
          // Pictures are returned as bytes and stored nowhere else: no output bucket, no audit images.
          Settings: { AuditImagesLimit: 0, ChallengePreferences: [{ Type: challenge }] },
        }),
      )
      .catch(unavailable('Rekognition CreateFaceLivenessSession'));
    if (SessionId === undefined) throw new Problem('unavailable', 'Rekognition returned no liveness session');
    return SessionId;
  }

  async readLiveness(livenessId: string): Promise<LivenessResult | null> {
    const answer = await this.#rekognition
      .send(new GetFaceLivenessSessionResultsCommand({ SessionId: livenessId }))
      .catch((error: unknown) =>
        error instanceof SessionNotFoundException
          ? null
          : unavailable('Rekognition GetFaceLivenessSessionResults')(error),
      );
    if (answer === null) return null;
    return {
      livenessId: answer.SessionId ?? '',
      status: answer.Status ?? 'FAILED',
      confidence: answer.Confidence ?? null,
      challenge: answer.Challenge?.Type ?? null,
      image: answer.ReferenceImage?.Bytes ?? null,
      hints: hintsOf(answer.Feedback),
    };
  }

  async countFaces(image: Uint8Array): Promise<number> {
    const { FaceDetails } = await this.#rekognition
      .send(new DetectFacesCommand({ Image: { Bytes: image } }))
      .catch(unavailable('Rekognition DetectFaces'));
    return FaceDetails?.length ?? 0;
  }

  async compare(reference: Uint8Array, probe: Uint8Array) {
    const answer = await this.#rekognition
      .send(
        new CompareFacesCommand({
          SourceImage: { Bytes: reference },
          TargetImage: { Bytes: probe },
          // Zero, so that every face of the probe is reported: one match among several faces is not a match.
          SimilarityThreshold: 0,
        }),
      )
      .catch((error: unknown) =>
        // Rekognition's answer if it finds no face (API reference, CompareFaces).
        error instanceof InvalidParameterException ? null : unavailable('Rekognition CompareFaces')(error),
      );
    const matches = answer?.FaceMatches ?? [];
    return {
      similarity: matches[0]?.Similarity ?? 0,
      facesInProbe: matches.length + (answer?.UnmatchedFaces?.length ?? 0),
    };
  }
}
