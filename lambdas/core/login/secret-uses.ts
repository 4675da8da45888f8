import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { LastUses } from '../model/rotation.ts';

/**
 * When each generation of an integration's Session Secret last signed a login, so that nobody ends one that a tenant still signs with.
 * Noted in parallel with the writes that open a login, never after them, and at most once in five minutes per generation.
 */
export interface SecretUses {
  /** Best effort: never fails, since no login may depend on it. */
  note(integrationId: string, generation: number, at: EpochSeconds): Promise<void>;
}

export interface SecretUsesOfIntegration {
  /** Generations not used in the 400 days before `now` are missing. */
  read(integrationId: string, now: EpochSeconds): Promise<LastUses>;
}
