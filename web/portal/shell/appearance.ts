import { applyMode, Mode } from '@cloudscape-design/global-styles';
import { useEffect, useState } from 'react';

export type Appearance = 'light' | 'dark' | 'system';

const KEY = 'verified-portal-appearance';
const DARK = '(prefers-color-scheme: dark)';

const stored = (): Appearance => {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
};

const apply = (appearance: Appearance): void => {
  const isDark = appearance === 'dark' || (appearance === 'system' && matchMedia(DARK).matches);
  applyMode(isDark ? Mode.Dark : Mode.Light);
  document.documentElement.style.colorScheme = isDark ? 'dark' : 'light';
};

/** Before the first paint, so that nothing flashes. */
export const applyStoredAppearance = (): void => apply(stored());

/** The chosen appearance, kept in this browser; `system` follows the device as it changes. */
export const useAppearance = () => {
  const [appearance, setAppearance] = useState(stored);
  useEffect(() => {
    apply(appearance);
    localStorage.setItem(KEY, appearance);
    if (appearance !== 'system') return;
    const query = matchMedia(DARK);
    const follow = (): void => apply('system');
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, [appearance]);
  return { appearance, setAppearance };
};
