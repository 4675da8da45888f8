import { createHash } from 'node:crypto';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
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
  /** Null for the one that stood before a history was kept: how long it had stood is not known. */
  readonly since: EpochSeconds | null;
  /** E-mail or id of the operator; null where nobody is on record. */
  readonly by: string | null;
}

/** SHA-256 of a consent's text in UTF-8, hex. */
export const hashConsentText = (text: string): string => createHash('sha256').update(text).digest('hex');

const versionOf = (
  { version, text }: IntegrationOptions['consent'],
  rest: Pick<ConsentVersion, 'number' | 'since' | 'by'>,
): ConsentVersion => ({ version, text, textSha256: hashConsentText(text), ...rest });

/** The wording that an integration begins with. */
export const firstConsent = (
  { consent, createdAt }: Pick<Integration, 'consent' | 'createdAt'>,
  by: string | null,
): ConsentVersion => versionOf(consent, { number: 1, since: createdAt, by });

/** The wording that stands in an integration of a time without history: nobody knows since when, and which ones were before it. */
export const unrecordedConsent = ({ consent }: Pick<Integration, 'consent'>): ConsentVersion =>
  versionOf(consent, { number: 1, since: null, by: null });

/** The wording that follows `newest`. */
export const nextConsent = (
  consent: IntegrationOptions['consent'],
  newest: Pick<ConsentVersion, 'number'>,
  since: EpochSeconds,
  by: string | null,
): ConsentVersion => versionOf(consent, { number: newest.number + 1, since, by });

type Wording = Pick<IntegrationOptions['consent'], 'version' | 'text'>;

/** Whether people have to be asked again. The retention time alone is no new wording. */
export const isNewConsent = (before: Wording, after: Wording): boolean =>
  before.version !== after.version || before.text !== after.text;
