const escaped = (text: string): string => text.replace(/[.+^${}()|[\]\\]/g, '\\$&');

/** True if `text` fits a pattern in which `*` stands for any characters and `?` for one (IAM user guide, policy elements). */
export const fitsWildcard = (pattern: string, text: string, flags: '' | 'i' = ''): boolean =>
  new RegExp(`^${escaped(pattern).replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`, flags).test(text);

/** Parts of an ARN: the first five end at a colon, the last is the resource, which may contain more. */
const partsOf = (arn: string): readonly string[] => {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
};

/**
 * True if the ARN fits the pattern part by part, so that no wildcard reaches over a colon of the first five; a lone `*` fits everything.
 * Source: IAM user guide, policy element Resource, "Using wildcards in resource ARNs".
 */
export const fitsArn = (pattern: string, arn: string): boolean => {
  if (pattern === '*') return true;
  const [wanted, parts] = [partsOf(pattern), partsOf(arn)];
  return wanted.length === parts.length && wanted.every((part, index) => fitsWildcard(part, parts[index] ?? ''));
};

/** True for all six parts of an ARN, each of which may contain wildcards. */
export const isArnPattern = (text: string): boolean => /^arn:([^:]*:){4}./.test(text);
