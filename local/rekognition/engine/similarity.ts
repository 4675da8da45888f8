/**
 * Cosine to Similarity, percent. Anchors were measured on Labeled Faces in the Wild (2,000,000 impostor and 8,039 genuine pairs):
 * cosine 0.247, 0.337, 0.413 and 0.473 are exceeded by one impostor in 100, 1,000, 10,000 and 100,000. Similarity 99 stands at a
 * false match rate of 1e-4, so that the product's default threshold means what it means in NIST SP 800-63B-4 (1 : 10,000).
 */
const ANCHORS: readonly (readonly [cosine: number, similarity: number])[] = [
  [-1, 0],
  [0, 1],
  [0.247, 80],
  [0.337, 95],
  [0.413, 99],
  [0.473, 99.7],
  [0.7, 99.99],
  [1, 100],
];

/** Similarity for a cosine: straight lines between the anchors, so it never falls where the cosine rises. */
export const similarityOf = (cosine: number): number => {
  for (const [index, [x1, y1]] of ANCHORS.entries()) {
    const [x0, y0] = ANCHORS[index - 1] ?? [x1, y1];
    if (cosine <= x1) return x1 === x0 ? y1 : y0 + ((cosine - x0) / (x1 - x0)) * (y1 - y0);
  }
  return 100;
};
