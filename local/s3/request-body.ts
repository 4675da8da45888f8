import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crc32 } from 'node:zlib';
import { AwsError } from '../aws-wire/aws-error.ts';

/** An object's bytes as received, and the checksums that came with them, by header name; verified. */
export interface RequestBody {
  readonly bytes: Buffer;
  readonly checksums: Readonly<Record<string, string>>;
}

const CHECKSUM_PREFIX = 'x-amz-checksum-';

const base64Crc32 = (bytes: Buffer): string => {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(bytes));
  return checksum.toString('base64');
};

const CHECKSUMS: Readonly<Record<string, (bytes: Buffer) => string>> = {
  [`${CHECKSUM_PREFIX}crc32`]: base64Crc32,
  [`${CHECKSUM_PREFIX}sha1`]: (bytes) => createHash('sha1').update(bytes).digest('base64'),
  [`${CHECKSUM_PREFIX}sha256`]: (bytes) => createHash('sha256').update(bytes).digest('base64'),
  'content-md5': (bytes) => createHash('md5').update(bytes).digest('base64'),
};

const malformed = (): AwsError => new AwsError('IncompleteBody', 'The request body is not well-formed aws-chunked.');

/** Decodes `aws-chunked`: `size-in-hex[;extension]CRLF bytes CRLF`, a chunk of size 0, then trailing headers. */
const unchunk = (body: Buffer): { readonly bytes: Buffer; readonly trailers: Readonly<Record<string, string>> } => {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = body.indexOf('\r\n', at);
    const sizeText = body.subarray(at, lineEnd).toString('latin1').split(';', 1)[0] ?? '';
    if (lineEnd < 0 || !/^[0-9a-f]{1,8}$/i.test(sizeText)) throw malformed();
    const start = lineEnd + 2;
    const end = start + Number.parseInt(sizeText, 16);
    if (end === start) {
      const lines = body.subarray(start).toString('latin1').split('\r\n');
      const fields = lines.map((line) => /^([^:]+):\s*(.*)$/.exec(line)).filter((field) => field !== null);
      const trailers = Object.fromEntries(fields.map(([, name = '', value = '']) => [name.toLowerCase(), value]));
      return { bytes: Buffer.concat(chunks), trailers };
    }
    if (body.toString('latin1', end, end + 2) !== '\r\n') throw malformed();
    chunks.push(body.subarray(start, end));
    at = end + 2;
  }
};

/**
 * The bytes to store, once every checksum that came with them has been verified.
 * @throws AwsError IncompleteBody, BadDigest, NotImplemented for a checksum that cannot be computed here
 */
export const readRequestBody = (headers: IncomingHttpHeaders, body: Buffer): RequestBody => {
  const isChunked = headers['x-amz-content-sha256'] === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
  const { bytes, trailers } = isChunked ? unchunk(body) : { bytes: body, trailers: {} };
  const announced = headers['x-amz-decoded-content-length'];
  if (isChunked && announced !== undefined && Number(announced) !== bytes.length) throw malformed();
  const claimed = Object.entries({ ...headers, ...trailers }).flatMap(([name, value]): [string, string][] =>
    (name.startsWith(CHECKSUM_PREFIX) || name === 'content-md5') && typeof value === 'string' ? [[name, value]] : [],
  );
  for (const [name, value] of claimed) {
    const compute = Object.hasOwn(CHECKSUMS, name) ? CHECKSUMS[name] : undefined;
    if (compute === undefined) throw new AwsError('NotImplemented', `${name} is not supported here.`, 501);
    if (compute(bytes) !== value) throw new AwsError('BadDigest', `The ${name} you specified does not match.`);
  }
  return { bytes, checksums: Object.fromEntries(claimed.filter(([name]) => name.startsWith(CHECKSUM_PREFIX))) };
};
