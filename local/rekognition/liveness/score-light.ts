import type { FreshnessColor } from './challenge.ts';
import { ramp } from './ramp.ts';

type Rgb = readonly number[];

/** A color that the client reports it showed; times are the client's clock, milliseconds. */
export interface ShownColor {
  readonly rgb: Rgb;
  readonly sequenceNumber: number;
  readonly atMs: number;
}

export interface LightObservation {
  readonly issued: readonly FreshnessColor[];
  readonly shown: readonly ShownColor[];
  /** When the client reports that the video began, by its clock; null if it did not report it. */
  readonly videoStartMs: number | null;
  /** Mean color of the face; times in the video. */
  readonly skin: readonly { readonly atMs: number; readonly rgb: Rgb }[];
}

/**
 * A color scrolls for at least this share of its time, and lasts at most this much longer: browsers under load are late, never early.
 * The first color, which is flat, may end immediately: Amplify's component (3.6.8) counts its time from 1970 and moves on at its first tick.
 */
const MIN_PART = 0.8;
const MAX_LATE_MS = 2000;
/** Screen, camera and encoder are up to this late, or the clock of the video up to this early. */
const LAGS_MS = [-200, -100, 0, 100, 200, 300, 400] as const;
const MIN_SAMPLES = 8;
/** Correlation of the light on the face with the light of the screen: none, and enough. */
const NO_CORRELATION = 0.6;
const FULL_CORRELATION = 0.75;
/** Swing of the face's color, as a share of its brightness: a constant face has none. */
const NO_SWING = 0.001;
const FULL_SWING = 0.003;

const durationOf = ({ DownscrollDuration, FlatDisplayDuration }: FreshnessColor): number =>
  DownscrollDuration + FlatDisplayDuration;
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const mean = (values: readonly number[]): number => total(values) / Math.max(1, values.length);

/** 1 if exactly the issued colors were reported, in their order and with rising numbers; otherwise 0. */
export const scoreColorOrder = ({ issued, shown }: LightObservation): number => {
  const isSame =
    shown.length === issued.length &&
    shown.every(
      ({ rgb, sequenceNumber }, index) =>
        rgb.join() === issued[index]?.FreshnessColor.RGB.join() &&
        sequenceNumber > (shown[index - 1]?.sequenceNumber ?? Number.NEGATIVE_INFINITY),
    );
  return isSame ? 1 : 0;
};

/** 1 if each color lasted about as long as issued, and all were within the video; otherwise 0. */
export const scoreColorTiming = ({ issued, shown, videoStartMs, skin }: LightObservation): number => {
  if (issued.length === 0) return 1;
  const isPlausible = shown.slice(1).every(({ atMs }, index) => {
    const [lasted, asked] = [atMs - (shown[index]?.atMs ?? 0), issued[index] as FreshnessColor];
    return lasted >= asked.DownscrollDuration * MIN_PART && lasted <= durationOf(asked) + MAX_LATE_MS;
  });
  if (videoStartMs === null || !isPlausible) return 0;
  const endMs = videoStartMs + (skin.at(-1)?.atMs ?? 0) + MAX_LATE_MS;
  return (shown[0]?.atMs ?? 0) >= videoStartMs && (shown.at(-1)?.atMs ?? 0) <= endMs ? 1 : 0;
};

/** The light of the screen at a time of the client's clock, 0 to 1 per channel: each color scrolls down over the previous one. */
const lightAt = ({ issued, shown }: LightObservation, atMs: number): Rgb | null => {
  const index = shown.findLastIndex((color) => color.atMs <= atMs);
  const [color, asked] = [shown[index], issued[index]];
  if (color === undefined || asked === undefined) return null;
  const since = atMs - color.atMs;
  if (index === shown.length - 1 && since > durationOf(asked)) return null;
  const part = asked.DownscrollDuration === 0 ? 1 : ramp(since, 0, asked.DownscrollDuration);
  const before = shown[index - 1]?.rgb ?? color.rgb;
  return color.rgb.map((value, channel) => (value * part + (before[channel] ?? 0) * (1 - part)) / 255);
};

/** Each channel without what all channels share and without its mean over time: what is left is change of color. */
const changesOf = (colors: readonly Rgb[]): number[] => {
  const chroma = colors.map((rgb) => rgb.map((value) => value - mean(rgb)));
  const means = [0, 1, 2].map((channel) => mean(chroma.map((rgb) => rgb[channel] ?? 0)));
  return chroma.flatMap((rgb) => rgb.map((value, channel) => value - (means[channel] ?? 0)));
};

const correlate = (a: readonly number[], b: readonly number[]): number => {
  const product = total(a.map((value, index) => value * (b[index] ?? 0)));
  const length = Math.sqrt(total(a.map((value) => value * value)) * total(b.map((value) => value * value)));
  return length === 0 ? 0 : product / length;
};

export interface FaceLight {
  /** -1 to 1: how closely the face's color follows the screen's. */
  readonly correlation: number;
  /** Root of the mean square of the color's change, as a share of the face's brightness. */
  readonly swing: number;
}

/** How the light on the face follows the screen, at the lag that fits best. */
export const measureFaceLight = (observation: LightObservation): FaceLight => {
  const { skin, videoStartMs } = observation;
  let best: FaceLight = { correlation: 0, swing: 0 };
  for (const lagMs of LAGS_MS) {
    const pairs = skin.flatMap(({ atMs, rgb }) => {
      const light = lightAt(observation, (videoStartMs ?? 0) + atMs - lagMs);
      return light === null || rgb.some((value) => value <= 0) ? [] : [{ light, seen: rgb.map(Math.log) }];
    });
    if (pairs.length < MIN_SAMPLES) continue;
    const seen = changesOf(pairs.map((pair) => pair.seen));
    const correlation = correlate(changesOf(pairs.map(({ light }) => light)), seen);
    if (correlation > best.correlation)
      best = { correlation, swing: Math.sqrt(mean(seen.map((value) => value * value))) };
  }
  return best;
};

/** 0 to 1: whether the issued light was on the face. 1 without the light challenge. */
export const scoreFaceLight = (observation: LightObservation): number => {
  if (observation.issued.length === 0) return 1;
  if (observation.videoStartMs === null) return 0;
  const { correlation, swing } = measureFaceLight(observation);
  return ramp(correlation, NO_CORRELATION, FULL_CORRELATION) * ramp(swing, NO_SWING, FULL_SWING);
};
