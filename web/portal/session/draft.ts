import { useCallback, useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import type { z } from 'zod';

/**
 * Values of forms, and which dialog is open, while the operator signs in again. They travel with the sign-in and come back
 * once, to the same page, each part by its name. No form keeps a secret here.
 */
const current = new Map<string, unknown>();
/** The values when the session ended and the page was left. */
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

/** What was typed on this page before a new sign-in; null otherwise. The form itself validates it. */
export const useRestoredDraft = (name = FORM): unknown => {
  const { pathname, search, hash } = useLocation();
  const [draft] = useState(() => takeRestored(`${pathname}${search}${hash}`, name));
  return draft;
};

/** Keeps the values of a form in case the operator has to sign in again; null: nothing to keep. */
export const useKeptDraft = (draft: unknown, name = FORM): void => {
  useEffect(() => {
    if (draft === null || draft === undefined) return;
    current.set(name, draft);
    return () => void current.delete(name);
  }, [draft, name]);
};

/**
 * Like `useState`, for state that has to survive a new sign-in: which dialog is open, what is typed into it.
 * @param name unique on the page
 * @param schema validates what comes back
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
