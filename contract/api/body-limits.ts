import { CONSENT_TEXT_MAX_LENGTH, URL_MAX_LENGTH } from './text.ts';

/** A code unit as JSON may write it at its longest, `\uXXXX` (RFC 8259 section 7); many libraries write all but ASCII so. */
const JSON_BYTES_PER_CODE_UNIT = 6;

/** Largest request body in bytes, where a route says nothing else. */
export const MAX_BODY_BYTES = 8 * 1024;
/** The same of routes that take a consent's text or an address: whatever their schema takes fits. */
export const MAX_LONG_BODY_BYTES =
  MAX_BODY_BYTES + JSON_BYTES_PER_CODE_UNIT * (CONSENT_TEXT_MAX_LENGTH + URL_MAX_LENGTH);
