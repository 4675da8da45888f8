import type { FrameFact } from '../engine/engine-jobs.ts';
import { type Box, overlap } from '../engine/pixels.ts';
import { similarityOf } from '../engine/similarity.ts';
import type { FreshnessColor, Oval } from './challenge.ts';
import { ramp } from './ramp.ts';
import {
  type LightObservation,
  type ShownColor,
  scoreColorOrder,
  scoreColorTiming,
  scoreFaceLight,
} from './score-light.ts';
import type { OptionalPart } from './uncounted-parts.ts';

/** The decoded frames and the client's reports of one stream, summarized. */
export interface Observation {
  readonly frames: readonly FrameFact[];
  /** Lowest cosine between the first face and a middle one, the last one and the one of the reference image; null if none could be read. */
  readonly sameIdentity: number | null;
  /** How much more the front of the face grew than its outline; null if it cannot be measured. */
  readonly depth: number | null;
  /** Distance to the most similar earlier stream, as a share of the frame; null without one. */
  readonly replayGap: number | null;
  readonly oval: Oval;
  readonly videoWidth: number;
  readonly videoHeight: number;
  /** The start box as the client reported it. */
  readonly reportedStart: Box | null;
  /** The end box as the client reported it. */
  readonly reportedEnd: Box | null;
  /** When the client reports that the video began, by its clock, milliseconds. */
  readonly videoStartMs: number | null;
  /** Empty without the light challenge. */
  readonly colorsIssued: readonly FreshnessColor[];
  readonly colorsShown: readonly ShownColor[];
}

export type Feedback = 'FACE_NOT_VISIBLE' | 'FACE_NOT_ALIGNED' | 'LOW_VIDEO_QUALITY_DETECTED';

export interface LivenessScore {
  /** Percent, 0 to 100: the product of the parts. */
  readonly confidence: number;
  readonly parts: Readonly<Record<string, number>>;
  readonly feedback: readonly Feedback[];
}

const MIN_DURATION_MS = 1500;
const MIN_FRAMES = 8;
const MIN_GROWTH = 1.25;
const FULL_GROWTH = 1.5;
const MAX_JUMP = 0.25;
/** Logarithm of how much larger or smaller the face gets from one frame to the next, about 0.15 s later. */
const MAX_GROWTH_STEP = 0.5;
const LEAP_STEP = 0.75;
/** How far the last face may be left or right of the oval's center, as a share of the oval's width. */
const FULL_ASIDE = 0.25;
const MAX_ASIDE = 0.45;
/** Similarity of the faces of one stream, percent: another person, and certainly the same. */
const OTHER_PERSON = 80;
const SAME_PERSON = 99;
/** A photo's front grows as its outline does; a head's more. Measured: see liveness.md. */
const FLAT_DEPTH = 0.01;
const HEAD_DEPTH = 0.02;
/** Mean change from frame to frame of a still picture, of 255: most of the codec's own noise is below. */
const FROZEN_CHANGE = 0.5;
const MAX_FROZEN_MS = 600;
/** Share of the frames in which the picture may be still; the codec's refreshing of a still picture interrupts a long time. */
const MAX_FROZEN_PART = 0.2;
/** Two streams of one recording are closer than the first, two of one person are further apart than the second. */
const REPLAY_GAP = 0.006;
const FRESH_GAP = 0.008;

const centerOf = ({ left, top, width, height }: Box) => ({ x: left + width / 2, y: top + height / 2 });
const distance = (a: Box, b: Box): number => Math.hypot(centerOf(a).x - centerOf(b).x, centerOf(a).y - centerOf(b).y);

/** The oval as the box that a face in it fills: detectors stop at chin and forehead, the oval does not. */
const faceBoxOf = ({ oval, videoWidth, videoHeight }: Observation): Box => ({
  left: (oval.CenterX - oval.Width / 2) / videoWidth,
  top: (oval.CenterY - oval.Height / 2) / videoHeight,
  width: oval.Width / videoWidth,
  height: oval.Height / videoHeight,
});

const onlyFaces = (observation: Observation): Box[] =>
  observation.frames.flatMap(({ faces }) => (faces.length === 1 && faces[0] !== undefined ? [faces[0]] : []));

const scoreSingleFace = ({ frames }: Observation): number => {
  if (frames.length < MIN_FRAMES) return 0;
  const withMany = frames.filter(({ faces }) => faces.length > 1).length;
  const withOne = frames.filter(({ faces }) => faces.length === 1).length;
  return ramp(withOne / frames.length, 0.7, 0.95) * (1 - ramp(withMany / frames.length, 0.05, 0.3));
};

const scoreGrowth = (faces: readonly Box[]): number => {
  const [first, last] = [faces[0], faces.at(-1)];
  return first === undefined || last === undefined ? 0 : ramp(last.width / first.width, MIN_GROWTH, FULL_GROWTH);
};

/** A face moves from frame to frame; neither its position nor its size jumps. */
const scoreContinuity = (faces: readonly Box[]): number => {
  const steps = faces.slice(1).map((face, index) => {
    const before = faces[index] ?? face;
    return { jump: distance(face, before), growth: Math.abs(Math.log(face.width / before.width)) };
  });
  const jump = Math.max(0, ...steps.map((step) => step.jump));
  const growth = Math.max(0, ...steps.map((step) => step.growth));
  return ramp(jump, 2 * MAX_JUMP, MAX_JUMP) * ramp(growth, LEAP_STEP, MAX_GROWTH_STEP);
};

const scoreEnd = (observation: Observation, faces: readonly Box[]): number => {
  const last = faces.at(-1);
  if (last === undefined) return 0;
  const oval = faceBoxOf(observation);
  const aside = Math.abs(centerOf(last).x - centerOf(oval).x) / oval.width;
  return ramp(overlap(last, oval), 0.15, 0.3) * ramp(aside, MAX_ASIDE, FULL_ASIDE);
};

/** What the client reports it saw must be what the video shows. */
const scoreReports = ({ reportedStart, reportedEnd }: Observation, faces: readonly Box[]): number => {
  const agree = (reported: Box | null, seen: Box | undefined): number =>
    reported === null || seen === undefined ? 0 : 1 - ramp(distance(reported, seen), 0.12, 0.3);
  const nearest = (reported: Box | null): Box | undefined =>
    reported === null ? undefined : [...faces].sort((a, b) => distance(a, reported) - distance(b, reported))[0];
  return agree(reportedStart, faces[0]) * agree(reportedEnd, nearest(reportedEnd));
};

/** No face is completely still. A frozen picture is, and a slide show is most of the time. */
const scoreMotion = ({ frames }: Observation): number => {
  let [longestMs, sinceMs, frozen] = [0, Number.NaN, 0];
  for (const [index, { atMs, change }] of frames.entries()) {
    const isFrozen = change !== null && change < FROZEN_CHANGE;
    if (!isFrozen) sinceMs = Number.NaN;
    else if (Number.isNaN(sinceMs)) sinceMs = frames[index - 1]?.atMs ?? atMs;
    if (!isFrozen) continue;
    longestMs = Math.max(longestMs, atMs - sinceMs);
    frozen += 1;
  }
  const part = frozen / Math.max(1, frames.length);
  return ramp(longestMs, 2 * MAX_FROZEN_MS, MAX_FROZEN_MS) * ramp(part, 2 * MAX_FROZEN_PART, MAX_FROZEN_PART);
};

const lightOf = ({ colorsIssued, colorsShown, videoStartMs, frames }: Observation): LightObservation => ({
  issued: colorsIssued,
  shown: colorsShown,
  videoStartMs,
  skin: frames.flatMap(({ atMs, skin }) => (skin === null ? [] : [{ atMs, rgb: skin }])),
});

const durationMs = ({ frames }: Observation): number => (frames.at(-1)?.atMs ?? 0) - (frames[0]?.atMs ?? 0);

const partsOf = (observation: Observation, faces: readonly Box[]) => {
  const { sameIdentity, depth, replayGap } = observation;
  const light = lightOf(observation);
  return {
    singleFace: scoreSingleFace(observation),
    duration: ramp(durationMs(observation), MIN_DURATION_MS / 2, MIN_DURATION_MS),
    identity: sameIdentity === null ? 0 : ramp(similarityOf(sameIdentity), OTHER_PERSON, SAME_PERSON),
    growth: scoreGrowth(faces),
    continuity: scoreContinuity(faces),
    motion: scoreMotion(observation),
    depth: depth === null ? 0 : ramp(depth, FLAT_DEPTH, HEAD_DEPTH),
    end: scoreEnd(observation, faces),
    reports: scoreReports(observation, faces),
    fresh: replayGap === null ? 1 : ramp(replayGap, REPLAY_GAP, FRESH_GAP),
    colorOrder: scoreColorOrder(light),
    colorTiming: scoreColorTiming(light),
    faceLight: scoreFaceLight(light),
  };
};

/**
 * Confidence of a stream: the product of its parts, each 0 to 1, times 99.9; liveness.md lists them. It is not presentation attack
 * detection: a recording of a head that is made to order passes.
 * @param uncounted parts that do not change the confidence
 */
export const scoreLiveness = (observation: Observation, uncounted: readonly OptionalPart[] = []): LivenessScore => {
  const parts = partsOf(observation, onlyFaces(observation));
  const counted = Object.entries(parts).filter(([name]) => !uncounted.some((part) => part === name));
  const confidence = counted.reduce((product, [, part]) => product * part, 99.9);
  return {
    confidence,
    parts,
    feedback: [
      ...(parts.singleFace < 0.5 ? (['FACE_NOT_VISIBLE'] as const) : []),
      ...(parts.end < 0.5 ? (['FACE_NOT_ALIGNED'] as const) : []),
      ...(observation.frames.length < MIN_FRAMES ? (['LOW_VIDEO_QUALITY_DETECTED'] as const) : []),
    ],
  };
};

/** A part below this brings the confidence below 90, a commonly required value. */
const WEAK = 0.9;

/**
 * Why a stream scored low, in one line for the operator of the server: the parts that lowered it, without figures, which would show
 * how close an attack came. Null if none did.
 */
export const describeWeakness = (score: LivenessScore, uncounted: readonly OptionalPart[] = []): string | null => {
  const weak = Object.entries(score.parts)
    .filter(([name, part]) => part < WEAK && !uncounted.some((each) => each === name))
    .map(([name]) => name);
  return weak.length === 0 ? null : `a face check scored low by ${weak.join(', ')}`;
};
