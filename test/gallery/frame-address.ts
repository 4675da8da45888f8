import type { ScreenGroup } from './screen-groups.ts';

/** Address at which the gallery shows a single screen. */
export const frameAddress = (
  group: ScreenGroup,
  name: string,
  choice: { readonly language?: string; readonly direction?: string; readonly scheme?: string } = {},
): string => {
  const page = group === 'capture' || group === 'portal' ? 'frame.html' : 'made-by-the-service';
  return `/${page}?${new URLSearchParams({ group, name, ...choice })}`;
};
