import { createHash } from 'node:crypto';
import type { EpochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import type { Integration, IntegrationOptions } from './integration.ts';

/** One wording of an integration's consent. It is written once and never changed, so that a name always means the same words. */
export interface ConsentVersion {
  /** Counts from 1, an integration's own. */
  readonly number: number;
  /** The name that people's consents carry; no two versions of an integration share one. */
  readonly version: string;
  readonly text: string;
  /** SHA-256 of the text, hex. */
  readonly textSha256: string;
  readonly since: EpochSeconds;
  /** E-mail or id of the operator; null where nobody is on record. */
  readonly by: string | null;
}

/** SHA-256 of a consent's text in UTF-8, hex. */
export const hashConsentText = (text: string): string => createHash('sha256').update(text).digest('hex');

const versionOf = (
  { version, text }: IntegrationOptions['consent'],
  rest: Pick<ConsentVersion, 'number' | 'since' | 'by'>,
): ConsentVersion => ({ version, text, textSha256: hashConsentText(text), ...rest });

/** The wording that an integration began with. An integration of a time without history has had one. */
export const firstConsent = (
  { consent, createdAt }: Pick<Integration, 'consent' | 'createdAt'>,
  by: string | null = null,
): ConsentVersion => versionOf(consent, { number: 1, since: createdAt, by });

/** The wording that follows `newest`. */
export const nextConsent = (
  consent: IntegrationOptions['consent'],
  newest: Pick<ConsentVersion, 'number'>,
  since: EpochSeconds,
  by: string | null,
): ConsentVersion => versionOf(consent, { number: newest.number + 1, since, by });

/** Whether people have to be asked again. The retention time alone is no new wording. */
export const isNewConsent = (before: IntegrationOptions['consent'], after: IntegrationOptions['consent']): boolean =>
  before.version !== after.version || before.text !== after.text;
