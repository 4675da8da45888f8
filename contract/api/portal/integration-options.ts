import * as z from 'zod';
import { CONSENT_TEXT_MAX_LENGTH, line, paragraphs, typedLine, URL_MAX_LENGTH } from '../text.ts';
import { isAuth0Domain } from './auth0-domain.ts';

const DAY_SECONDS = 86_400;

const Name = typedLine(80);
/** The name of a consent version. */
export const ConsentVersionName = line(64);

/**
 * Every integration option: its form, bounds and default. The core's type, the stored row, the form and the OpenAPI document follow
 * from it, and an option that one of them lacks does not compile or fails a test. Nobody can lower the floors of the two thresholds:
 * 80 is AWS's lower end for high-security liveness, 99 its advice for CompareFaces as a second factor, 95 the least that the service
 * accepts.
 */
export const IntegrationOptionsSchema = z.strictObject({
  name: Name,
  enabled: z.boolean().default(true),
  allowSelfEnrollment: z.boolean().default(true),
  selfEnrollmentRequires: z.enum(['nothing', 'verified-email', 'another-factor', 'invitation']).default('nothing'),
  /** Where the check runs: in the browser that signs in, or wherever the link sent to the account's address is opened. */
  enrollmentFlow: z.enum(['inline', 'email']).default('inline'),
  verificationFlow: z.enum(['inline', 'email']).default('inline'),
  /** Whether an inline check may be handed to a phone by a code on the screen. */
  phoneHandoff: z.boolean().default(false),
  /** Hosts of the Auth0 tenant: canonical and custom domains, lower case, without scheme. */
  domains: z
    .array(
      z.string().refine(isAuth0Domain, { error: 'must be a host name in lower case, without scheme, port or path' }),
    )
    .min(1)
    .max(10),
  lockout: z
    .strictObject({
      enabled: z.boolean(),
      /** Failed attempts in a row before the lock (NIST SP 800-63B-4 section 3.2.3). */
      maxFailedAttempts: z.int().min(1).max(10),
      /** Failures older than this no longer count. */
      windowSeconds: z.int().min(60).max(DAY_SECONDS),
      lockSeconds: z.int().min(30).max(DAY_SECONDS),
    })
    .default({ enabled: true, maxFailedAttempts: 5, windowSeconds: 3600, lockSeconds: 1800 }),
  attemptsPerSession: z.int().min(1).max(5).default(3),
  sessionTimeoutSeconds: z.int().min(120).max(1800).default(600),
  /** Rekognition confidence, percent. */
  livenessThreshold: z.number().min(80).max(100).default(90),
  /** Rekognition similarity, percent. */
  similarityThreshold: z.number().min(95).max(100).default(99),
  challenge: z
    .enum(['FaceMovementAndLightChallenge', 'FaceMovementChallenge'])
    .default('FaceMovementAndLightChallenge'),
  consent: z.strictObject({
    version: ConsentVersionName,
    text: paragraphs(CONSENT_TEXT_MAX_LENGTH, 40),
    retentionDays: z.int().min(1).max(1095),
  }),
  branding: z.strictObject({
    displayName: Name,
    supportUrl: z
      .url({ protocol: /^https$/ })
      .max(URL_MAX_LENGTH)
      .nullable()
      .default(null),
    accentColor: z
      .string()
      .regex(/^#[0-9a-f]{6}$/)
      .nullable()
      .default(null),
  }),
  /** Notify the user by e-mail when a face is enrolled (NIST SP 800-63B-4 section 4.6). */
  noticesByEmail: z.boolean().default(true),
  /** Whether each verification is an event for the webhooks that asked for `user.verified`: one more row per login. */
  verificationEvents: z.boolean().default(false),
});
export type IntegrationOptions = Readonly<z.output<typeof IntegrationOptionsSchema>>;
export type IntegrationOptionsInput = z.input<typeof IntegrationOptionsSchema>;
