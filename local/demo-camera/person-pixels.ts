/** Pixels as 32-bit words (RGBA in memory), row by row. */
export interface PixelGrid {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint32Array;
}

/** A square picture with a face in its center, in several sizes, largest first. */
export type PersonPicture = readonly PixelGrid[];

/** Where the head is in front of the camera. */
export interface HeadPose {
  readonly centerX: number;
  readonly centerY: number;
  /** Distance between the cheeks, pixels of the video. */
  readonly faceWidth: number;
  /** True for a flat photo, which grows as a whole. */
  readonly isFlat?: boolean;
  /** Light of the screen on the face, 0 to 255 per channel. */
  readonly light?: readonly [number, number, number];
}

/** The face takes up this share of the picture's width. */
const FACE_PART = 0.47;
const SIDES = [640, 320, 160] as const;
export const PICTURE_SIDES: readonly number[] = SIDES;

/** The front of a head bulges this far in front of the plane of the ears, in half face widths, as a paraboloid up to `REACH`. */
const DEPTH = 1;
const REACH = 1.25;
const HEIGHT_TO_WIDTH = 1.3;
/** Focal length of a webcam, in pixels of a 640-pixel-wide frame (a view of 71 degrees); portraits are taken from ten face widths. */
const FOCAL = 450;
const PORTRAIT_DISTANCE = 20;
const STEPS = 256;
/** The share of the light on the face that comes from the screen. */
const SCREEN_PART = 0.12;

const magnification = (radius: number, distance: number): number =>
  distance / (distance - DEPTH * Math.max(0, 1 - radius * radius));

/**
 * For squared distances from the center of the face (0 to 1, in steps): the factor by which to map back to the picture. Close to a
 * camera the nose grows more than the ears: this distinguishes a head from a photo of one.
 */
const backward = (faceWidth: number): Float32Array => {
  const distance = (2 * FOCAL) / faceWidth;
  const factors = new Float32Array(STEPS + 1).fill(1);
  let radius = 0;
  const forward = (at: number): number => (at * magnification(at, distance)) / magnification(at, PORTRAIT_DISTANCE);
  for (let step = 1; step <= STEPS; step += 1) {
    const seen = Math.sqrt(step / STEPS);
    while (radius < 1 && forward(radius) < seen) radius += 0.002;
    factors[step] = Math.min(1, radius / seen);
  }
  factors[0] = factors[1] ?? 1;
  return factors;
};

const levelFor = (picture: PersonPicture, shownSide: number): PixelGrid => {
  const fitting = picture.filter(({ width }) => width >= shownSide);
  const level = fitting.at(-1) ?? picture[0];
  if (level === undefined) throw new Error('a person needs a picture');
  return level;
};

/** Multiplies in the light of the screen; the light of the room stays. */
const applyLight = (pixels: Uint32Array, [red, green, blue]: readonly [number, number, number]): void => {
  const gain = (value: number): number => Math.round((1 - SCREEN_PART + (SCREEN_PART * value) / 255) * 256);
  const [r, g, b] = [gain(red), gain(green), gain(blue)];
  for (let index = 0; index < pixels.length; index += 1) {
    const value = pixels[index] ?? 0;
    pixels[index] =
      ((((value & 0xff) * r) >> 8) |
        (((((value >> 8) & 0xff) * g) >> 8) << 8) |
        (((((value >> 16) & 0xff) * b) >> 8) << 16) |
        0xff000000) >>>
      0;
  }
};

/** Paints what a camera sees of a person whose face is in the picture; keeps the background outside the picture. */
export const paintPerson = (target: PixelGrid, picture: PersonPicture, pose: HeadPose): void => {
  const { centerX, centerY, faceWidth, isFlat = false, light } = pose;
  const shownSide = faceWidth / FACE_PART;
  const { width: side, pixels } = levelFor(picture, shownSide);
  const scale = side / shownSide;
  const factors = isFlat ? null : backward(faceWidth);
  const reachX = (faceWidth / 2) * REACH;
  const reachY = reachX * HEIGHT_TO_WIDTH;
  const [fromX, toX] = [
    Math.max(0, Math.ceil(centerX - shownSide / 2)),
    Math.min(target.width, centerX + shownSide / 2),
  ];
  const [fromY, toY] = [
    Math.max(0, Math.ceil(centerY - shownSide / 2)),
    Math.min(target.height, centerY + shownSide / 2),
  ];
  for (let y = fromY; y < toY; y += 1) {
    const dy = y - centerY;
    const partY = (dy / reachY) ** 2;
    for (let x = fromX; x < toX; x += 1) {
      const dx = x - centerX;
      const squared = partY + (dx / reachX) ** 2;
      const factor = factors === null || squared >= 1 ? scale : scale * (factors[(squared * STEPS) | 0] ?? 1);
      const [sx, sy] = [(side / 2 + dx * factor) | 0, (side / 2 + dy * factor) | 0];
      if (sx >= 0 && sy >= 0 && sx < side && sy < side)
        target.pixels[y * target.width + x] = pixels[sy * side + sx] ?? 0;
    }
  }
  if (light !== undefined) applyLight(target.pixels, light);
};
