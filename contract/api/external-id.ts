import { line, typedLine } from './text.ts';

/** In UTF-16 code units; the longest `user_id` that Auth0 allows. */
export const EXTERNAL_ID_MAX_LENGTH = 255;

export const ExternalId = line(EXTERNAL_ID_MAX_LENGTH).describe('Auth0’s `user_id`');

/** An External ID that was typed: without surrounding spaces or invisible characters. */
export const NewExternalId = typedLine(EXTERNAL_ID_MAX_LENGTH);
