import * as z from 'zod';
import { IntegrationOptionsSchema } from '../../../../contract/api/portal/integration-options.ts';
import type { MemberError } from '../../api/client.ts';
import { durationText, optionErrors, units } from '../../text/en/options.ts';
import { boundsOf, OPTION_TABLE, type OptionEntry } from './option-table.ts';

/** Values of the form's fields, by path: text as typed, or a flag. */
export type OptionValues = Readonly<Record<string, string | boolean>>;
/** A validated draft of an earlier visit. */
export const OptionValues = z.record(z.string(), z.union([z.string(), z.boolean()]));

type Tree = { [member: string]: unknown };

const read = (tree: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((node, member) => (node as Tree | null | undefined)?.[member], tree);

const write = (tree: Tree, path: string, value: unknown): void => {
  const members = path.split('.');
  const last = members.pop() ?? '';
  let node = tree;
  for (const member of members) {
    node[member] ??= {};
    node = node[member] as Tree;
  }
  node[last] = value;
};

const toField = ({ control, path }: OptionEntry, options: unknown): string | boolean => {
  const value = read(options, path);
  if (control === 'flag') return value === true;
  if (Array.isArray(value)) return value.join('\n');
  if (value === null || value === undefined) return '';
  return String(control === 'minutes' ? Number(value) / 60 : value);
};

const fromField = ({ control }: OptionEntry, field: string | boolean): unknown => {
  if (typeof field === 'boolean') return field;
  const text = control === 'long-text' ? field : field.trim();
  switch (control) {
    case 'number':
      return text === '' ? Number.NaN : Number(text);
    case 'minutes':
      return text === '' ? Number.NaN : Math.round(Number(text) * 60);
    case 'lines':
      return text.split(/[\s,]+/).filter((line) => line !== '');
    case 'url':
    case 'color':
      return text === '' ? null : text;
    default:
      return text;
  }
};

export const valuesOf = (options: unknown): OptionValues =>
  Object.fromEntries(OPTION_TABLE.map((entry) => [entry.path, toField(entry, options)]));

/** Every option that has a default in the contract's schema, with that default. */
export const defaultOptions = (): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(IntegrationOptionsSchema.shape).flatMap(([name, schema]) => {
      const { success, data } = schema.safeParse(undefined);
      return success ? [[name, data]] : [];
    }),
  );

/** The options from the fields; not validated. */
export const optionsOf = (values: OptionValues): Readonly<Record<string, unknown>> => {
  const options: Tree = {};
  for (const entry of OPTION_TABLE) write(options, entry.path, fromField(entry, values[entry.path] ?? ''));
  return options;
};

/** A value of the service as the form shows it, for a conflict. */
export const fieldOf = (path: string, value: unknown): string | boolean => {
  const entry = OPTION_TABLE.find((each) => each.path === path);
  const tree: Tree = {};
  write(tree, path, value);
  return entry === undefined ? String(value) : toField(entry, tree);
};

const treeOf = (entries: readonly OptionEntry[], values: OptionValues): Readonly<Record<string, unknown>> => {
  const tree: Tree = {};
  for (const entry of entries) write(tree, entry.path, fromField(entry, values[entry.path] ?? ''));
  return tree;
};

const changedEntries = (before: OptionValues, after: OptionValues) =>
  OPTION_TABLE.filter(({ path }) => before[path] !== after[path]);

/** Only the changed fields, as the service expects them. */
export const changedOptions = (before: OptionValues, after: OptionValues): Readonly<Record<string, unknown>> =>
  treeOf(changedEntries(before, after), after);

/** Previous values of the changed fields. A consent text is identified by its version, and too long to send twice. */
export const baseOfChange = (before: OptionValues, after: OptionValues): Readonly<Record<string, unknown>> =>
  treeOf(
    changedEntries(before, after).filter(({ path }) => path !== 'consent.text'),
    before,
  );

/** A changed consent text is a new version: it gets the day as its name, unless the operator entered one. */
export const withConsentVersion = (before: OptionValues, after: OptionValues, today: string): OptionValues => {
  const isChanged = before['consent.text'] !== after['consent.text'];
  if (!isChanged || before['consent.version'] !== after['consent.version']) return after;
  const version = String(before['consent.version']);
  const [, count] = /^\d{4}-\d{2}-\d{2}\.(\d+)$/.exec(version) ?? [];
  const isToday = version === today || version.startsWith(`${today}.`);
  return { ...after, 'consent.version': isToday ? `${today}.${Number(count ?? 1) + 1}` : today };
};

const errorText = ({ path, control, unit }: OptionEntry): string => {
  const { min, max } = boundsOf(path);
  switch (control) {
    case 'number':
      return optionErrors.number(min, max, units[unit ?? 'attempts']);
    case 'minutes':
      return optionErrors.minutes(durationText(min), durationText(max));
    case 'text':
      return optionErrors.text(min, max);
    case 'long-text':
      return optionErrors.longText(min, max);
    case 'lines':
    case 'url':
    case 'color':
      return optionErrors[control];
    default:
      return optionErrors.other;
  }
};

export type OptionErrors = Readonly<Record<string, string>>;

const errorsAt = (paths: readonly string[]): OptionErrors =>
  Object.fromEntries(
    OPTION_TABLE.filter(({ path }) => paths.some((wrong) => wrong === path || wrong.startsWith(`${path}.`))).map(
      (entry) => [entry.path, errorText(entry)],
    ),
  );

/** Errors of the fields, by path; the service checks again. @param held fields of the form; by default all */
export const checkValues = (values: OptionValues, held?: readonly string[]): OptionErrors => {
  const checked = IntegrationOptionsSchema.safeParse(optionsOf(values));
  const wrong = checked.success ? {} : errorsAt(checked.error.issues.map(({ path }) => path.join('.')));
  return Object.fromEntries(Object.entries(wrong).filter(([path]) => held?.includes(path) ?? true));
};

/** The field of a JSON pointer from the service, e.g. `#/options/domains/0`. */
export const pathOfPointer = (pointer: string): string =>
  pointer
    .replace(/^#\/((options|defaults)\/)?/, '')
    .replaceAll('/', '.')
    // An account's defaults have it without the rest of the consent.
    .replace(/^retentionDays$/, 'consent.retentionDays');

/** Fields that the service rejects. A version within its bounds is rejected only if it is the name of another text. */
export const errorsFrom = (errors: readonly MemberError[]): OptionErrors => {
  const paths = errors.map(({ pointer }) => pathOfPointer(pointer));
  const isTaken = paths.includes('consent.version');
  return { ...errorsAt(paths), ...(isTaken ? { 'consent.version': optionErrors.usedVersion } : {}) };
};
