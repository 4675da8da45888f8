import { Problem } from '../core/model/problem.ts';
import type { HttpRequest } from './endpoint.ts';

/** A byte order mark is kept, and the text is then not JSON (RFC 8259 section 8.1). */
const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What a decoder writes for bytes that it cannot decode. To send it as a character, clients write the escape `\ufffd`. */
const UNREADABLE = '\uFFFD';

const bytesAsText = (base64: string): string => {
  try {
    return UTF_8.decode(Buffer.from(base64, 'base64'));
  } catch {
    throw new Problem('invalid-request', 'body is not UTF-8');
  }
};

/** Text in a character set other than UTF-8 would be misread (RFC 8259 section 8.1). */
const isUtf8 = (contentType: string): boolean =>
  [...contentType.matchAll(/;\s*charset\s*=\s*("?)([^";]*)\1/gi)].every(([, , name = '']) =>
    /^utf-?8$/i.test(name.trim()),
  );

/**
 * The request's body as text. Bytes that are not UTF-8 are refused and not replaced: with replacements they could name another user.
 * API Gateway passes JSON on as text, in which it has already replaced them, and forms in base64.
 * @param mediaType the required `Content-Type`
 * @param maxBytes the longest body that is read
 * @throws Problem `body-too-large` before anything is read, `invalid-request`
 */
export const bodyText = ({ event }: HttpRequest, mediaType: RegExp, maxBytes: number): string => {
  const body = event.body ?? '';
  // Base64 is a third longer; the limit is on the decoded bytes.
  const bytes = event.isBase64Encoded ? Math.floor((body.length * 3) / 4) : Buffer.byteLength(body);
  if (bytes > maxBytes) throw new Problem('body-too-large', 'body over the cap');
  const type = event.headers['content-type'] ?? '';
  if (!mediaType.test(type)) throw new Problem('invalid-request', 'wrong content type');
  if (!isUtf8(type)) throw new Problem('invalid-request', 'a character set other than UTF-8');
  const text = event.isBase64Encoded ? bytesAsText(body) : body;
  if (text.includes(UNREADABLE)) throw new Problem('invalid-request', 'body was not UTF-8');
  return text;
};

const decode = (part: string): string => {
  try {
    // Refuses what is not UTF-8, and a percent sign without two digits (ECMA-262, Decode).
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    throw new Problem('invalid-request', 'a parameter is not UTF-8');
  }
};

/**
 * The parameters of a query or of a form (WHATWG URL, application/x-www-form-urlencoded), each of which may occur once: libraries
 * differ in how they read repeated names, and API Gateway joins their values into one.
 * @throws Problem `invalid-request`, without any value
 */
export const parametersOf = (text: string): Readonly<Record<string, string>> => {
  if (!/^[\x21-\x7e]*$/.test(text)) throw new Problem('invalid-request', 'parameters are not ASCII');
  const parameters = new Map<string, string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const at = pair.includes('=') ? pair.indexOf('=') : pair.length;
    const name = decode(pair.slice(0, at));
    if (parameters.has(name)) throw new Problem('invalid-request', 'a parameter occurs twice');
    parameters.set(name, decode(pair.slice(at + 1)));
  }
  return Object.fromEntries(parameters);
};
