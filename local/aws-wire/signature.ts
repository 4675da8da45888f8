import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from './aws-error.ts';
import type { CredentialStore, LocalCredentials } from './credentials.ts';

/** Who signed a request, and what a chain of signed frames needs to go on from it. */
export interface Signer {
  readonly credentials: LocalCredentials;
  readonly signature: string;
  readonly scope: string;
  readonly signingKey: Buffer;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** AWS refuses requests whose clock differs by more (Signature Version 4, "request expired"). */
const MAX_SKEW_MS = 5 * 60 * 1000;

const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
/** SHA-256, hex. */
export const sha256Hex = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

const signingKey = (secret: string, scope: string): Buffer => {
  const [date = '', region = '', service = '', end = ''] = scope.split('/');
  return hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), end);
};

const encodeRfc3986 = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

const canonicalQuery = (query: URLSearchParams): string =>
  [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encodeRfc3986(name), encodeRfc3986(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

/** `20261124T093000Z` as milliseconds. */
const parseAmzDate = (date: string): number =>
  Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

const isEqual = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

const findSigner = (store: CredentialStore, credential: string, token: string | null, nowMs: number) => {
  const [accessKeyId = '', ...scope] = credential.split('/');
  const credentials = store.find(accessKeyId);
  if (credentials === null)
    throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.', 403);
  if (credentials.sessionToken !== token)
    throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
  if (credentials.expiresAtMs !== null && nowMs >= credentials.expiresAtMs) {
    throw new AwsError('ExpiredTokenException', 'The security token included in the request is expired.', 403);
  }
  return { credentials, scope: scope.join('/') };
};

const check = (
  credentials: LocalCredentials,
  scope: string,
  date: string,
  canonicalRequests: readonly string[],
  signature: string,
): Signer => {
  const key = signingKey(credentials.secretAccessKey, scope);
  const matches = canonicalRequests.some((canonical) =>
    isEqual(hmac(key, [ALGORITHM, date, scope, sha256Hex(canonical)].join('\n')).toString('hex'), signature),
  );
  if (!matches) {
    throw new AwsError(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided.',
      403,
    );
  }
  return { credentials, signature, scope, signingKey: key };
};

const single = (headers: IncomingHttpHeaders, name: string): string => {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : (value ?? '');
};

/**
 * Verifies a request signed in its `Authorization` header (AWS Signature Version 4).
 * @throws AwsError MissingAuthenticationToken, UnrecognizedClientException, InvalidSignatureException, ExpiredTokenException
 */
export const verifySignedRequest = (
  store: CredentialStore,
  request: {
    readonly method: string;
    readonly target: string;
    readonly headers: IncomingHttpHeaders;
    readonly body: Buffer;
  },
  nowMs: number,
): Signer => {
  const { headers } = request;
  // The raw path: a URL object would resolve `..`, and what was signed is what was sent.
  const [path = '/', query = ''] = request.target.split('?', 2);
  const match = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
    single(headers, 'authorization'),
  );
  if (match === null) throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
  const [, credential = '', signedHeaders = '', signature = ''] = match;
  const { credentials, scope } = findSigner(store, credential, single(headers, 'x-amz-security-token') || null, nowMs);
  const date = single(headers, 'x-amz-date');
  if (!(Math.abs(nowMs - parseAmzDate(date)) <= MAX_SKEW_MS)) {
    throw new AwsError('InvalidSignatureException', 'Signature expired or not yet current.', 403);
  }
  const declared = single(headers, 'x-amz-content-sha256');
  const payload = declared === '' ? sha256Hex(request.body) : declared;
  if (declared !== '' && declared !== 'UNSIGNED-PAYLOAD' && declared !== sha256Hex(request.body)) {
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      'The provided x-amz-content-sha256 header does not match what was computed.',
    );
  }
  const canonicalHeaders = signedHeaders
    .split(';')
    .map((name) => `${name}:${single(headers, name).trim().replace(/\s+/g, ' ')}\n`)
    .join('');
  const canonical = [
    request.method,
    path,
    canonicalQuery(new URLSearchParams(query)),
    canonicalHeaders,
    signedHeaders,
    payload,
  ];
  return check(credentials, scope, date, [canonical.join('\n')], signature);
};

/**
 * Verifies a presigned URL (GET, host alone signed).
 * @param hosts host names under which the client may have signed
 * @throws AwsError as above, also when the URL's own time is over
 */
export const verifyPresignedUrl = (
  store: CredentialStore,
  url: URL,
  hosts: readonly string[],
  nowMs: number,
): Signer => {
  const query = url.searchParams;
  const read = (name: string): string => query.get(name) ?? '';
  if (read('X-Amz-Algorithm') !== ALGORITHM || read('X-Amz-SignedHeaders') !== 'host') {
    throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
  }
  const { credentials, scope } = findSigner(store, read('X-Amz-Credential'), query.get('X-Amz-Security-Token'), nowMs);
  const date = read('X-Amz-Date');
  const signedAtMs = parseAmzDate(date);
  const lifetimeMs = Number(read('X-Amz-Expires')) * 1000;
  if (!(nowMs >= signedAtMs - MAX_SKEW_MS && nowMs < signedAtMs + lifetimeMs)) {
    throw new AwsError('InvalidSignatureException', 'Signature expired or not yet current.', 403);
  }
  const head = ['GET', url.pathname, canonicalQuery(query)];
  const canonical = hosts.map((host) => [...head, `host:${host}\n`, 'host', sha256Hex('')].join('\n'));
  return check(credentials, scope, date, canonical, read('X-Amz-Signature'));
};
