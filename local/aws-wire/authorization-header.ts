import { AwsError } from './aws-error.ts';
import { isAmzDate } from './signing-time.ts';

/** The only algorithm of Signature Version 4 that is accepted here. */
export const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * The parts of an `Authorization` header.
 * @param date the request's `x-amz-date`
 * @throws AwsError MissingAuthenticationTokenException, or IncompleteSignatureException with what is missing
 */
export const readAuthorization = (header: string, date: string) => {
  if (!header.startsWith(`${ALGORITHM} `))
    throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
  const given = new Map(
    header
      .slice(ALGORITHM.length)
      .split(',')
      .map((part) => {
        const at = part.indexOf('=');
        return [part.slice(0, at).trim(), part.slice(at + 1).trim()] as const;
      }),
  );
  const read = (name: string): string => given.get(name) ?? '';
  const missing = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => read(name) === '');
  const faults = missing.map((name) => `Authorization header requires '${name}' parameter.`);
  if (!isAmzDate(date))
    faults.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  if (faults.length > 0) throw new AwsError('IncompleteSignatureException', faults.join(' '), 403);
  return { credential: read('Credential'), signedHeaders: read('SignedHeaders'), signature: read('Signature') };
};
