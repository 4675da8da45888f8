import { useState } from 'react';
import * as z from 'zod';
import type { CallError, FieldConflict } from '../../api/client.ts';
import { useKeptDraft, useRestoredDraft } from '../../session/draft.ts';
import { fieldOf, OptionValues, pathOfPointer } from './option-values.ts';

/** Values of the form, and the values that the operator last saw, which the service compares with. */
const Draft = z.strictObject({ seen: OptionValues, values: OptionValues });
type Draft = z.infer<typeof Draft>;

/** Fields that belong together: a consent version names its text. */
const UNITS: readonly (readonly string[])[] = [['consent.text', 'consent.version']];
const unitOf = (path: string): readonly string[] => UNITS.find((paths) => paths.includes(path)) ?? [path];

/**
 * The form after reloading: untouched fields get the new values; changed fields stay as typed, and so do the values that the operator
 * saw there before.
 */
export const rebased = ({ seen, values }: Draft, loaded: OptionValues): Draft => {
  const isTouched = (path: string): boolean => values[path] !== seen[path] && values[path] !== loaded[path];
  const isOwn = (path: string): boolean => unitOf(path).some(isTouched);
  const paths = Object.keys(loaded);
  return {
    seen: Object.fromEntries(paths.map((path) => [path, (isOwn(path) ? seen[path] : loaded[path]) ?? ''])),
    values: Object.fromEntries(paths.map((path) => [path, (isOwn(path) ? values[path] : loaded[path]) ?? ''])),
  };
};

/** The form after a decision on a conflicting field: the operator has now seen the other value. */
export const decided = ({ seen, values }: Draft, loaded: OptionValues, path: string, isMine: boolean): Draft => {
  const theirs = Object.fromEntries(unitOf(path).map((each) => [each, loaded[each] ?? '']));
  // A generated version is not kept.
  const kept = Object.entries(theirs).filter(([each]) => !isMine || (each !== path && values[each] === seen[each]));
  return { seen: { ...seen, ...theirs }, values: { ...values, ...Object.fromEntries(kept) } };
};

/**
 * The fields of a form that several operators may have open: typed values survive a reload, and the service compares a save with
 * what the operator saw.
 * @param loaded the values from the service
 * @param paths fields of the form
 * @param failure of the last save; its conflicts remain until each is decided
 */
export const useOptionValues = (loaded: OptionValues, paths: readonly string[], failure: CallError | null) => {
  const restored = Draft.safeParse(useRestoredDraft());
  const [from, setFrom] = useState(loaded);
  const [draft, setDraft] = useState<Draft>(() =>
    rebased(restored.success ? restored.data : { seen: loaded, values: loaded }, loaded),
  );
  if (from !== loaded) {
    setFrom(loaded);
    setDraft(rebased(draft, loaded));
  }
  const [done, setDone] = useState<{ failure: CallError | null; paths: readonly string[] }>({
    failure: null,
    paths: [],
  });
  const decidedPaths = done.failure === failure ? done.paths : [];
  const conflicts = new Map<string, FieldConflict>(
    (failure?.conflicts ?? [])
      .map((conflict) => [pathOfPointer(conflict.pointer), conflict] as const)
      .filter(([path]) => !decidedPaths.includes(path)),
  );
  const decide = (path: string, isMine: boolean): void => {
    const theirs = { ...loaded, [path]: fieldOf(path, conflicts.get(path)?.theirs) };
    setDraft(decided(draft, theirs, path, isMine));
    setDone({ failure, paths: [...decidedPaths, path] });
  };
  const isChanged = paths.some((path) => draft.values[path] !== draft.seen[path]);
  useKeptDraft(isChanged ? draft : null);
  return {
    ...draft,
    isChanged,
    conflicts,
    decide,
    setValue: (path: string, value: string | boolean) =>
      setDraft({ ...draft, values: { ...draft.values, [path]: value } }),
    undo: () => setDraft({ seen: loaded, values: loaded }),
  };
};
