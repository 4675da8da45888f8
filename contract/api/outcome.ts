import * as z from 'zod';
import { OUTCOMES } from '../protocol/outcomes.ts';
import { unknownReadsAs } from './read-answer.ts';

/** Outcomes as the page learns them: `no_match` and `not_live` are one (`not_verified`). */
export const PublicOutcome = z.enum([
  'not_verified',
  ...OUTCOMES.filter((outcome) => outcome !== 'no_match' && outcome !== 'not_live'),
]);
/** Not a success, and leads back to the application. */
unknownReadsAs(PublicOutcome, 'unavailable');
export type PublicOutcome = z.infer<typeof PublicOutcome>;
