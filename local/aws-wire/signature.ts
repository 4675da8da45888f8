import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ALGORITHM, readAuthorization } from './authorization-header.ts';
import { AwsError } from './aws-error.ts';
import type { CredentialStore, LocalCredentials } from './credentials.ts';
import { checkAge, invalidSignature, MAX_SKEW_MS } from './signing-time.ts';

/** Who signed a request, and what a chain of signed frames needs to continue from it. */
export interface Signer {
  readonly credentials: LocalCredentials;
  readonly signature: string;
  readonly scope: string;
  readonly signingKey: Buffer;
}

/** Seven days, the longest life of a presigned URL (AWS General Reference, `X-Amz-Expires`). */
const MAX_PRESIGNED_S = 7 * 24 * 60 * 60;

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

/** Every service but S3 signs a path whose segments are encoded once more than sent (IAM user guide, "Create a signed API request"). */
const canonicalPath = (service: string, path: string): string =>
  service === 's3' ? path : path.split('/').map(encodeRfc3986).join('/');

/** Compares in constant time. Compares bytes, since two texts of equal length in characters may differ in bytes. */
const isEqual = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** What a scope has to name. Null or absent: anything. */
interface WantedScope {
  readonly service: string | null;
  readonly region?: string | undefined;
}

/** The access key of a credential scope `key/date/region/service/aws4_request`, once token, age and scope have been checked. */
const findSigner = (
  store: CredentialStore,
  claim: { readonly credential: string; readonly token: string | null; readonly date: string },
  nowMs: number,
  wanted: WantedScope,
) => {
  const [accessKeyId = '', ...scope] = claim.credential.split('/');
  const credentials = store.find(accessKeyId);
  if (credentials === null || !isEqual(credentials.sessionToken ?? '', claim.token ?? ''))
    throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.', 403);
  const [date, region, scopedTo, end] = scope;
  if (scope.length !== 4 || end !== 'aws4_request' || !region || date !== claim.date.slice(0, 8))
    throw invalidSignature('Credential should be scoped to the date of the request and end with aws4_request.');
  if (wanted.service !== null && scopedTo !== wanted.service)
    throw invalidSignature(`Credential should be scoped to correct service: '${wanted.service}'.`);
  if (wanted.region !== undefined && region !== wanted.region)
    throw invalidSignature(`Credential should be scoped to a valid region, not '${region}'.`);
  if (credentials.expiresAtMs !== null && nowMs >= credentials.expiresAtMs) {
    throw new AwsError('ExpiredTokenException', 'The security token included in the request is expired', 403);
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
  if (!matches)
    throw invalidSignature(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  return { credentials, signature, scope, signingKey: key };
};

const single = (headers: IncomingHttpHeaders, name: string): string => {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : (value ?? '');
};

export interface SignedRequest {
  readonly method: string;
  /** Path and query exactly as sent. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Service that the credential scope must name, e.g. `kms`; `s3` may leave its payload unsigned. */
  readonly service: string;
  /** Region that the credential scope must name; absent: any. */
  readonly region?: string | undefined;
}

/** Values that only S3 accepts in place of a payload hash (S3 API reference, "Signature calculations": transferring payload). */
const UNSIGNED_PAYLOADS = ['UNSIGNED-PAYLOAD', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'];

const payloadHash = ({ headers, body, service }: SignedRequest): string => {
  const declared = single(headers, 'x-amz-content-sha256');
  if (service === 's3' && UNSIGNED_PAYLOADS.includes(declared)) return declared;
  const actual = sha256Hex(body);
  if (declared === '' || declared === actual) return actual;
  throw new AwsError('XAmzContentSHA256Mismatch', 'The provided x-amz-content-sha256 header does not match the body.');
};

/** Host and every `x-amz-` header must be signed: an unsigned one could be changed in transit (AWS General Reference). */
const checkSignedHeaders = (headers: IncomingHttpHeaders, signed: readonly string[]): void => {
  const unsigned = Object.keys(headers).find(
    (name) => (name === 'host' || name.startsWith('x-amz-')) && !signed.includes(name),
  );
  if (unsigned !== undefined) throw invalidSignature(`'${unsigned}' must be a signed header.`);
};

/**
 * Verifies a request signed in its `Authorization` header (AWS Signature Version 4) at most five minutes ago.
 * @throws AwsError MissingAuthenticationTokenException, IncompleteSignatureException, UnrecognizedClientException,
 * InvalidSignatureException, ExpiredTokenException, XAmzContentSHA256Mismatch: the names of the JSON protocols
 */
export const verifySignedRequest = (store: CredentialStore, request: SignedRequest, nowMs: number): Signer => {
  const { headers } = request;
  // The raw path: a URL object would resolve `..`, and the signature covers the path as sent.
  const queryAt = request.target.indexOf('?');
  const [path, query] =
    queryAt < 0 ? [request.target, ''] : [request.target.slice(0, queryAt), request.target.slice(queryAt + 1)];
  const date = single(headers, 'x-amz-date');
  const { credential, signedHeaders, signature } = readAuthorization(single(headers, 'authorization'), date);
  const token = single(headers, 'x-amz-security-token') || null;
  const { credentials, scope } = findSigner(store, { credential, token, date }, nowMs, request);
  checkAge(date, nowMs, MAX_SKEW_MS);
  const names = signedHeaders.split(';');
  checkSignedHeaders(headers, names);
  const canonical = [
    request.method,
    canonicalPath(request.service, path),
    canonicalQuery(new URLSearchParams(query)),
    names.map((name) => `${name}:${single(headers, name).trim().replace(/\s+/g, ' ')}\n`).join(''),
    signedHeaders,
    payloadHash(request),
  ];
  return check(credentials, scope, date, [canonical.join('\n')], signature);
};

/**
 * Verifies a presigned URL (GET, only the host signed).
 * @param hosts host names under which the client may have signed
 * @throws AwsError as above, and if the URL itself has expired
 */
export const verifyPresignedUrl = (
  store: CredentialStore,
  url: URL,
  hosts: readonly string[],
  nowMs: number,
  region?: string,
): Signer => {
  const query = url.searchParams;
  const read = (name: string): string => query.get(name) ?? '';
  if (read('X-Amz-Algorithm') !== ALGORITHM || read('X-Amz-SignedHeaders') !== 'host') {
    throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
  }
  const date = read('X-Amz-Date');
  const claim = { credential: read('X-Amz-Credential'), token: query.get('X-Amz-Security-Token'), date };
  const { credentials, scope } = findSigner(store, claim, nowMs, { service: null, region });
  const lifetimeS = Number(read('X-Amz-Expires'));
  if (!(lifetimeS >= 1 && lifetimeS <= MAX_PRESIGNED_S)) throw invalidSignature('X-Amz-Expires is out of range.');
  checkAge(date, nowMs, lifetimeS * 1000);
  const head = ['GET', url.pathname, canonicalQuery(query)];
  const canonical = hosts.map((host) => [...head, `host:${host}\n`, 'host', sha256Hex('')].join('\n'));
  return check(credentials, scope, date, canonical, read('X-Amz-Signature'));
};
