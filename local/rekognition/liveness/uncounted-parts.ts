import { StartError } from '../../aws-wire/listen.ts';

/** Parts of the liveness score that a server may be configured to measure but not count. */
export const OPTIONAL_PARTS = ['depth', 'motion', 'fresh', 'colorTiming', 'faceLight'] as const;
export type OptionalPart = (typeof OPTIONAL_PARTS)[number];

/**
 * Reads parts separated by commas, e.g. `depth,fresh`; an empty text names none.
 * @throws StartError for an unknown name
 */
export const readUncountedParts = (text: string): OptionalPart[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => {
      const part = OPTIONAL_PARTS.find((each) => each === name);
      if (part === undefined)
        throw new StartError(
          `"${name}" is not a part of the liveness check. Choose from ${OPTIONAL_PARTS.join(', ')}.`,
        );
      return part;
    });

/** One sentence on what counts, for the person who starts a server. */
export const describeCounting = (uncounted: readonly OptionalPart[]): string =>
  uncounted.length === 0
    ? 'every part of the liveness check counts'
    : `NOT counted in the liveness check: ${uncounted.join(', ')}; what they would refuse passes`;
