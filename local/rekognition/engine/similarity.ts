import anchors from './similarity-anchors.json' with { type: 'json' };

/**
 * Cosine to Similarity, percent: the points that `npm run calibrate` measured, in rising order. Similarity 80, 95 and 99 are the points
 * at which the false match rate is, with 95 % confidence, at most 1e-2, 1e-3 and 1e-4, so that the product's default threshold has the
 * meaning that NIST SP 800-63B-4 requires (1 : 10,000). Above 99 the numbers rise but promise nothing more.
 */
const ANCHORS = anchors as readonly (readonly number[])[];

/** Similarity for a cosine: straight lines between the anchors, so it never falls where the cosine rises. */
export const similarityOf = (cosine: number): number => {
  let [x0, y0] = [-1, 0];
  for (const [x1 = 1, y1 = 100] of ANCHORS) {
    if (cosine <= x1) return x1 === x0 ? y1 : y0 + ((cosine - x0) / (x1 - x0)) * (y1 - y0);
    [x0, y0] = [x1, y1];
  }
  return 100;
};
