import { useEffect } from 'react';
import { en } from '../text/en.ts';

/** The browser's tab and history name the page. */
export const usePageTitle = (title: string): void => {
  useEffect(() => {
    document.title = `${title} · ${en.product}`;
  }, [title]);
};
