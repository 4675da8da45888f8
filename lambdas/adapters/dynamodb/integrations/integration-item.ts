import * as z from 'zod';
import type { Integration } from '../../../core/model/integration.ts';
import { EditsMember, lazy, orNull, Seconds } from '../table/item-members.ts';

const integrationItem = lazy(() =>
  z.object({
    integrationId: z.string(),
    accountId: z.string(),
    createdAt: Seconds,
    keys: z.array(
      z.object({
        generation: z.number(),
        wrapped: z.string(),
        fingerprint: z.string(),
        endsAt: orNull(Seconds),
        since: orNull(Seconds),
      }),
    ),
    name: z.string(),
    enabled: z.boolean(),
    allowSelfEnrollment: z.boolean(),
    selfEnrollmentRequires: z.enum(['nothing', 'verified-email', 'another-factor', 'invitation']),
    enrollmentFlow: z.enum(['inline', 'email']).default('inline'),
    verificationFlow: z.enum(['inline', 'email']).default('inline'),
    phoneHandoff: z.boolean().default(false),
    domains: z.array(z.string()),
    lockout: z.object({
      enabled: z.boolean(),
      maxFailedAttempts: z.number(),
      windowSeconds: z.number(),
      lockSeconds: z.number(),
    }),
    attemptsPerSession: z.number(),
    sessionTimeoutSeconds: z.number(),
    livenessThreshold: z.number().min(80).max(100),
    similarityThreshold: z.number().min(95).max(100),
    challenge: z.enum(['FaceMovementAndLightChallenge', 'FaceMovementChallenge']),
    consent: z.object({ version: z.string(), text: z.string(), retentionDays: z.number() }),
    branding: z.object({ displayName: z.string(), supportUrl: orNull(z.string()), accentColor: orNull(z.string()) }),
    noticesByEmail: z.boolean(),
    verificationEvents: z.boolean().default(false),
    edits: EditsMember,
  }),
);

/** @throws ZodError if the row is not an integration, or its thresholds lie below the floors */
export const parseIntegration = (row: unknown): Integration => integrationItem().parse(row);
