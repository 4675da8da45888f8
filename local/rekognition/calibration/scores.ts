/** The face in one photo: whose it is, and its vector of length 1. */
export interface KnownFace {
  readonly person: string;
  readonly embedding: Float32Array;
}

/** Cosines of all pairs, highest first. */
export interface PairScores {
  /** Two photos of one person. */
  readonly genuine: Float32Array;
  /** Photos of two people. */
  readonly impostor: Float32Array;
}

/** The effect of a threshold. Rates from 0 to 1. */
export interface Operation {
  /** A pair counts as a match if its cosine is higher. */
  readonly cosine: number;
  readonly falseMatches: number;
  readonly falseMatchRate: number;
  /** The true rate is below this with 95 % confidence, if pairs are independent. */
  readonly falseMatchBound: number;
  readonly trueMatchRate: number;
}

const dot = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
};

const descending = (values: number[]): Float32Array => Float32Array.from(values).sort().reverse();

/** Compares every photo with every other one. */
export const scorePairs = (faces: readonly KnownFace[]): PairScores => {
  const [genuine, impostor]: [number[], number[]] = [[], []];
  for (const [index, a] of faces.entries()) {
    for (const b of faces.slice(0, index))
      (a.person === b.person ? genuine : impostor).push(dot(a.embedding, b.embedding));
  }
  return { genuine: descending(genuine), impostor: descending(impostor) };
};

const cumulativePoisson = (count: number, mean: number): number => {
  let [term, sum] = [Math.exp(-mean), Math.exp(-mean)];
  for (let k = 1; k <= count; k += 1) {
    term *= mean / k;
    sum += term;
  }
  return sum;
};

/** Beyond this many events the normal approximation is used, since `exp` would underflow. */
const MANY = 400;

/**
 * Upper end of the one-sided 95 % interval of a rate after `count` events in `tries` (Poisson). Without an event it is 3 / tries.
 * 1 if nothing was tried.
 */
export const rateBound = (count: number, tries: number): number => {
  if (tries === 0) return 1;
  if (count > MANY) return Math.min(1, (count + 1.645 * Math.sqrt(count) + 1.4) / tries);
  let [low, high] = [count, count + 5 * Math.sqrt(count + 1) + 5];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (cumulativePoisson(count, middle) > 0.05) low = middle;
    else high = middle;
  }
  return Math.min(1, high / tries);
};

const countAbove = (sorted: Float32Array, cosine: number): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) > cosine) low = middle + 1;
    else high = middle;
  }
  return low;
};

const rate = (count: number, of: number): number => (of === 0 ? 0 : count / of);

/** The effect of one threshold on the pairs. */
export const operate = ({ genuine, impostor }: PairScores, cosine: number): Operation => {
  const falseMatches = countAbove(impostor, cosine);
  return {
    cosine,
    falseMatches,
    falseMatchRate: rate(falseMatches, impostor.length),
    falseMatchBound: rateBound(falseMatches, impostor.length),
    trueMatchRate: rate(countAbove(genuine, cosine), genuine.length),
  };
};

/**
 * The lowest threshold whose false match rate is at most `limit`: the rate itself or, if `isBound`, its upper bound. Null if
 * there are too few pairs to tell.
 */
export const thresholdFor = (scores: PairScores, limit: number, isBound: boolean): Operation | null => {
  const { impostor } = scores;
  let allowed = Math.floor(limit * impostor.length);
  while (allowed >= 0 && isBound && rateBound(allowed, impostor.length) > limit) allowed -= 1;
  const first = impostor[Math.max(0, allowed)];
  return allowed < (isBound ? 0 : 1) || first === undefined ? null : operate(scores, first);
};

/** The rate at which as many genuine pairs are refused as impostors pass; 0 to 1. */
export const equalErrorRate = (scores: PairScores): number => {
  let [low, high] = [-1, 1];
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    const { falseMatchRate, trueMatchRate } = operate(scores, middle);
    if (falseMatchRate > 1 - trueMatchRate) low = middle;
    else high = middle;
  }
  const { falseMatchRate, trueMatchRate } = operate(scores, high);
  return (falseMatchRate + 1 - trueMatchRate) / 2;
};

/** Similarity assigned to each bound of the false match rate. */
const SIMILARITY_OF_RATE: readonly (readonly [rate: number, similarity: number])[] = [
  [0.1, 50],
  [1e-2, 80],
  [1e-3, 95],
  [1e-4, 99],
];

/**
 * The table that converts a cosine to Similarity, rising.
 * @throws Error if there are too few pairs to place Similarity 99
 */
export const anchorsOf = (scores: PairScores): [cosine: number, similarity: number][] => {
  const middle = SIMILARITY_OF_RATE.map(([limit, similarity]): [number, number] => {
    const operation = thresholdFor(scores, limit, true);
    if (operation === null)
      throw new Error(`Too few pairs of different people to place a false match rate of ${limit}`);
    // Rounded up: rounding down would let one more pair pass.
    return [Math.ceil(operation.cosine * 1000) / 1000, similarity];
  });
  return [[-1, 0], ...middle, [1, 100]];
};
