import { z } from 'zod';
import { RESERVED_WORDS } from './login-prefix.ts';
import { explainRegion, LIVENESS_REGIONS, REGIONS } from './regions.ts';

/** Values from a command line are strings; what is none of the words or numbers stays what it is, and is refused. */
const WORDS: Readonly<Record<string, boolean>> = { true: true, on: true, false: false, off: false };
const fromWord = (value: unknown): unknown => (typeof value === 'string' ? (WORDS[value] ?? value) : value);
const fromDigits = (value: unknown): unknown =>
  typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;

export const Flag = z.preprocess(fromWord, z.boolean('must be true or false'));
/** A whole number; both bounds are included. */
export const Count = (min: number, max: number) =>
  z.preprocess(fromDigits, z.int('must be a whole number').min(min).max(max));

export const LogRetentionDays = z.preprocess(fromDigits, z.literal([7, 14, 30, 90, 180, 365]));

/** Part of names of stacks and of the login's domain. */
export const StageName = z
  .string()
  .regex(
    /^[a-z]([a-z0-9-]{0,14}[a-z0-9])?$/,
    'must be 1 to 16 characters a-z, 0-9 and -, the first a letter, the last no -',
  )
  .refine((stage) => !RESERVED_WORDS.some((word) => stage.includes(word)), {
    error: ({ input }) =>
      `"${RESERVED_WORDS.find((word) => String(input).includes(word))}" must not be part of it: Cognito reserves that word in the names of login domains`,
  });

export const Region = z.enum(REGIONS, { error: ({ input }) => explainRegion(String(input)) });
export const LivenessRegion = z.enum(LIVENESS_REGIONS, {
  error: `Face Liveness exists in ${LIVENESS_REGIONS.join(', ')} only`,
});

export const AccountId = z.string().regex(/^\d{12}$/, 'must be 12 digits');

/** A label of a host name (RFC 1123, section 2.1): up to 63 characters, none of them a hyphen at the ends. */
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
/** A host name in lower case, with two labels or more; the last one is no number, as in an address (RFC 1035, section 2.3.4; RFC 3696). */
export const HostName = z
  .string()
  .max(253, 'must be at most 253 characters, as DNS allows')
  .regex(
    new RegExp(`^(?:${LABEL}\\.)+(?!\\d+$)${LABEL}$`),
    'must be a host name in lower case, e.g. verify.example.com; no part begins or ends with -',
  );

/** As Route 53 writes them, without `/hostedzone/` (Route 53 API reference, HostedZone). */
export const HostedZoneId = z
  .string()
  .regex(/^Z[A-Z0-9]{1,31}$/, 'must be the id of a hosted zone: Z and up to 31 capital letters and digits');

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** Whole ARNs, as their services document them: ACM API reference, WAF API reference. CloudFront takes both from us-east-1 alone. */
export const CertificateArn = z
  .string()
  .regex(
    new RegExp(`^arn:aws:acm:us-east-1:\\d{12}:certificate/${UUID}$`),
    'must be the whole ARN of a certificate in us-east-1, as CloudFront requires: arn:aws:acm:us-east-1:ACCOUNT:certificate/ID',
  );
export const WebAclArn = z
  .string()
  .regex(
    new RegExp(`^arn:aws:wafv2:us-east-1:\\d{12}:global/webacl/[\\w-]{1,128}/${UUID}$`),
    'must be the whole ARN of a global (CLOUDFRONT) web ACL: arn:aws:wafv2:us-east-1:ACCOUNT:global/webacl/NAME/ID',
  );

/** Multi-Region keys have ids of their own form (AWS KMS developer guide, "Multi-Region keys in AWS KMS"). */
export const MultiRegionKeyArn = z
  .string()
  .regex(
    /^arn:aws:kms:[a-z]{2}(?:-[a-z]+)+-\d:\d{12}:key\/mrk-[0-9a-f]{32}$/,
    'must be the whole ARN of a multi-Region key: arn:aws:kms:REGION:ACCOUNT:key/mrk-ID',
  );

/** An https address without query and fragment (OpenID Connect Discovery 1.0, section 3). */
export const Issuer = z
  .url({ protocol: /^https$/, error: 'must be an https address' })
  .regex(/^[^?#@]+$/, 'must have no query, fragment or user name');
