import { fivePoints } from './embed-face.ts';
import type { Point } from './pixels.ts';

/** How a face is turned, in Rekognition's terms. */
export interface Pose {
  /** Head tilted to a shoulder, -180 to 180. */
  readonly rollDegrees: number;
  /** Head turned to a side, -90 to 90. */
  readonly yawDegrees: number;
  /** Head up or down, -90 to 90. */
  readonly pitchDegrees: number;
}

/** Where the nose tip of a face that looks straight ahead is between the line of the eyes (0) and that of the mouth (1). */
const LEVEL_NOSE = 0.6;
const degrees = (radians: number): number => (radians * 180) / Math.PI;
const asinDegrees = (sine: number): number => degrees(Math.asin(Math.max(-1, Math.min(1, sine))));
const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/**
 * A rough pose from landmarks: roll from the line of the eyes, yaw and pitch from the position of the nose tip along and across that
 * line. Good enough to tell frontal faces from turned ones; its error in degrees has not been measured.
 * @param points 68 points in pixels
 */
export const poseOf = (points: readonly Point[]): Pose => {
  const [left, right, nose, mouthLeft, mouthRight] = fivePoints(points);
  if (!left || !right || !nose || !mouthLeft || !mouthRight) return { rollDegrees: 0, yawDegrees: 0, pitchDegrees: 0 };
  const eyes = middle(left, right);
  const mouth = middle(mouthLeft, mouthRight);
  const distance = Math.hypot(right.x - left.x, right.y - left.y) || 1;
  const along = { x: (right.x - left.x) / distance, y: (right.y - left.y) / distance };
  const sideways = (point: Point): number => (point.x - eyes.x) * along.x + (point.y - eyes.y) * along.y;
  const down = (point: Point): number => (point.y - eyes.y) * along.x - (point.x - eyes.x) * along.y;
  return {
    rollDegrees: degrees(Math.atan2(along.y, along.x)),
    yawDegrees: asinDegrees(sideways(nose) / distance),
    pitchDegrees: asinDegrees(LEVEL_NOSE - down(nose) / (down(mouth) || 1)),
  };
};
