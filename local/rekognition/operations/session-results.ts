import { z } from 'zod';
import { FEEDBACK_MESSAGES } from '../liveness/feedback.ts';
import type { LivenessPicture, LivenessSessions } from '../liveness/liveness-sessions.ts';
import { boundingBoxOf } from './face-details.ts';
import { readInput } from './read-input.ts';

const Input = z.object({
  SessionId: z
    .string()
    .length(36)
    .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
});

const imageOf = ({ jpeg, box, stored }: LivenessPicture) => ({
  ...(stored === null
    ? { Bytes: Buffer.from(jpeg).toString('base64') }
    : { S3Object: { Bucket: stored.bucket, Name: stored.key } }),
  BoundingBox: boundingBoxOf(box),
});

/** GetFaceLivenessSessionResults: only a session that succeeded has a score, pictures and feedback. */
export const sessionResults =
  (sessions: LivenessSessions) =>
  (input: unknown): object => {
    const { id, status, verdict } = sessions.find(readInput(Input, input).SessionId);
    if (status !== 'SUCCEEDED' || verdict === null) return { SessionId: id, Status: status };
    return {
      SessionId: id,
      Status: status,
      Confidence: verdict.confidence,
      ...(verdict.reference === null ? {} : { ReferenceImage: imageOf(verdict.reference) }),
      AuditImages: verdict.auditImages.map(imageOf),
      Challenge: { Type: verdict.challenge.type, Version: verdict.challenge.version },
      Feedback: verdict.feedback.map((Code) => ({ Code, Message: FEEDBACK_MESSAGES[Code] })),
      ...(verdict.sdkType === null ? {} : { Metadata: { SDKType: verdict.sdkType } }),
    };
  };
