import * as z from 'zod';
import { IntegrationOptionsSchema } from '../../../../contract/api/portal/integration-options.ts';
import type { Integration, KeyGeneration } from '../../../core/model/integration.ts';
import { defineItem, objectOf, present } from '../table/define-item.ts';
import { EditsMember, orNull, Seconds } from '../table/item-members.ts';

/**
 * The options as they are stored. Their choices are the contract's. Its bounds are not checked again, except for the minimum
 * thresholds, so that a row of an earlier release with other bounds stays readable. There is a default here only for options that are
 * newer than a row may be. None of the others may be missing: otherwise a fault could let users in by way of `enabled`.
 */
const storedOptions = () => {
  const { selfEnrollmentRequires, enrollmentFlow, verificationFlow, challenge } = IntegrationOptionsSchema.shape;
  return {
    name: z.string(),
    enabled: z.boolean(),
    allowSelfEnrollment: z.boolean(),
    selfEnrollmentRequires: selfEnrollmentRequires.unwrap(),
    enrollmentFlow: enrollmentFlow.unwrap().default('inline'),
    verificationFlow: verificationFlow.unwrap().default('inline'),
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
    challenge: challenge.unwrap(),
    consent: z.object({ version: z.string(), text: z.string(), retentionDays: z.number() }),
    branding: z.object({ displayName: z.string(), supportUrl: orNull(z.string()), accentColor: orNull(z.string()) }),
    noticesByEmail: z.boolean(),
    verificationEvents: z.boolean().default(false),
  };
};

const integrationItem = defineItem<Integration>(() =>
  objectOf<Integration>()({
    ...storedOptions(),
    integrationId: z.string(),
    accountId: z.string(),
    createdAt: Seconds,
    keys: z.array(
      objectOf<KeyGeneration>()({
        generation: z.number(),
        wrapped: z.string(),
        fingerprint: z.string(),
        endsAt: orNull(Seconds),
        since: orNull(Seconds),
      }),
    ),
    edits: EditsMember,
  }),
);

/** @throws ZodError if the row is not an integration, or its thresholds are below the minimum */
export const parseIntegration = integrationItem.read;

/** A new integration's row. */
export const integrationRow = integrationItem.write;

/** Members as an update sets them. */
export const integrationMembers = integrationItem.set;

/** The keys as a rotation writes them. */
export const rotatedKeys = (keys: readonly KeyGeneration[]) => keys.map(present);
