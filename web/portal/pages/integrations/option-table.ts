import * as z from 'zod';
import { IntegrationOptionsSchema } from '../../../../contract/api/portal/integration-options.ts';
import type { optionSections, units } from '../../text/en/options.ts';

/** `minutes`: typed in minutes, stored in seconds. */
type Control = 'text' | 'long-text' | 'lines' | 'number' | 'minutes' | 'flag' | 'choice' | 'url' | 'color';

/** How one option is edited. Its label and help are in text/en/options.ts, its bounds in the contract's schema. */
export interface OptionEntry {
  /** Path from the options' root, joined by dots. */
  readonly path: string;
  readonly section: keyof typeof optionSections;
  readonly control: Control;
  readonly unit?: keyof typeof units;
}

/** Every option, in the form's order. To add one: a line here and its texts; a test fails while an option has no entry. */
export const OPTION_TABLE: readonly OptionEntry[] = [
  { path: 'name', section: 'basics', control: 'text' },
  { path: 'domains', section: 'basics', control: 'lines' },
  { path: 'enabled', section: 'basics', control: 'flag' },
  { path: 'allowSelfEnrollment', section: 'enrollment', control: 'flag' },
  { path: 'selfEnrollmentRequires', section: 'enrollment', control: 'choice' },
  { path: 'enrollmentFlow', section: 'enrollment', control: 'choice' },
  { path: 'verificationFlow', section: 'enrollment', control: 'choice' },
  { path: 'phoneHandoff', section: 'enrollment', control: 'flag' },
  { path: 'noticesByEmail', section: 'enrollment', control: 'flag' },
  { path: 'verificationEvents', section: 'session', control: 'flag' },
  { path: 'lockout.enabled', section: 'lockout', control: 'flag' },
  { path: 'lockout.maxFailedAttempts', section: 'lockout', control: 'number', unit: 'attempts' },
  { path: 'lockout.windowSeconds', section: 'lockout', control: 'minutes' },
  { path: 'lockout.lockSeconds', section: 'lockout', control: 'minutes' },
  { path: 'attemptsPerSession', section: 'session', control: 'number', unit: 'attempts' },
  { path: 'sessionTimeoutSeconds', section: 'session', control: 'minutes' },
  { path: 'livenessThreshold', section: 'session', control: 'number', unit: 'percent' },
  { path: 'similarityThreshold', section: 'session', control: 'number', unit: 'percent' },
  { path: 'challenge', section: 'session', control: 'choice' },
  { path: 'consent.text', section: 'consent', control: 'long-text' },
  { path: 'consent.version', section: 'consent', control: 'text' },
  { path: 'consent.retentionDays', section: 'consent', control: 'number', unit: 'days' },
  { path: 'branding.displayName', section: 'branding', control: 'text' },
  { path: 'branding.supportUrl', section: 'branding', control: 'url' },
  { path: 'branding.accentColor', section: 'branding', control: 'color' },
];

const bare = (schema: z.ZodType): z.ZodType => {
  let inner = schema;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodNullable || inner instanceof z.ZodOptional) {
    inner = inner.unwrap() as z.ZodType;
  }
  return inner;
};

/** Every option of the schema that is not itself a group: its path and its schema. */
export const schemaOptions = (
  schema: z.ZodType = IntegrationOptionsSchema,
  at = '',
): readonly [string, z.ZodType][] => {
  const inner = bare(schema);
  if (!(inner instanceof z.ZodObject)) return [[at, inner]];
  return Object.entries(inner.shape).flatMap(([name, member]) =>
    schemaOptions(member as z.ZodType, at === '' ? name : `${at}.${name}`),
  );
};

const SCHEMAS: ReadonlyMap<string, z.ZodType> = new Map(schemaOptions());

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Smallest and largest number, or number of characters; 0 and infinity without a bound. */
export const boundsOf = (path: string): Bounds => {
  const schema = SCHEMAS.get(path);
  if (schema instanceof z.ZodNumber) {
    return { min: schema.minValue ?? 0, max: schema.maxValue ?? Number.POSITIVE_INFINITY };
  }
  if (schema instanceof z.ZodString) {
    return { min: schema.minLength ?? 0, max: schema.maxLength ?? Number.POSITIVE_INFINITY };
  }
  return { min: 0, max: Number.POSITIVE_INFINITY };
};

export const choicesOf = (path: string): readonly string[] => {
  const schema = SCHEMAS.get(path);
  return schema instanceof z.ZodEnum ? schema.options.map(String) : [];
};
