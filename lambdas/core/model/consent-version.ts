import { createHash } from 'node:crypto';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Integration, IntegrationOptions } from './integration.ts';

/** One version of an integration's consent text. It is written once and never changed, so that a name always means the same text. */
export interface ConsentVersion {
  /** Counts from 1, per integration. */
  readonly number: number;
  /** The name that users' consents carry. No two versions of an integration share one. */
  readonly version: string;
  readonly text: string;
  /** SHA-256 of the text, hex. */
  readonly textSha256: string;
  /** Null for the version that was current before a history was kept: since when is not known. */
  readonly since: EpochSeconds | null;
  /** E-mail or id of the operator; null if none is on record. */
  readonly by: string | null;
}

/** SHA-256 of a consent's text in UTF-8, hex. */
export const hashConsentText = (text: string): string => createHash('sha256').update(text).digest('hex');

const versionOf = (
  { version, text }: IntegrationOptions['consent'],
  rest: Pick<ConsentVersion, 'number' | 'since' | 'by'>,
): ConsentVersion => ({ version, text, textSha256: hashConsentText(text), ...rest });

/** The version that an integration starts with. */
export const firstConsent = (
  { consent, createdAt }: Pick<Integration, 'consent' | 'createdAt'>,
  by: string | null,
): ConsentVersion => versionOf(consent, { number: 1, since: createdAt, by });

/**
 * The current version of an integration created before a history was kept. Since when it is current, and which versions preceded it, is
 * not known.
 */
export const unrecordedConsent = ({ consent }: Pick<Integration, 'consent'>): ConsentVersion =>
  versionOf(consent, { number: 1, since: null, by: null });

/** The version that follows `newest`. */
export const nextConsent = (
  consent: IntegrationOptions['consent'],
  newest: Pick<ConsentVersion, 'number'>,
  since: EpochSeconds,
  by: string | null,
): ConsentVersion => versionOf(consent, { number: newest.number + 1, since, by });

type ConsentText = Pick<IntegrationOptions['consent'], 'version' | 'text'>;

/** Whether users have to be asked again. A changed retention time alone is not a new version. */
export const isNewConsent = (before: ConsentText, after: ConsentText): boolean =>
  before.version !== after.version || before.text !== after.text;
