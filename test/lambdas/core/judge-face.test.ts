import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeFace, judgeLiveness, reaches, scoreBand } from '../../../lambdas/core/face-check/judge-face.ts';
import type { FaceEngine, LivenessResult } from '../../../lambdas/core/model/face-engine.ts';
import type { Integration } from '../../../lambdas/core/model/integration.ts';
import type { Session } from '../../../lambdas/core/model/session.ts';

const IMAGE = Buffer.from('image');
const integration = { livenessThreshold: 90, similarityThreshold: 99 } as Integration;
const session = { challenge: 'FaceMovementAndLightChallenge' } as Session;
const good: LivenessResult = {
  livenessId: 'ours',
  status: 'SUCCEEDED',
  confidence: 95,
  challenge: 'FaceMovementAndLightChallenge',
  image: IMAGE,
  hints: [],
};
const live = (change: object | null) =>
  judgeLiveness(change === null ? null : ({ ...good, ...change } as LivenessResult), {
    livenessId: 'ours',
    session,
    integration,
  }).kind;

/** Not numbers within the range, whatever they look like. */
const NO_SCORES: readonly unknown[] = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -1,
  100.000001,
  9900,
  0.99,
  '99.9',
  '100',
  null,
  undefined,
  [99.9],
  { valueOf: () => 99.9 },
  true,
  99n,
];

describe('liveness', () => {
  test('T41 passes at the threshold and above, and fails below it by any amount', () => {
    expect(live({ confidence: 90 })).toBe('live');
    expect(live({ confidence: 100 })).toBe('live');
    expect(live({ confidence: 90 - 1e-9 })).toBe('failed');
    expect(live({ confidence: 0 })).toBe('failed');
  });
  test.each(NO_SCORES.map((score) => [score]))('T41 a confidence of %s is no confidence', (confidence) => {
    expect(live({ confidence })).toBe('failed');
  });
  test('T36 the result of any other liveness session is not judged at all', () => {
    for (const livenessId of ['theirs', '', 'OURS', 'ours ', undefined])
      expect(live({ livenessId })).toBe('inconclusive');
  });
  test.each(['CREATED', 'IN_PROGRESS', 'FAILED', 'EXPIRED', 'succeeded', 'SUCCESS', '', undefined])(
    'T50 status %s is no success',
    (status) => {
      expect(live({ status })).toBe('inconclusive');
    },
  );
  test('T38 a challenge other than the requested one is not live', () => {
    expect(live({ challenge: 'FaceMovementChallenge' })).toBe('failed');
    expect(live({ challenge: null })).toBe('failed');
  });
  test('T52 an unknown session is expired; a live person without a picture may try again', () => {
    expect(live(null)).toBe('inconclusive');
    expect(live({ image: null })).toBe('inconclusive');
  });
});

/** Throws on every call that a test does not expect. */
const engine = (scripted: Partial<FaceEngine>): FaceEngine => ({
  engine: 'scripted',
  createLiveness: () => Promise.reject(new Error('unexpected')),
  readLiveness: () => Promise.reject(new Error('unexpected')),
  countFaces: () => Promise.reject(new Error('unexpected')),
  compare: () => Promise.reject(new Error('unexpected')),
  ...scripted,
});
const enrolling = (count: unknown) =>
  judgeFace(
    engine({ countFaces: async () => count as number }),
    integration,
    { image: IMAGE, liveness: 95, hints: [] },
    null,
  );
const comparing = (similarity: unknown, facesInProbe: unknown = 1) =>
  judgeFace(
    engine({ compare: async () => ({ similarity: similarity as number, facesInProbe: facesInProbe as number }) }),
    integration,
    { image: IMAGE, liveness: 95, hints: [] },
    Buffer.from('reference'),
  );

describe('faces', () => {
  test.each([0, 2, 100, Number.NaN, '1', null, 1.5, -1])(
    'T40 %s faces in a first picture are not one',
    async (count) => {
      expect(await enrolling(count)).toMatchObject({ kind: 'failed', outcome: 'not_live' });
    },
  );
  test('T40 one face is enrolled', async () => {
    expect(await enrolling(1)).toMatchObject({ kind: 'passed', image: IMAGE, similarity: null });
  });
  test.each([0, 2, 100, Number.NaN, '1', null])('T40 %s faces next to a perfect match do not pass', async (faces) => {
    expect(await comparing(100, faces)).toMatchObject({ kind: 'failed', outcome: 'not_live' });
  });
  test('T41 the similarity passes at the threshold and fails below by any amount', async () => {
    expect(await comparing(99)).toMatchObject({ kind: 'passed' });
    expect(await comparing(99 - 1e-9)).toMatchObject({ kind: 'failed', outcome: 'no_match' });
  });
  test.each(NO_SCORES.map((score) => [score]))('T41 a similarity of %s is no match', async (similarity) => {
    expect(await comparing(similarity)).toMatchObject({ kind: 'failed', outcome: 'no_match' });
  });
  test('T50 an engine that fails decides nothing', async () => {
    const judging = judgeFace(engine({}), integration, { image: IMAGE, liveness: 95, hints: [] }, IMAGE);
    await expect(judging).rejects.toThrow('unexpected');
  });
});

test('T41 the threshold is exact for all numbers', () => {
  fc.assert(
    fc.property(fc.double(), fc.double({ min: 80, max: 100, noNaN: true }), (percent, threshold) => {
      expect(reaches(percent, threshold)).toBe(percent >= threshold && percent <= 100);
    }),
    { numRuns: 5000 },
  );
});

test('T43 a score is stored as a band of ten percent, or not at all if it is not a number', () => {
  for (const [percent, band] of [
    [0, 0],
    [9.99, 0],
    [10, 10],
    [99.999, 90],
    [100, 100],
    [-5, 0],
    [250, 100],
  ] as const) {
    expect(scoreBand(percent)).toBe(band);
  }
  for (const nothing of [null, Number.NaN, undefined, 'abc']) expect(scoreBand(nothing as null)).toBeNull();
});
