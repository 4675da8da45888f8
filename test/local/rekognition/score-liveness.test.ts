import { describe, expect, test } from 'vitest';
import { Approach } from '../../../local/demo-camera/moving-person.ts';
import type { FrameFact } from '../../../local/rekognition/engine/engine-jobs.ts';
import { drawChallenge } from '../../../local/rekognition/liveness/challenge.ts';
import { ReplayMemory } from '../../../local/rekognition/liveness/replay-memory.ts';
import { measureFaceLight, type ShownColor } from '../../../local/rekognition/liveness/score-light.ts';
import {
  describeWeakness,
  type Observation,
  scoreLiveness,
} from '../../../local/rekognition/liveness/score-liveness.ts';
import { readUncountedParts } from '../../../local/rekognition/liveness/uncounted-parts.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const START_MS = 1_800_000_000_000;
const LIGHT_MS = 1500;
const LIGHT = { type: 'FaceMovementAndLightChallenge', version: '2.0.0' } as const;
const issue = (seed: number) => drawChallenge(LIGHT, 640, 480, seededRandom(seed));
const CHALLENGE = issue(1);

const shownOf = ({ colors }: typeof CHALLENGE): ShownColor[] => {
  let atMs = START_MS + LIGHT_MS;
  return colors.map(({ FreshnessColor, DownscrollDuration, FlatDisplayDuration }, sequenceNumber) => {
    const color = { rgb: FreshnessColor.RGB, sequenceNumber, atMs };
    atMs += DownscrollDuration + FlatDisplayDuration;
    return color;
  });
};

/** Skin that reflects `part` of a screen that shows the colors. */
const skinUnder = (challenge: typeof CHALLENGE, part: number, atMs: number): [number, number, number] => {
  const shown = shownOf(challenge);
  const index = shown.findLastIndex((color) => color.atMs <= START_MS + atMs);
  const [now, before] = [shown[index], shown[index - 1] ?? shown[index]];
  const done = now === undefined ? 0 : Math.min(1, (START_MS + atMs - now.atMs) / 475);
  const light = (channel: number): number =>
    now === undefined ? 0 : (now.rgb[channel] ?? 0) * done + (before?.rgb[channel] ?? 0) * (1 - done);
  return [180 + part * light(0), 140 + part * light(1), 120 + part * light(2)];
};

const framesUnder = (challenge: typeof CHALLENGE, part: number): FrameFact[] =>
  Array.from({ length: 40 }, (_, index): FrameFact => {
    const atMs = index * 150;
    const width = 0.15 + 0.2 * Math.min(1, Math.max(0, (index - 4) / 6));
    const { CenterX, CenterY } = challenge.oval;
    const done = (width - 0.15) / 0.2;
    const [x, y] = [0.5 + (CenterX / 640 - 0.5) * done, 0.5 + (CenterY / 480 - 0.5) * done];
    const box = { left: x - width / 2, top: y - width, width, height: width * 2 };
    return { atMs, faces: [box], skin: skinUnder(challenge, part, atMs), change: index === 0 ? null : 4 };
  });

const FRAMES = framesUnder(CHALLENGE, 0.1);
const GOOD: Observation = {
  frames: FRAMES,
  sameIdentity: 0.8,
  depth: 0.04,
  replayGap: null,
  oval: CHALLENGE.oval,
  videoWidth: 640,
  videoHeight: 480,
  reportedStart: FRAMES[0]?.faces[0] ?? null,
  reportedEnd: FRAMES.at(-1)?.faces[0] ?? null,
  videoStartMs: START_MS,
  colorsIssued: CHALLENGE.colors,
  colorsShown: shownOf(CHALLENGE),
};
const scoreOf = (change: Partial<Observation>) => scoreLiveness({ ...GOOD, ...change });
const frozen = (from: number, to: number): FrameFact[] =>
  FRAMES.map((frame, index) => (index >= from && index < to ? { ...frame, change: 0.2 } : frame));

const withoutFirstColor = GOOD.colorsShown.map((color, index) =>
  index === 0 ? { ...color, atMs: GOOD.colorsShown[1]?.atMs ?? 0 } : color,
);
/** In every `of` frames the first `count` are still. */
const stillEvery = (of: number, count: number): FrameFact[] =>
  FRAMES.map((frame, index) => (index % of < count ? { ...frame, change: 0.2 } : frame));
/** From one frame on, the face is suddenly this much wider. */
const grownAt = (from: number, factor: number): FrameFact[] =>
  FRAMES.map((frame, index) => {
    const [face] = frame.faces;
    if (face === undefined) return frame;
    const width = index < from ? 0.15 : 0.15 * factor;
    return { ...frame, faces: [{ ...face, left: face.left + (face.width - width) / 2, width }] };
  });

test('a stream in which every part is right has the highest confidence, and no feedback', () => {
  expect(scoreLiveness(GOOD)).toMatchObject({ confidence: 99.9, feedback: [] });
});

test('parts that a server does not count are measured but change nothing', () => {
  const flat = { ...GOOD, depth: 0 };
  expect(scoreLiveness(flat).confidence).toBe(0);
  const { confidence, parts } = scoreLiveness(flat, ['depth']);
  expect([confidence, parts['depth']]).toEqual([99.9, 0]);
});

test('the operator of the server learns which parts lowered a score, without figures', () => {
  expect(describeWeakness(scoreOf({}))).toBe(null);
  const weak = scoreOf({ depth: 0, colorsShown: [] });
  expect(describeWeakness(weak)).toBe('a face check scored low by depth, colorOrder, colorTiming, faceLight');
  expect(describeWeakness(weak, ['depth', 'faceLight', 'colorTiming'])).toBe('a face check scored low by colorOrder');
});

test('parts that do not count are read by name, and an unknown name is refused', () => {
  expect(readUncountedParts(' depth, fresh ')).toEqual(['depth', 'fresh']);
  expect(readUncountedParts('')).toEqual([]);
  expect(() => readUncountedParts('identity')).toThrow('"identity" is not a part of the liveness check');
});

describe('each part decides on its own', () => {
  test.each<[string, Partial<Observation>, number]>([
    ['depth', { depth: 0.01 }, 0],
    ['depth', { depth: 0.015 }, 0.5],
    ['depth', { depth: 0.02 }, 1],
    ['depth', { depth: null }, 0],
    ['identity', { sameIdentity: null }, 0],
    ['identity', { sameIdentity: 0.24 }, 0],
    ['identity', { sameIdentity: 0.43 }, 1],
    ['fresh', { replayGap: 0.006 }, 0],
    ['fresh', { replayGap: 0.007 }, 0.5],
    ['fresh', { replayGap: 0.008 }, 1],
    ['motion', { frames: frozen(10, 14) }, 1],
    ['motion', { frames: frozen(10, 16) }, 0.5],
    ['motion', { frames: frozen(10, 18) }, 0],
    // Standing still again and again, never for long.
    ['motion', { frames: stillEvery(10, 3) }, 0.5],
    ['motion', { frames: stillEvery(10, 4) }, 0],
    ['continuity', { frames: grownAt(10, 1.64) }, 1],
    ['continuity', { frames: grownAt(10, 2.12) }, 0],
    ['reports', { reportedStart: null }, 0],
    ['colorOrder', { colorsShown: [...GOOD.colorsShown].reverse() }, 0],
    ['colorOrder', { colorsShown: GOOD.colorsShown.slice(1) }, 0],
    ['colorOrder', { colorsShown: GOOD.colorsShown.map((color) => ({ ...color, sequenceNumber: 0 })) }, 0],
    ['colorTiming', { colorsShown: GOOD.colorsShown.map((color) => ({ ...color, atMs: START_MS + 1 })) }, 0],
    // As in Amplify's component: the first color ends immediately.
    ['colorTiming', { colorsShown: withoutFirstColor }, 1],
    ['colorTiming', { videoStartMs: null }, 0],
    ['colorTiming', { videoStartMs: START_MS + 60_000 }, 0],
    ['faceLight', { frames: framesUnder(CHALLENGE, 0) }, 0],
    ['faceLight', { colorsIssued: [], colorsShown: [], frames: framesUnder(CHALLENGE, 0) }, 1],
  ])('%s: %o', (name, change, value) => {
    const { parts, confidence } = scoreOf(change);
    expect(parts[name]).toBeCloseTo(value, 5);
    expect(confidence).toBeLessThanOrEqual(99.9 * value + 1e-9);
  });
});

test('T38 at most 2 % of 500 recordings with another session’s colors pass as lit by this one', () => {
  const passed = Array.from({ length: 500 }, (_, seed) => seed + 2).filter((seed) => {
    const other = issue(seed);
    if (JSON.stringify(other.colors) === JSON.stringify(CHALLENGE.colors)) return false;
    return (scoreOf({ frames: framesUnder({ ...other, oval: CHALLENGE.oval }, 0.1) }).parts['faceLight'] ?? 0) > 0.8;
  });
  expect(passed.length).toBeLessThanOrEqual(10);
});

test('faint light on the face is enough if it follows the screen', () => {
  const lightOf = (part: number) =>
    measureFaceLight({
      issued: CHALLENGE.colors,
      shown: GOOD.colorsShown,
      videoStartMs: START_MS,
      skin: framesUnder(CHALLENGE, part).map(({ atMs, skin }) => ({ atMs, rgb: skin ?? [] })),
    });
  expect(lightOf(0.02).correlation).toBeGreaterThan(0.9);
  expect(scoreOf({ frames: framesUnder(CHALLENGE, 0.02) }).parts['faceLight']).toBe(1);
  expect(lightOf(0)).toEqual({ correlation: 0, swing: 0 });
});

describe('T38 replay memory', () => {
  const walk = (seed: number, shiftMs = 0): FrameFact[] => {
    const random = seededRandom(seed);
    const [a, b, c] = [random() * 6, random() * 6, 0.4 + random() * 0.4];
    return Array.from({ length: 20 }, (_, index): FrameFact => {
      const t = (index * 150 + shiftMs) / 1000;
      const face = {
        left: 0.4 + 0.02 * Math.sin(c * t * 6 + a),
        top: 0.3 + 0.02 * Math.sin(t * 3 + b),
        width: 0.2,
        height: 0.3,
      };
      return { atMs: index * 150, faces: [face], skin: null, change: null };
    });
  };

  test('recognizes a path, even one that starts a little later, and treats another one as new', () => {
    const memory = new ReplayMemory();
    expect(memory.compare(walk(1))).toBeNull();
    expect(memory.compare(walk(1))).toBe(0);
    expect(memory.compare(walk(1, 300))).toBeLessThan(0.004);
    expect(memory.compare(walk(9))).toBeGreaterThan(0.008);
  });

  test('mistakes no approach of the demo person for an earlier one', () => {
    const memory = new ReplayMemory();
    const random = seededRandom(5);
    const paths = Array.from({ length: 60 }, (): FrameFact[] => {
      const [approach, { oval }] = [new Approach(random), drawChallenge(LIGHT, 640, 480, random)];
      return Array.from({ length: 16 }, (_, index): FrameFact => {
        const { faceWidth, centerX, centerY } = approach.poseAt(
          index * 170,
          index < 6 ? null : (index - 6) * 170,
          oval,
        );
        const width = faceWidth / 640;
        const face = { left: centerX / 640 - width / 2, top: centerY / 480 - width, width, height: width * 2 };
        return { atMs: index * 170, faces: [face], skin: null, change: null };
      });
    });
    const gaps = paths.map((path) => memory.compare(path) ?? 1);
    expect(Math.min(...gaps)).toBeGreaterThan(0.008);
  });

  test('forgets the oldest beyond its limit; with a limit of 0 it remembers nothing', () => {
    const [small, none] = [new ReplayMemory(1), new ReplayMemory(0)];
    for (const seed of [1, 9]) small.compare(walk(seed));
    expect(small.compare(walk(1))).toBeGreaterThan(0.008);
    none.compare(walk(1));
    expect(none.compare(walk(1))).toBeNull();
  });
});
