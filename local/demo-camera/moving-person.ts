import { NaturalMovement } from './natural-movement.ts';
import type { HeadPose } from './person-pixels.ts';

/** An oval in pixels of the video, as the liveness stream announces it. */
export interface Oval {
  readonly CenterX: number;
  readonly CenterY: number;
  readonly Width: number;
  readonly Height: number;
}

/** Size of the demo camera's picture, pixels. */
export const WIDTH = 640;
export const HEIGHT = 480;

/** After the component has reported where the face was at first, the person waits this long, then takes this long to come nearer. */
const PAUSE_MS = { from: 200, to: 500 };
const APPROACH_MS = { from: 1900, to: 2700 };
/** Width of the cheeks while the person is far away, in pixels, and at the end, as a share of the oval's width. */
const FAR_WIDTH = { from: 88, to: 102 };
const FACE_IN_OVAL = { from: 0.76, to: 0.82 };
/** Maximum distance from the center while the person is far away, pixels. */
const FAR_OFFSET = 80;

export const CENTERED: Oval = { CenterX: WIDTH / 2, CenterY: HEIGHT / 2, Width: 288, Height: 466 };

const latin1 = new TextDecoder('latin1');

/** Easing from fast to slow, 0 to 1: a busy browser ends its recording some frames early, so the last ones must not matter. */
const eased = (part: number): number => part * (2 - part);

/** How a person comes nearer this time: nobody does it twice in the same way, and a repetition is refused as a replay. */
export class Approach {
  readonly #movement: NaturalMovement;
  readonly #pauseMs: number;
  readonly #approachMs: number;
  readonly #farWidth: number;
  readonly #partOfOval: number;
  readonly #farX: number;
  readonly #farY: number;

  /** @param random 0 to 1 */
  constructor(random: () => number) {
    const within = ({ from, to }: { readonly from: number; readonly to: number }): number =>
      from + (to - from) * random();
    this.#movement = new NaturalMovement(random);
    this.#pauseMs = within(PAUSE_MS);
    this.#approachMs = within(APPROACH_MS);
    this.#farWidth = within(FAR_WIDTH);
    this.#partOfOval = within(FACE_IN_OVAL);
    this.#farX = WIDTH / 2 + within({ from: -FAR_OFFSET, to: FAR_OFFSET });
    this.#farY = HEIGHT / 2 + within({ from: -FAR_OFFSET / 2, to: FAR_OFFSET / 2 });
  }

  /**
   * Where the head is.
   * @param nowMs any clock
   * @param askedMs time since the person was asked to come nearer; null before that
   */
  poseAt(nowMs: number, askedMs: number | null, oval: Oval): Required<Omit<HeadPose, 'light' | 'isFlat'>> {
    const since = askedMs === null ? 0 : (askedMs - this.#pauseMs) / this.#approachMs;
    const nearness = eased(Math.min(1, Math.max(0, since)));
    const { x, y, scale } = this.#movement.at(nowMs);
    const nearWidth = oval.Width * this.#partOfOval;
    return {
      faceWidth: (this.#farWidth + (nearWidth - this.#farWidth) * nearness) * scale,
      centerX: this.#farX + (oval.CenterX - this.#farX) * nearness + x,
      centerY: this.#farY + (oval.CenterY - this.#farY) * nearness + y,
    };
  }
}

/**
 * Reads the oval, and the moment to move, from the liveness stream. The start does not depend on a clock: on a slow machine the
 * component takes seconds to find the first face, and then waits only seven for the oval to be filled.
 */
export class OvalWatch {
  #oval: Oval = CENTERED;
  #isAsked = false;

  reset(): void {
    this.#oval = CENTERED;
    this.#isAsked = false;
  }

  get oval(): Oval {
    return this.#oval;
  }

  /** One binary message from Rekognition; one of them contains the oval in its JSON. */
  received(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) return;
    const found = /"OvalParameters":(\{[^}]+\})/.exec(latin1.decode(data))?.[1];
    if (found !== undefined) this.#oval = JSON.parse(found) as Oval;
  }

  /** One binary message from the component; one of them contains the first face that it found. */
  sent(data: unknown): void {
    if (this.#isAsked || !(data instanceof Uint8Array || data instanceof ArrayBuffer)) return;
    this.#isAsked = latin1.decode(data).includes('"InitialFace"');
  }

  /** True once the person has been asked to come nearer. */
  get isAsked(): boolean {
    return this.#isAsked;
  }
}

/**
 * The time that a movement has taken so far, counting at most `longestStepMs` from one frame to the next: if frames come late, the
 * person comes nearer more slowly, so that the recording of a busy machine still has the frames in between.
 */
export class Pace {
  readonly #longestStepMs: number;
  #sinceMs: number | null = null;
  #frameAtMs = 0;

  constructor(longestStepMs: number) {
    this.#longestStepMs = longestStepMs;
  }

  /** @returns null before the movement began */
  frame(nowMs: number, hasBegun: boolean): number | null {
    if (hasBegun) this.#sinceMs = (this.#sinceMs ?? 0) + Math.min(nowMs - this.#frameAtMs, this.#longestStepMs);
    this.#frameAtMs = nowMs;
    return this.#sinceMs;
  }
}
