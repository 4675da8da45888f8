import type { z } from 'zod';
import { AwsError } from '../../aws-wire/aws-error.ts';
import { rekognitionError } from '../errors.ts';

type Issue = z.core.$ZodIssue;

/** `sourceImage.s3Object.bucket`: members as the service names them in its messages. */
const memberOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((name, part) => {
    // Lists count from 1 and their items are called `member`.
    if (typeof part === 'number') return `${name}.${part + 1}.member`;
    const text = String(part);
    const member = text.charAt(0).toLowerCase() + text.slice(1);
    return name === '' ? member : `${name}.${member}`;
  }, '');

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | null | undefined)?.[part], input);

const lengthOrValue = (origin: string): string =>
  origin === 'number' || origin === 'int' ? 'have value' : 'have length';

/** The constraint on the member, in the words of AWS's model validation. */
const constraintOf = (issue: Issue): string => {
  switch (issue.code) {
    case 'too_big':
      return `${lengthOrValue(issue.origin)} less than or equal to ${issue.maximum}`;
    case 'too_small':
      return `${lengthOrValue(issue.origin)} greater than or equal to ${issue.minimum}`;
    case 'invalid_value':
      return `satisfy enum value set: [${issue.values.join(', ')}]`;
    case 'invalid_format':
      return issue.format === 'regex' && issue.pattern !== undefined
        ? `satisfy regular expression pattern: ${issue.pattern.replace(/^\/|\/$/g, '')}`
        : 'satisfy its format';
    default:
      return 'not be null';
  }
};

const MAX_SHOWN = 64;

/** Numbers and short texts; a picture is never repeated. */
const shown = (value: unknown): string => {
  if (value === undefined || value === null) return 'Value null';
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  return text === null || text.length > MAX_SHOWN ? 'Value' : `Value '${text}'`;
};

const isMissing = (issue: Issue, input: unknown): boolean => valueAt(input, issue.path) === undefined;
/** A value of another JSON type than the member's: the request cannot even be parsed. */
const isOtherType = (issue: Issue, input: unknown): boolean =>
  issue.code === 'invalid_type' && !isMissing(issue, input);

/**
 * The validated input of an operation.
 * @throws AwsError SerializationException for a value of the wrong JSON type, otherwise InvalidParameterException with one sentence
 * per member, in the words of AWS's model validation
 */
export const readInput = <T extends z.ZodType>(schema: T, input: unknown): z.infer<T> => {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const { issues } = result.error;
  const other = issues.find((issue) => isOtherType(issue, input));
  if (other !== undefined)
    throw new AwsError('SerializationException', `The value at '${memberOf(other.path)}' has the wrong type.`);
  const faults = issues.map(
    (issue) =>
      `${shown(valueAt(input, issue.path))} at '${memberOf(issue.path)}' failed to satisfy constraint: Member must ${constraintOf(issue)}`,
  );
  const count = `${faults.length} validation error${faults.length === 1 ? '' : 's'} detected`;
  throw rekognitionError('InvalidParameterException', `${count}: ${faults.join('; ')}`);
};
