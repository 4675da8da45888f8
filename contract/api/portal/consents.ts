import * as z from 'zod';
import { PAGE_ROWS, paging } from '../query.ts';
import { line } from '../text.ts';
import { ConsentVersionName } from './integration-options.ts';

/** One wording of an integration's consent, without the words. */
export const ConsentSummary = z.strictObject({
  /** Counts from 1, an integration's own. */
  number: z.int().min(1),
  /** The name that people's consents carry; no two wordings of an integration share one. */
  version: z.string(),
  /** SHA-256 of the text in UTF-8, hex. */
  textSha256: z.string(),
  /** Epoch seconds from which people were asked for it; null for the one that stood before a history was kept. */
  since: z.int().nullable(),
  /** E-mail or id of the operator; null where nobody is on record. */
  by: z.string().nullable(),
  /** Whether people are asked for this one now. */
  isCurrent: z.boolean(),
});
export type ConsentSummary = z.infer<typeof ConsentSummary>;

/** GET /api/portal/integrations/{integrationId}/consents?cursor&limit, newest first. */
export const ConsentPage = z.strictObject({ consents: z.array(ConsentSummary), cursor: z.string().nullable() });
export type ConsentPage = z.infer<typeof ConsentPage>;

/** GET /api/portal/integrations/{integrationId}/consents */
export const ConsentListQuery = paging(PAGE_ROWS);

/** GET /api/portal/consent: a version's name holds characters that have no place in a path. */
export const ConsentQuery = z.strictObject({
  integrationId: line(64),
  version: ConsentVersionName,
});

/** With the words, as people read them. */
export const ConsentView = ConsentSummary.extend({ text: z.string() });
export type ConsentView = z.infer<typeof ConsentView>;
