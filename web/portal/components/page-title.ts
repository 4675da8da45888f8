import { useEffect } from 'react';
import { en } from '../text/en.ts';

/** Title of the page for the browser's tab and history. */
export const usePageTitle = (title: string): void => {
  useEffect(() => {
    document.title = `${title} · ${en.product}`;
  }, [title]);
};
