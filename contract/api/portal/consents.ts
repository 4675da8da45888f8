import * as z from 'zod';
import { PAGE_ROWS, paging } from '../query.ts';
import { line } from '../text.ts';
import { ConsentVersionName } from './integration-options.ts';

/** One version of an integration's consent, without the text. */
export const ConsentSummary = z.strictObject({
  /** Counts from 1 in each integration. */
  number: z.int().min(1),
  /** The name that users' consents carry; unique in an integration. */
  version: z.string(),
  /** SHA-256 of the text in UTF-8, hex. */
  textSha256: z.string(),
  /** Epoch seconds since when users were asked for it; null for the version that was current before a history was kept. */
  since: z.int().nullable(),
  /** E-mail or id of the operator; null if not on record. */
  by: z.string().nullable(),
  /** Whether users are asked for this version now. */
  isCurrent: z.boolean(),
});
export type ConsentSummary = z.infer<typeof ConsentSummary>;

/** GET /api/portal/integrations/{integrationId}/consents?cursor&limit, newest first. */
export const ConsentPage = z.strictObject({ consents: z.array(ConsentSummary), cursor: z.string().nullable() });
export type ConsentPage = z.infer<typeof ConsentPage>;

/** GET /api/portal/integrations/{integrationId}/consents */
export const ConsentListQuery = paging(PAGE_ROWS);

/** GET /api/portal/consent: a version's name can contain characters that are not allowed in a path. */
export const ConsentQuery = z.strictObject({
  integrationId: line(64),
  version: ConsentVersionName,
});

/** With the text, as users read it. */
export const ConsentView = ConsentSummary.extend({ text: z.string() });
export type ConsentView = z.infer<typeof ConsentView>;
