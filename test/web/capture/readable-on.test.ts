import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contrast, readableOn } from '../../../web/capture/readable-on.ts';

test('the text on a button of any color reaches the contrast of WCAG 2.2 AA', () => {
  const color = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
  fc.assert(fc.property(color, (brand) => contrast(brand, readableOn(brand)) >= 4.5));
});

test('contrast matches the WCAG examples', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});
