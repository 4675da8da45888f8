import type { CallersS3 } from '../callers-s3.ts';
import type { Picture, VideoFacts } from '../engine/engine-jobs.ts';
import type { LivenessPicture, LivenessSession } from './liveness-sessions.ts';

/**
 * Reference and audit pictures of a session: as they are, or stored in the session's bucket with the permissions of its creator,
 * under the prefix, the session's id and a name.
 * @throws what the S3 client throws if a picture cannot be stored
 */
export const storePictures = async (
  { id, settings, creator }: LivenessSession,
  { reference, auditImages }: Pick<VideoFacts, 'reference' | 'auditImages'>,
  s3: CallersS3 | null,
): Promise<{ readonly reference: LivenessPicture | null; readonly auditImages: readonly LivenessPicture[] }> => {
  const { output, kmsKeyId } = settings;
  const store = async (picture: Picture, name: string): Promise<LivenessPicture> => {
    if (output === null || s3 === null) return { ...picture, stored: null };
    const stored = { bucket: output.bucket, key: `${output.keyPrefix}${id}/${name}.jpg`, kmsKeyId };
    await s3.writeImage(creator, stored, picture.jpeg);
    return { ...picture, stored };
  };
  const [storedReference, ...storedAudit] = await Promise.all([
    reference === null ? null : store(reference, 'reference'),
    ...auditImages.map((picture, index) => store(picture, `audit-${index + 1}`)),
  ]);
  return { reference: storedReference ?? null, auditImages: storedAudit.filter((picture) => picture !== null) };
};
