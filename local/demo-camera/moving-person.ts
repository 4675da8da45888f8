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
/** Once the component has reported where the face was at first, the person waits so long, then comes nearer for so long. */
const PAUSE_MS = 300;
const APPROACH_MS = 1500;
/** The face takes this part of a person's picture, and of the oval's width when it fills it. */
const FACE_PART = 0.47;
const FACE_IN_OVAL = 0.82;
const FAR_FACE_WIDTH = 96;

const CENTRED: Oval = { CenterX: WIDTH / 2, CenterY: HEIGHT / 2, Width: 288, Height: 466 };

const latin1 = new TextDecoder('latin1');

/**
 * Reads the oval, and the moment to move, out of the liveness stream. No clock decides when to start: on a slow machine the
 * component takes seconds to find the first face, and then waits only seven for the oval to be filled.
 */
export class OvalWatch {
  #oval: Oval = CENTRED;
  #reportedAtMs: number | null = null;

  reset(): void {
    this.#oval = CENTRED;
    this.#reportedAtMs = null;
  }

  /** One binary message from Rekognition; the oval stands in the JSON of one of them. */
  received(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) return;
    const found = /"OvalParameters":(\{[^}]+\})/.exec(latin1.decode(data))?.[1];
    if (found !== undefined) this.#oval = JSON.parse(found) as Oval;
  }

  /** One binary message of the component; the first face that it found stands in one of them. */
  sent(data: unknown): void {
    if (this.#reportedAtMs !== null || !(data instanceof Uint8Array || data instanceof ArrayBuffer)) return;
    if (latin1.decode(data).includes('"InitialFace"')) this.#reportedAtMs = performance.now();
  }

  progress(nowMs: number): Progress {
    const since = this.#reportedAtMs === null ? 0 : nowMs - this.#reportedAtMs - PAUSE_MS;
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
