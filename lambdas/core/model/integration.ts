import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Edits } from './edits.ts';
import { type Generation, liveAt } from './rotation.ts';

/** One generation of an integration's derived keys; two may be live during a rotation. */
export interface KeyGeneration extends Generation {
  /** The derived keys, encrypted by KMS with the integration and generation as encryption context; base64. */
  readonly wrapped: string;
  /** First 12 hex characters of SHA-256 of the request key; lets an operator tell secrets apart. */
  readonly fingerprint: string;
  /** When it was made; null in rows of a time when that was not kept. */
  readonly since: EpochSeconds | null;
}

export interface LockoutPolicy {
  readonly enabled: boolean;
  /** Failed attempts in a row before the lock, 1 to 10 (NIST SP 800-63B-4 section 3.2.3). */
  readonly maxFailedAttempts: number;
  /** Failures older than this no longer count. */
  readonly windowSeconds: number;
  readonly lockSeconds: number;
}

export type Flow = 'inline' | 'email';

export type ChallengeType = 'FaceMovementAndLightChallenge' | 'FaceMovementChallenge';

/** What an operator may set; bounds in contract/api/portal/integration-options.ts. */
export interface IntegrationOptions {
  readonly name: string;
  readonly enabled: boolean;
  readonly allowSelfEnrollment: boolean;
  readonly selfEnrollmentRequires: 'nothing' | 'verified-email' | 'another-factor' | 'invitation';
  /** Where the check runs: in the browser that signs in, or wherever the link sent to the account's address is opened. */
  readonly enrollmentFlow: Flow;
  readonly verificationFlow: Flow;
  /** Whether an inline check may be taken to a phone by a code on the screen. */
  readonly phoneHandoff: boolean;
  /** Hosts of the Auth0 tenant: canonical and custom domains, lower case, without scheme. */
  readonly domains: readonly string[];
  readonly lockout: LockoutPolicy;
  readonly attemptsPerSession: number;
  readonly sessionTimeoutSeconds: number;
  /** Rekognition confidence, percent, 80 to 100. */
  readonly livenessThreshold: number;
  /** Rekognition similarity, percent, 95 to 100. */
  readonly similarityThreshold: number;
  readonly challenge: ChallengeType;
  readonly consent: { readonly version: string; readonly text: string; readonly retentionDays: number };
  readonly branding: {
    readonly displayName: string;
    readonly supportUrl: string | null;
    readonly accentColor: string | null;
  };
  /** Tell the person by e-mail when a face is enrolled (NIST SP 800-63B-4 section 4.6). */
  readonly noticesByEmail: boolean;
  /** Whether each verification is an event for the webhooks that asked for `user.verified`: one more row a login. */
  readonly verificationEvents: boolean;
}

export interface Integration extends IntegrationOptions {
  readonly integrationId: string;
  readonly accountId: string;
  readonly keys: readonly KeyGeneration[];
  readonly createdAt: EpochSeconds;
  /** Of the options. */
  readonly edits: Edits;
}

/** The options alone. */
export const optionsOf = (integration: Integration): IntegrationOptions => {
  const {
    integrationId: _id,
    accountId: _account,
    keys: _keys,
    createdAt: _created,
    edits: _edits,
    ...options
  } = integration;
  return options;
};

/** The generations that still verify and sign at `now`, newest first. */
export const liveGenerations = ({ keys }: Integration, now: EpochSeconds): readonly KeyGeneration[] =>
  liveAt(keys, now);
