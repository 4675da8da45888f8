import { type Box, overlap } from '../engine/pixels.ts';
import type { Oval } from './challenge.ts';

/** What the decoded frames and the client's reports of one stream come to. */
export interface Observation {
  readonly frames: readonly { readonly atMs: number; readonly faces: readonly Box[] }[];
  /** Cosine of the first and the last face, and of the first and a middle one; null where no face could be read. */
  readonly sameIdentity: number | null;
  readonly oval: Oval;
  readonly videoWidth: number;
  readonly videoHeight: number;
  /** The start box as the client reported it. */
  readonly reportedStart: Box | null;
  /** The end box as the client reported it. */
  readonly reportedEnd: Box | null;
  /** Colours issued and shown, e.g. `0,255,0`; both empty without light. */
  readonly colorsIssued: readonly string[];
  readonly colorsShown: readonly { readonly color: string; readonly atMs: number }[];
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
const SAME_PERSON_COSINE = 0.413;
const MAYBE_PERSON_COSINE = 0.25;

const clamp = (value: number): number => Math.min(1, Math.max(0, value));
/** 0 at `from`, 1 at `to`, straight in between. */
const ramp = (value: number, from: number, to: number): number => clamp((value - from) / (to - from));
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

/** A face moves from frame to frame; it does not leap. */
const scoreContinuity = (faces: readonly Box[]): number => {
  const jumps = faces.slice(1).map((face, index) => distance(face, faces[index] ?? face));
  return 1 - ramp(Math.max(0, ...jumps), MAX_JUMP, 2 * MAX_JUMP);
};

const scoreEnd = (observation: Observation, faces: readonly Box[]): number => {
  const last = faces.at(-1);
  return last === undefined ? 0 : ramp(overlap(last, faceBoxOf(observation)), 0.15, 0.3);
};

/** What the client says it saw has to be what the video shows. */
const scoreReports = ({ reportedStart, reportedEnd }: Observation, faces: readonly Box[]): number => {
  const agree = (reported: Box | null, seen: Box | undefined): number =>
    reported === null || seen === undefined ? 0 : 1 - ramp(distance(reported, seen), 0.12, 0.3);
  const nearest = (reported: Box | null): Box | undefined =>
    reported === null ? undefined : [...faces].sort((a, b) => distance(a, reported) - distance(b, reported))[0];
  return agree(reportedStart, faces[0]) * agree(reportedEnd, nearest(reportedEnd));
};

const scoreColors = ({ colorsIssued, colorsShown }: Observation): number => {
  if (colorsIssued.length === 0) return 1;
  const inOrder = colorsShown.every(({ atMs }, index) => index === 0 || atMs >= (colorsShown[index - 1]?.atMs ?? 0));
  const same = colorsShown.map(({ color }) => color).join(' ') === colorsIssued.join(' ');
  return inOrder && same ? 1 : 0;
};

const durationMs = ({ frames }: Observation): number => (frames.at(-1)?.atMs ?? 0) - (frames[0]?.atMs ?? 0);

/**
 * Confidence of a stream: the product of its parts, each 0 to 1, times 99.9. It checks that one and the same face came nearer as
 * asked, that the client reported what the video shows and that colours came in the issued order. It cannot tell a living face
 * from a picture that is moved well: this is no presentation attack detection.
 */
export const scoreLiveness = (observation: Observation): LivenessScore => {
  const faces = onlyFaces(observation);
  const parts = {
    singleFace: scoreSingleFace(observation),
    duration: ramp(durationMs(observation), MIN_DURATION_MS / 2, MIN_DURATION_MS),
    identity:
      observation.sameIdentity === null ? 0 : ramp(observation.sameIdentity, MAYBE_PERSON_COSINE, SAME_PERSON_COSINE),
    growth: scoreGrowth(faces),
    continuity: scoreContinuity(faces),
    end: scoreEnd(observation, faces),
    reports: scoreReports(observation, faces),
    colors: scoreColors(observation),
  };
  const confidence = Object.values(parts).reduce((product, part) => product * part, 99.9);
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
