import { isDeepStrictEqual } from 'node:util';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { type FieldConflict, Problem } from './problem.ts';

/** Who changed a field last. */
export interface FieldEdit {
  /** E-mail or id of the operator; null if there is none. */
  readonly by: string | null;
  readonly at: EpochSeconds;
}

/**
 * What an editable row stores about its edits. Each write of a form increments `version`, and succeeds only if it is still the version
 * that was read, so that no edit is lost between reading and writing.
 */
export interface Edits {
  /** 0: not edited since edits have been counted. */
  readonly version: number;
  /** Keyed by the field's path, its members joined by dots. */
  readonly fields: Readonly<Record<string, FieldEdit>>;
}

export const NO_EDITS: Edits = { version: 0, fields: {} };

export type Members = Readonly<Record<string, unknown>>;

/** An edit as a form sends it. */
export interface Edit {
  /** The fields that change. Groups hold only those of their members that do. A list is one field. */
  readonly change: Members;
  /**
   * The values of those fields when the form was loaded. A field that is missing here is written regardless of its current value: a
   * switch, or a script.
   */
  readonly base: Members;
  /** Where the fields are in the request, as a JSON pointer; `#` for its root. */
  readonly pointer: `#${string}`;
}

/** Fields that have one meaning together, such as a text and its name. A conflict is reported for the first that differs. */
export type Unit = readonly [string, ...string[]];

const isGroup = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const leavesOf = (members: Members, at: readonly string[] = []): readonly (readonly [readonly string[], unknown])[] =>
  Object.entries(members).flatMap(([name, value]) =>
    isGroup(value) ? leavesOf(value, [...at, name]) : [[[...at, name], value] as const],
  );

const read = (members: Members, path: readonly string[]): unknown =>
  path.reduce<unknown>((node, name) => (isGroup(node) && Object.hasOwn(node, name) ? node[name] : undefined), members);

/** `members` with `change` applied, group by group. */
const merge = (members: Members, change: Members): Members =>
  Object.fromEntries(
    [...new Set([...Object.keys(members), ...Object.keys(change)])].map((name) => {
      const [before, after] = [members[name], change[name]];
      if (!Object.hasOwn(change, name)) return [name, before];
      return [name, isGroup(before) && isGroup(after) ? merge(before, after) : after];
    }),
  );

/** What the author of the edit changed: a field that is sent as it was loaded is not a change. */
const changedFields = (change: Members, base: unknown): Members =>
  Object.fromEntries(
    Object.entries(change).flatMap(([name, value]) => {
      const seen = isGroup(base) && Object.hasOwn(base, name) ? base[name] : undefined;
      if (isGroup(value)) return [[name, changedFields(value, seen)]];
      return seen !== undefined && isDeepStrictEqual(value, seen) ? [] : [[name, value]];
    }),
  );

/** Whether the field has changed since the form was loaded, as far as the form says what it was loaded with. */
const hasChanged = (current: Members, base: Members, path: readonly string[]): boolean => {
  const seen = read(base, path);
  return seen !== undefined && !isDeepStrictEqual(seen, read(current, path));
};

const conflictsOf = (
  current: Members,
  { fields }: Edits,
  { change, base, pointer }: Edit,
  units: readonly Unit[],
): readonly FieldConflict[] => {
  const isReported = new Set<Unit>();
  const placeInUnit = (path: readonly string[]): number =>
    Math.max(0, ...units.map((unit) => unit.indexOf(path.join('.'))));
  const leaves = [...leavesOf(change)].sort(([one], [other]) => placeInUnit(one) - placeInUnit(other));
  return leaves.flatMap(([path, yours]) => {
    const theirs = read(current, path);
    if (isDeepStrictEqual(yours, theirs)) return [];
    const unit = units.find((fields) => fields.includes(path.join('.')));
    const isChanged = [path, ...(unit ?? []).map((field) => field.split('.'))].some((each) =>
      hasChanged(current, base, each),
    );
    if (!isChanged || (unit !== undefined && isReported.has(unit))) return [];
    if (unit !== undefined) isReported.add(unit);
    const { by, at } = fields[path.join('.')] ?? { by: null, at: null };
    return [{ pointer: [pointer, ...path].join('/'), yours, theirs, by, at }];
  });
};

/**
 * Merges an edit with the current row (three-way merge): what others changed in other fields stays, and two operators who changed one
 * field to different values do not overwrite each other.
 * @param current the fields of the row, as read for this write
 * @returns all fields, as they should be
 * @throws Problem `changed-meanwhile`, naming each field with both values, who wrote the other value, and when
 */
export const mergeEdit = (current: Members, edits: Edits, edit: Edit, units: readonly Unit[] = []): Members => {
  const change = changedFields(edit.change, edit.base);
  const conflicts = conflictsOf(current, edits, { ...edit, change }, units);
  if (conflicts.length > 0) throw new Problem('changed-meanwhile', 'edited by two', { conflicts });
  return merge(current, change);
};

/** What the row stores about its edits once `after` replaces `before`; null if nothing changes. */
export const editsAfter = (edits: Edits, before: Members, after: Members, edit: FieldEdit): Edits | null => {
  const changed = leavesOf(after).filter(([path, value]) => !isDeepStrictEqual(value, read(before, path)));
  if (changed.length === 0) return null;
  const fields = Object.fromEntries(changed.map(([path]) => [path.join('.'), edit]));
  return { version: edits.version + 1, fields: { ...edits.fields, ...fields } };
};

/** Reads and tries again if another edit was faster: it may have been to another field. */
const MAX_TRIES = 5;

/**
 * Runs an edit until its write succeeds.
 * @param tryOnce reads, merges and writes; false if another edit was faster
 * @throws Problem `changed-meanwhile` if other edits keep being faster
 */
export const untilWritten = async (tryOnce: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) if (await tryOnce()) return;
  throw new Problem('changed-meanwhile', 'other edits were faster again and again');
};
