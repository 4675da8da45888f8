import { line, typedLine } from './text.ts';

/** In UTF-16 code units; Auth0 allows no longer `user_id`. */
export const EXTERNAL_ID_MAX_LENGTH = 255;

export const ExternalId = line(EXTERNAL_ID_MAX_LENGTH).describe('Auth0’s `user_id`');

/** An External ID that somebody typed: without spaces around it and characters that do not show. */
export const NewExternalId = typedLine(EXTERNAL_ID_MAX_LENGTH);
