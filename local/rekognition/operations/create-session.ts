import { z } from 'zod';
import type { LocalCredentials } from '../../aws-wire/credentials.ts';
import type { CallersS3 } from '../callers-s3.ts';
import { rekognitionError } from '../errors.ts';
import { CHALLENGE_TYPES, canMeet } from '../liveness/choose-challenge.ts';
import type { LivenessSessions } from '../liveness/liveness-sessions.ts';
import { readInput } from './read-input.ts';

const Version = z
  .string()
  .min(5)
  .max(11)
  .regex(/^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/);
const ChallengePreference = z.object({
  Type: z.enum(CHALLENGE_TYPES),
  Versions: z.object({ Minimum: Version.optional(), Maximum: Version.optional() }).default({}),
});
const OutputConfig = z.object({
  S3Bucket: z
    .string()
    .min(3)
    .max(255)
    .regex(/^[0-9A-Za-z.\-_]*$/),
  S3KeyPrefix: z.string().max(1024).regex(/^\S*$/).default(''),
});
const Input = z.object({
  KmsKeyId: z
    .string()
    .min(1)
    .max(2048)
    .regex(/^[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,2048}$/)
    .optional(),
  ClientRequestToken: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[a-zA-Z0-9-_]+$/)
    .optional(),
  Settings: z
    .object({
      OutputConfig: OutputConfig.optional(),
      AuditImagesLimit: z.number().int().min(0).max(4).default(0),
      ChallengePreferences: z.array(ChallengePreference).max(2).default([]),
    })
    .default({ AuditImagesLimit: 0, ChallengePreferences: [] }),
});

/** CreateFaceLivenessSession: bounds of the API reference; preferences that no version here can meet are refused immediately. */
export const createSession =
  (sessions: LivenessSessions, s3: CallersS3 | null) =>
  (input: unknown, caller: LocalCredentials): object => {
    const { KmsKeyId, ClientRequestToken, Settings } = readInput(Input, input);
    const preferences = Settings.ChallengePreferences.map(({ Type, Versions }) => ({
      type: Type,
      minimum: Versions.Minimum ?? null,
      maximum: Versions.Maximum ?? null,
    }));
    if (preferences.length > 0 && !preferences.some(canMeet)) throw rekognitionError('InvalidParameterException');
    const { OutputConfig: output } = Settings;
    // Without an S3 endpoint nothing could be stored; reported now, not after somebody has faced the camera.
    if (output !== undefined && s3 === null) throw rekognitionError('InvalidParameterException');
    const settings = {
      preferences,
      auditImagesLimit: Settings.AuditImagesLimit,
      output: output === undefined ? null : { bucket: output.S3Bucket, keyPrefix: output.S3KeyPrefix },
      kmsKeyId: KmsKeyId ?? null,
    };
    return { SessionId: sessions.create(settings, caller, ClientRequestToken ?? null).id };
  };
