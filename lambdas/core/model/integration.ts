import type { IntegrationOptions } from '../../../contract/api/portal/integration-options.ts';
import type { SessionKeys } from '../../../contract/protocol/derive-keys.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Edits } from './edits.ts';
import { type Generation, liveAt } from './rotation.ts';

/** One generation of an integration's derived keys; two may be live during a rotation. */
export interface KeyGeneration extends Generation {
  /** The derived keys, encrypted by KMS with the integration and generation as encryption context; base64. */
  readonly wrapped: string;
  /** First 12 hex characters of SHA-256 of the request key; by which operators distinguish secrets. */
  readonly fingerprint: string;
  /** When it was created; null in rows older than this member. */
  readonly since: EpochSeconds | null;
}

/** What an operator may set. */
export type { IntegrationOptions };

export type LockoutPolicy = Readonly<IntegrationOptions['lockout']>;

export type ChallengeType = IntegrationOptions['challenge'];

export interface Integration extends IntegrationOptions {
  readonly integrationId: string;
  readonly accountId: string;
  readonly keys: readonly KeyGeneration[];
  readonly createdAt: EpochSeconds;
  /** Of the options. */
  readonly edits: Edits;
}

export interface Integrations {
  /** Strongly consistent. Null for an unknown id. */
  read(integrationId: string): Promise<Integration | null>;
}

export interface KeyVault {
  /**
   * The keys of one generation.
   * @throws Error if KMS refuses: wrong context, altered ciphertext, no permission
   */
  open(integrationId: string, generation: KeyGeneration): Promise<SessionKeys>;
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
