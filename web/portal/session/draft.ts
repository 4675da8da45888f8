import { useEffect, useState } from 'react';
import { useLocation } from 'react-router';

/**
 * What stands in a form while the person signs in again. It travels with the sign-in and comes back once, to the same page.
 * No form gives a secret to it.
 */
let current: unknown = null;
let restored: { readonly path: string; readonly draft: unknown } | null = null;

/** What stood in the form when the session ended and the page went away. */
let frozen: unknown = null;

export const freezeDraft = (): void => {
  frozen = current;
};

export const currentDraft = (): unknown => current ?? frozen;

export const keepRestored = (path: string, draft: unknown): void => {
  restored = draft === null || draft === undefined ? null : { path, draft };
};

const takeRestored = (path: string): unknown => {
  if (restored === null || restored.path !== path) return null;
  const { draft } = restored;
  restored = null;
  return draft;
};

/** What the person had typed on this page before they had to sign in again; null otherwise. Checked by the form itself. */
export const useRestoredDraft = (): unknown => {
  const { pathname, search, hash } = useLocation();
  const [draft] = useState(() => takeRestored(`${pathname}${search}${hash}`));
  return draft;
};

/** Keeps what stands in a form for the case that the person has to sign in again; null: nothing to keep. */
export const useKeptDraft = (draft: unknown): void => {
  useEffect(() => {
    current = draft;
    return () => {
      current = null;
    };
  }, [draft]);
};
