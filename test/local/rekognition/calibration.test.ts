import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readGroups, readPeople } from '../../../local/rekognition/calibration/read-people.ts';
import { groupTable } from '../../../local/rekognition/calibration/report.ts';
import {
  anchorsOf,
  equalErrorRate,
  operate,
  type PairScores,
  rateBound,
  scorePairs,
  thresholdFor,
} from '../../../local/rekognition/calibration/scores.ts';
import { loadModels } from '../../../local/rekognition/engine/models.ts';
import { similarityOf } from '../../../local/rekognition/engine/similarity.ts';
import anchors from '../../../local/rekognition/engine/similarity-anchors.json' with { type: 'json' };
import { portrait } from '../../support/face-photos.ts';
import { temporaryFolder } from '../../support/local-aws.ts';

const AT_99 = anchors.find(([, similarity]) => similarity === 99)?.[0] ?? 1;

/** Impostors at 0, 0.001, … and genuine pairs at the given cosines. */
const scores = (impostors: number, genuine: readonly number[]): PairScores => ({
  impostor: Float32Array.from({ length: impostors }, (_, index) => (impostors - 1 - index) / 1000),
  genuine: Float32Array.from(genuine),
});

test('T41 Similarity rises with the cosine, and 99 is exactly at the measured point', () => {
  const all = Array.from({ length: 401 }, (_, index) => similarityOf(-1 + index / 200));
  expect(all).toEqual([...all].sort((a, b) => a - b));
  expect([similarityOf(-1), similarityOf(AT_99), similarityOf(1)]).toEqual([0, 99, 100]);
  expect(similarityOf(AT_99 - 1e-6)).toBeLessThan(99);
  expect(similarityOf(1.1)).toBe(100);
});

test('a rate without a single event is bounded by three in n, and more events raise the bound', () => {
  expect(rateBound(0, 1000)).toBeCloseTo(0.003, 4);
  // Tables of the Poisson distribution: 95 % one-sided for 1, 7 and 10 events.
  expect(rateBound(1, 1000)).toBeCloseTo(0.00474, 5);
  expect(rateBound(7, 1000)).toBeCloseTo(0.01315, 5);
  expect(rateBound(10, 1000)).toBeCloseTo(0.01696, 5);
  expect(rateBound(401, 1e5) / rateBound(400, 1e5)).toBeCloseTo(1, 2);
  expect(rateBound(0, 0)).toBe(1);
});

test('a threshold lets through exactly as many pairs as the rate allows', () => {
  const known = scores(1000, [0.999, 0.995, 0.98, 0.5]);
  expect(thresholdFor(known, 0.01, false)).toMatchObject({ falseMatches: 10, falseMatchRate: 0.01 });
  expect(thresholdFor(known, 0.01, false)?.trueMatchRate).toBe(0.5);
  // With 4 false matches of 1,000 the true rate is certainly below 0.0092; with 5 it may be 0.0105.
  expect(thresholdFor(known, 0.01, true)).toMatchObject({ falseMatches: 4 });
  expect(thresholdFor(known, 1e-4, true)).toBeNull();
});

test('the equal error rate is where as many are wrongly refused as wrongly accepted', () => {
  const genuine = Array.from({ length: 1000 }, (_, index) => 0.9 + (999 - index) / 1000);
  expect(equalErrorRate(scores(1000, genuine))).toBeCloseTo(0.05, 2);
  expect(equalErrorRate(scores(100, [0.9, 0.8]))).toBe(0);
});

test('without enough pairs there is no curve, rather than one that promises too much', () => {
  expect(() => anchorsOf(scores(20_000, [0.9]))).toThrow('0.0001');
  expect(anchorsOf(scores(40_000, [0.9])).map(([, similarity]) => similarity)).toEqual([0, 50, 80, 95, 99, 100]);
});

test('groups are read from two columns, and a malformed line is named', () => {
  expect(readGroups('person,group\nAnn,x\r\nBob, y\n')).toEqual(
    new Map([
      ['Ann', 'x'],
      ['Bob', 'y'],
    ]),
  );
  expect(() => readGroups('Ann,x\nBob')).toThrow('Line 2');
});

test('T46 photos of a folder become pairs, and each group has its own rates with their bounds', async () => {
  const { folder, remove } = await temporaryFolder();
  try {
    for (const [path, name] of [
      ['Ann/1.jpg', 'A'],
      ['Ann/2.jpg', 'A again'],
      ['Bea/1.jpg', 'B'],
    ] as const) {
      await mkdir(join(folder, path, '..'), { recursive: true });
      await writeFile(join(folder, path), await portrait(name));
    }
    await writeFile(join(folder, 'Bea/notes.txt'), 'no photo');
    const people = await readPeople(await loadModels(), folder);
    expect(people).toMatchObject({ photos: 3, missed: 0, crowded: 0 });
    const pairs = scorePairs(people.faces);
    expect(operate(pairs, AT_99)).toMatchObject({ trueMatchRate: 1, falseMatches: 0 });
    const lines = groupTable(people.faces, new Map([['Ann', 'x']]), AT_99).split('\n');
    expect(lines.slice(2)).toEqual([
      '| not labeled | 1 | 0 | no pairs | no pairs | 0 | no pairs | no pairs |',
      '| x | 2 | 1 | 0.0 % | 100.0 % | 0 | no pairs | no pairs |',
    ]);
  } finally {
    await remove();
  }
});
