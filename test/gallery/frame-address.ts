import type { ScreenGroup } from './screen-groups.ts';

/** Where the gallery shows one screen by itself. */
export const frameAddress = (
  group: ScreenGroup,
  name: string,
  choice: { readonly language?: string; readonly direction?: string; readonly scheme?: string } = {},
): string => {
  const page = group === 'capture' || group === 'portal' ? 'frame.html' : 'made-by-the-service';
  return `/${page}?${new URLSearchParams({ group, name, ...choice })}`;
};
