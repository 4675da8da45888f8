import type { ChallengeVersion } from './choose-challenge.ts';

/** Where the face has to be at the end. Ovals are in pixels of the video. */
export interface Oval {
  readonly CenterX: number;
  readonly CenterY: number;
  readonly Width: number;
  readonly Height: number;
}

export interface FreshnessColor {
  readonly FreshnessColor: { readonly RGB: readonly [number, number, number] };
  readonly DownscrollDuration: number;
  readonly FlatDisplayDuration: number;
}

/** What one stream is asked to do. */
export interface Challenge extends ChallengeVersion {
  readonly oval: Oval;
  /** Colors in the order in which they have to be shown; empty without the light challenge. */
  readonly colors: readonly FreshnessColor[];
}

/** Thresholds of the client's own checks; service-like values from Amplify's tests. All durations in milliseconds. */
export const CHALLENGE_CONFIG = {
  BlazeFaceDetectionThreshold: 0.75,
  FaceDistanceThresholdMin: 0.4,
  FaceDistanceThreshold: 0.4,
  FaceDistanceThresholdMax: 0,
  OvalIouThreshold: 0.7,
  OvalHeightWidthRatio: 1.618,
  OvalIouWidthThreshold: 0.25,
  OvalIouHeightThreshold: 0.25,
  FaceIouWidthThreshold: 0.15,
  FaceIouHeightThreshold: 0.15,
  OvalFitTimeout: 15_000,
};

const SCROLLED: readonly (readonly [number, number, number])[] = [
  [0, 255, 0],
  [138, 43, 226],
  [255, 0, 0],
  [0, 0, 255],
  [255, 255, 0],
  [0, 255, 255],
];
const SCROLLED_COUNT = 7;
const SCROLL_MS = 475;
const BLACK_MS = 75;

const pickColors = (random: () => number): FreshnessColor[] => {
  const colors: FreshnessColor[] = [
    { FreshnessColor: { RGB: [0, 0, 0] }, DownscrollDuration: 0, FlatDisplayDuration: BLACK_MS },
  ];
  let index = Math.floor(random() * SCROLLED.length);
  while (colors.length <= SCROLLED_COUNT) {
    colors.push({
      FreshnessColor: { RGB: SCROLLED[index] ?? [0, 0, 0] },
      DownscrollDuration: SCROLL_MS,
      FlatDisplayDuration: 0,
    });
    // Always another color: two equal neighbors could not be distinguished.
    index = (index + 1 + Math.floor(random() * (SCROLLED.length - 1))) % SCROLLED.length;
  }
  return colors;
};

/**
 * Draws the challenge of one stream: an oval as wide as the service's, its center within 1/16 of the frame's center, and for
 * the light challenge an order of colors.
 * @param random 0 to 1; a constant 0.5 centers the oval
 */
export const drawChallenge = (
  chosen: ChallengeVersion,
  videoWidth: number,
  videoHeight: number,
  random: () => number,
): Challenge => {
  const Width = 0.8 * Math.min(videoWidth, 0.75 * videoHeight);
  const oval = {
    Width,
    Height: Width * CHALLENGE_CONFIG.OvalHeightWidthRatio,
    CenterX: videoWidth * (7 / 16 + random() / 8),
    CenterY: videoHeight * (7 / 16 + random() / 8),
  };
  return { ...chosen, oval, colors: chosen.type === 'FaceMovementAndLightChallenge' ? pickColors(random) : [] };
};
