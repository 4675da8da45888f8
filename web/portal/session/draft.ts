import { useCallback, useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import type { z } from 'zod';

/**
 * What stands in forms, and which dialog is open, while the person signs in again. It travels with the sign-in and comes back
 * once, to the same page, each part to whoever kept it by that name. No form gives a secret to it.
 */
const current = new Map<string, unknown>();
/** What stood there when the session ended and the page went away. */
let frozen: Drafts | null = null;
let restored: { readonly path: string; readonly drafts: Map<string, unknown> } | null = null;

export type Drafts = Readonly<Record<string, unknown>>;

const FORM = 'form';

export const freezeDrafts = (): void => {
  frozen = Object.fromEntries(current);
};

export const currentDrafts = (): Drafts => (current.size > 0 ? Object.fromEntries(current) : (frozen ?? {}));

export const keepRestored = (path: string, drafts: Drafts): void => {
  restored = { path, drafts: new Map(Object.entries(drafts)) };
};

const takeRestored = (path: string, name: string): unknown => {
  if (restored === null || restored.path !== path) return null;
  const draft = restored.drafts.get(name) ?? null;
  restored.drafts.delete(name);
  return draft;
};

/** What the person had typed on this page before they had to sign in again; null otherwise. Checked by the form itself. */
export const useRestoredDraft = (name = FORM): unknown => {
  const { pathname, search, hash } = useLocation();
  const [draft] = useState(() => takeRestored(`${pathname}${search}${hash}`, name));
  return draft;
};

/** Keeps what stands in a form for the case that the person has to sign in again; null: nothing to keep. */
export const useKeptDraft = (draft: unknown, name = FORM): void => {
  useEffect(() => {
    if (draft === null || draft === undefined) return;
    current.set(name, draft);
    return () => void current.delete(name);
  }, [draft, name]);
};

/**
 * As `useState`, for what has to be there again after a sign-in: which dialog is open, what is typed into it.
 * @param name of its own on the page
 * @param schema what came back is checked by it
 */
export const useKept = <Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  start: z.infer<Schema>,
): readonly [z.infer<Schema>, (value: z.infer<Schema>) => void] => {
  const back = useRestoredDraft(name);
  const [value, setValue] = useState<z.infer<Schema>>(() => {
    const draft = schema.safeParse(back);
    return back !== null && draft.success ? draft.data : start;
  });
  useKeptDraft(value === start ? null : value, name);
  return [value, useCallback((next: z.infer<Schema>) => setValue(() => next), [])];
};
