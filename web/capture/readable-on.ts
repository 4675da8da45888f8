/** Relative luminance of an sRGB color (WCAG 2.2, definition of relative luminance). */
const luminance = (color: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** WCAG contrast ratio of two colors `#rrggbb`, 1 to 21. */
export const contrast = (one: string, other: string): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

/** Black or white, whichever is more readable on `color` (`#rrggbb`); one of them always reaches 4.5:1 (WCAG 2.2, 1.4.3). */
export const readableOn = (color: string): '#000000' | '#ffffff' =>
  contrast(color, '#000000') > contrast(color, '#ffffff') ? '#000000' : '#ffffff';
