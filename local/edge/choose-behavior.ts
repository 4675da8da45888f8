import type { EdgeBehavior, EdgeRules } from './edge-rules.ts';

const UNRESERVED = /^[A-Za-z0-9\-._~]$/;

/** RFC 3986 section 6.2.2: escapes of unreserved characters are decoded and dot segments removed; repeated slashes count as one. */
const normalized = (path: string): string => {
  const decoded = path.replace(/%([0-9a-f]{2})/gi, (escaped, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return UNRESERVED.test(character) ? character : escaped;
  });
  const kept: string[] = [];
  for (const segment of decoded.split(/\/+/).slice(1)) {
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
  }
  return `/${kept.join('/')}`;
};

const fits = (pattern: string, path: string): boolean => {
  const source = pattern
    .split('*')
    .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`).test(path);
};

/**
 * The behavior that CloudFront chooses: by the path in its normal form, while the origin gets the path as received.
 * Source: CloudFront developer guide, cache behavior settings, "Path pattern".
 */
export const chooseBehavior = ({ behaviors, otherwise }: EdgeRules, path: string): EdgeBehavior => {
  const plain = normalized(path);
  return behaviors.find(({ pattern }) => fits(pattern, plain)) ?? otherwise;
};
