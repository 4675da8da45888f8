import type { FaceFact } from '../engine/engine-jobs.ts';
import type { Box, Point } from '../engine/pixels.ts';

/** Rekognition's landmark names to points of the 68-point model (iBUG 300-W numbering, from 0), averaged if there are several. */
const DEFAULT_LANDMARKS: Readonly<Record<string, readonly number[]>> = {
  eyeLeft: [36, 37, 38, 39, 40, 41],
  eyeRight: [42, 43, 44, 45, 46, 47],
  mouthLeft: [48],
  mouthRight: [54],
  nose: [30],
};

/** The additional ones of `ALL`. Left and right as seen in the image, as Rekognition means them. */
const FURTHER_LANDMARKS: Readonly<Record<string, readonly number[]>> = {
  leftEyeBrowLeft: [17],
  leftEyeBrowRight: [21],
  leftEyeBrowUp: [19],
  rightEyeBrowLeft: [22],
  rightEyeBrowRight: [26],
  rightEyeBrowUp: [24],
  leftEyeLeft: [36],
  leftEyeRight: [39],
  leftEyeUp: [37, 38],
  leftEyeDown: [40, 41],
  rightEyeLeft: [42],
  rightEyeRight: [45],
  rightEyeUp: [43, 44],
  rightEyeDown: [46, 47],
  noseLeft: [31],
  noseRight: [35],
  mouthUp: [51],
  mouthDown: [57],
  leftPupil: [37, 38, 40, 41],
  rightPupil: [43, 44, 46, 47],
  upperJawlineLeft: [0],
  midJawlineLeft: [4],
  chinBottom: [8],
  midJawlineRight: [12],
  upperJawlineRight: [16],
};

const meanPoint = (points: readonly Point[], indices: readonly number[]) => ({
  X: indices.reduce((sum, index) => sum + (points[index]?.x ?? 0), 0) / indices.length,
  Y: indices.reduce((sum, index) => sum + (points[index]?.y ?? 0), 0) / indices.length,
});

const landmarksOf = ({ points }: FaceFact, withAll: boolean) =>
  Object.entries({ ...DEFAULT_LANDMARKS, ...(withAll ? FURTHER_LANDMARKS : {}) }).map(([Type, indices]) => ({
    Type,
    ...meanPoint(points, indices),
  }));

/** A box in Rekognition's form: ratios of the image's size. */
export const boundingBoxOf = ({ left, top, width, height }: Box) => ({
  Width: width,
  Height: height,
  Left: left,
  Top: top,
});

/** The members that DetectFaces returns by default and CompareFaces always, and with `withAll` all landmarks. */
export const faceDetailOf = (face: FaceFact, withAll = false) => ({
  BoundingBox: boundingBoxOf(face.box),
  Confidence: face.score * 100,
  Landmarks: landmarksOf(face, withAll),
  Pose: { Roll: face.pose.rollDegrees, Yaw: face.pose.yawDegrees, Pitch: face.pose.pitchDegrees },
  Quality: { Brightness: face.brightness, Sharpness: face.sharpness },
});
