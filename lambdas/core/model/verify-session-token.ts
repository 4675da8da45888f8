import { compactVerify, decodeJwt } from 'jose';
import * as z from 'zod';
import { EXTERNAL_ID_MAX_LENGTH } from '../../../contract/api/external-id.ts';
import { line } from '../../../contract/api/text.ts';
import type { SessionKeys } from '../../../contract/protocol/derive-keys.ts';
import { type EpochSeconds, epochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { SEALED_PII_MAX_LENGTH } from '../../../contract/protocol/seal-pii.ts';
import {
  CLOCK_SKEW_SECONDS,
  SESSION_TOKEN_MAX_AGE_SECONDS,
  SESSION_TOKEN_MAX_LENGTH,
  SESSION_TOKEN_USE,
  sessionAudience,
} from '../../../contract/protocol/session-token.ts';

/** A session token that must not be accepted. `reason` is for the log; the user sees one text for all. */
export class BadSessionToken extends Error {
  readonly reason: string;
  /** The tenant that signed it; null while the signature is not known to be good. */
  readonly domain: string | null;
  /** Whether the signature is from one of the integration's keys, so that nobody else can have created the token. */
  readonly isSigned: boolean;

  constructor(reason: string, { isSigned = false, domain = null as string | null } = {}) {
    super(reason);
    this.name = 'BadSessionToken';
    this.reason = reason;
    this.isSigned = isSigned;
    this.domain = domain;
  }
}

const Seconds = z.int().min(1_000_000_000).max(9_999_999_999);
const id = (min: number, max: number) =>
  z
    .string()
    .min(min)
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/);

const Subject = line(EXTERNAL_ID_MAX_LENGTH);

/** Exactly the claims of contract/protocol/session-token.ts plus Auth0's; anything else is refused. */
export const SessionTokenClaims = z.strictObject({
  iss: z.string().min(4).max(253),
  sub: Subject,
  iat: Seconds,
  exp: Seconds,
  ip: z.string().max(64).optional(),
  v: z.literal(1),
  use: z.literal(SESSION_TOKEN_USE),
  aud: z.string().max(64),
  jti: id(16, 64),
  tx: line(128),
  cid: line(128),
  mode: z.enum(['always', 'on-demand']),
  purpose: z.enum(['mfa', 'enroll']),
  facts: z.strictObject({ emailVerified: z.boolean(), otherFactors: z.boolean() }),
  lang: z.string().max(35).optional(),
  app: line(128).optional(),
  pii: id(1, SEALED_PII_MAX_LENGTH).optional(),
});
export type SessionTokenClaims = z.infer<typeof SessionTokenClaims>;

/**
 * The two spellings of the only header that Auth0's `encodeToken` creates. Comparing text refuses every other algorithm and
 * every key-bearing or duplicated member (kid, jku, x5u, jwk, crit, b64, zip) before any key is touched (RFC 8725 section 3.1).
 */
const HEADERS = ['{"alg":"HS256","typ":"JWT"}', '{"typ":"JWT","alg":"HS256"}'].map((text) =>
  Buffer.from(text).toString('base64url'),
);

const checkShape = (token: string): void => {
  if (token.length > SESSION_TOKEN_MAX_LENGTH) throw new BadSessionToken('too long');
  const parts = token.split('.');
  if (parts.length !== 3) throw new BadSessionToken('not three parts');
  if (!HEADERS.includes(parts[0] ?? '')) throw new BadSessionToken('header');
};

/**
 * The `sub` that an unverified token names, to start reading that user's row while the signature is checked; null if the
 * token has no acceptable form. No decision may be based on it.
 */
export const peekSubject = (token: string): string | null => {
  try {
    checkShape(token);
    return Subject.parse(decodeJwt(token).sub);
  } catch {
    return null;
  }
};

const verifySignature = async (token: string, keys: readonly SessionKeys[]) => {
  for (const [index, key] of keys.entries()) {
    try {
      const { payload } = await compactVerify(token, new TextEncoder().encode(key.request), { algorithms: ['HS256'] });
      return { payload, index };
    } catch {
      // The next generation may match; after the last one the token is bad.
    }
  }
  throw new BadSessionToken('signature');
};

const parseClaims = (payload: Uint8Array): SessionTokenClaims => {
  try {
    return SessionTokenClaims.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)));
  } catch {
    throw new BadSessionToken('claims', { isSigned: true });
  }
};

const checkClaims = (
  claims: SessionTokenClaims,
  integrationId: string,
  domains: readonly string[],
  now: EpochSeconds,
) => {
  if (claims.aud !== sessionAudience(integrationId)) throw new BadSessionToken('aud', { isSigned: true });
  if (!domains.includes(claims.iss)) throw new BadSessionToken('iss', { isSigned: true, domain: claims.iss });
  if (claims.iat > now + CLOCK_SKEW_SECONDS) throw new BadSessionToken('iat in the future', { isSigned: true });
  if (now - claims.iat > SESSION_TOKEN_MAX_AGE_SECONDS) throw new BadSessionToken('too old', { isSigned: true });
  if (now >= claims.exp + CLOCK_SKEW_SECONDS) throw new BadSessionToken('expired', { isSigned: true });
};

/**
 * Verifies a session token.
 * @param keys the live key generations, newest first
 * @returns the claims and which of `keys` verified them; results are signed with the same generation
 * @throws BadSessionToken whatever is wrong with it
 */
export const verifySessionToken = async (
  token: string,
  expected: {
    readonly integrationId: string;
    readonly domains: readonly string[];
    readonly keys: readonly SessionKeys[];
    readonly now: EpochSeconds;
  },
): Promise<{ readonly claims: SessionTokenClaims; readonly issuedAt: EpochSeconds; readonly keyIndex: number }> => {
  checkShape(token);
  const { payload, index } = await verifySignature(token, expected.keys);
  const claims = parseClaims(payload);
  checkClaims(claims, expected.integrationId, expected.domains, expected.now);
  return { claims, issuedAt: epochSeconds(claims.iat), keyIndex: index };
};
