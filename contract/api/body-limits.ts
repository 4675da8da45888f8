import { CONSENT_TEXT_MAX_LENGTH, URL_MAX_LENGTH } from './text.ts';

/** Longest JSON form of a code unit, `\uXXXX` (RFC 8259 section 7); many libraries escape everything but ASCII. */
const JSON_BYTES_PER_CODE_UNIT = 6;

/** Largest request body in bytes, unless a route sets another limit. */
export const MAX_BODY_BYTES = 8 * 1024;
/** The same for routes that take a consent text or a URL: whatever their schema accepts fits. */
export const MAX_LONG_BODY_BYTES =
  MAX_BODY_BYTES + JSON_BYTES_PER_CODE_UNIT * (CONSENT_TEXT_MAX_LENGTH + URL_MAX_LENGTH);
