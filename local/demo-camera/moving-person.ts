/** Oval in pixels of the video, as the liveness stream announces it. */
export interface Oval {
  readonly CenterX: number;
  readonly CenterY: number;
  readonly Width: number;
  readonly Height: number;
}

/** Where the person is between far (0) and in the oval (1). */
export interface Progress {
  readonly oval: Oval;
  readonly nearness: number;
}

const WIDTH = 640;
const HEIGHT = 480;
/** Stays far that long after the oval is known, then comes nearer for so long. */
const FAR_MS = 4000;
const APPROACH_MS = 2000;
/** The face takes this part of a person's picture, and of the oval's width when it fills it. */
const FACE_PART = 0.47;
const FACE_IN_OVAL = 0.82;
const FAR_FACE_WIDTH = 96;

const CENTRED: Oval = { CenterX: WIDTH / 2, CenterY: HEIGHT / 2, Width: 288, Height: 466 };

/** Reads the oval out of the liveness stream and tells how far the movement is. */
export class OvalWatch {
  #oval: Oval = CENTRED;
  #knownAtMs: number | null = null;

  reset(): void {
    this.#oval = CENTRED;
    this.#knownAtMs = null;
  }

  /** One binary message of the stream; the oval stands in the JSON of one of them. */
  read(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) return;
    const found = /"OvalParameters":(\{[^}]+\})/.exec(new TextDecoder('latin1').decode(data))?.[1];
    if (found === undefined) return;
    this.#oval = JSON.parse(found) as Oval;
    this.#knownAtMs = performance.now();
  }

  progress(nowMs: number): Progress {
    const since = this.#knownAtMs === null ? 0 : nowMs - this.#knownAtMs - FAR_MS;
    return { oval: this.#oval, nearness: Math.min(1, Math.max(0, since / APPROACH_MS)) };
  }
}

/** Draws the person at this moment; a slight sway keeps two frames from being the same. */
export const drawPerson = (
  context: CanvasRenderingContext2D,
  image: CanvasImageSource,
  { oval, nearness }: Progress,
): void => {
  const faceWidth = FAR_FACE_WIDTH + (oval.Width * FACE_IN_OVAL - FAR_FACE_WIDTH) * nearness;
  const side = faceWidth / FACE_PART;
  const sway = Math.sin(performance.now() / 700) * 2;
  const [x, y] = [
    WIDTH / 2 + (oval.CenterX - WIDTH / 2) * nearness + sway,
    HEIGHT / 2 + (oval.CenterY - HEIGHT / 2) * nearness,
  ];
  context.fillStyle = '#8a8f98';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.drawImage(image, x - side / 2, y - side / 2, side, side);
};
