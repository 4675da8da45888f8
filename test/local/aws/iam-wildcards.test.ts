import { expect, test } from 'vitest';
import { fitsArn, fitsWildcard } from '../../../local/aws-wire/iam/wildcard.ts';

const OBJECT = 'arn:aws:s3:::faces/faces/a';
const KEY = 'arn:aws:kms:us-east-1:000000000000:key/a';

test.each<[string, string, boolean]>([
  ['*', OBJECT, true],
  ['arn:aws:s3:::faces/*', OBJECT, true],
  ['arn:*:s3:::*', OBJECT, true],
  ['arn:aws:s3:::faces/face?/a', OBJECT, true],
  ['arn:aws:s3:::faces', OBJECT, false],
  ['arn:aws:s3:::other/*', OBJECT, false],
  ['arn:aws:kms:*:key/a', KEY, false],
  ['arn:aws:kms:us-east-1:000000000000:*', KEY, true],
  // The beginning of an ARN, whose missing parts are not the empty ones of another.
  ['arn:aws:s3', OBJECT, false],
  ['arn:aws:s3:', OBJECT, false],
  ['arn:aws:s3::', OBJECT, false],
  ['arn:aws:s3:::', OBJECT, false],
  ['arn:*', OBJECT, false],
  ['arn:aws:s3:::*', '*', false],
])('the pattern %s and %s', (pattern, arn, fits) => {
  expect(fitsArn(pattern, arn)).toBe(fits);
});

test.each(['a.c', 'a+', '(a)', '[a]', 'a|b', '^a$', 'a\\b', '{1}'])('%s stands for itself', (text) => {
  expect(fitsWildcard(text, text)).toBe(true);
  expect(fitsWildcard(text, 'abc')).toBe(false);
});

test('wildcards fit line breaks, and nothing beyond the ends', () => {
  expect(fitsWildcard('a*c', 'a\n\nc')).toBe(true);
  expect(fitsWildcard('a?c', 'a\nc')).toBe(true);
  expect(fitsWildcard('abc', 'abc\n')).toBe(false);
  expect(fitsWildcard('a?c', 'ac')).toBe(false);
});
