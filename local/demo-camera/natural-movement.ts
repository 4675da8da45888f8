interface Wave {
  readonly amplitude: number;
  readonly hertz: number;
  readonly phase: number;
}

/** How far a person is from the place they try to hold: pixels, and a factor of the size. */
export interface Sway {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

const WAVES = [0.17, 0.31, 0.53] as const;
const MAX_X = 9;
const MAX_Y = 7;
const MAX_SCALE = 0.02;
/** Nobody returns to exactly the same place: up to this much extra amplitude, different each time. */
const MAX_OFFSET = 0.4;

/** Small involuntary movements, different each time: a repeated recording is recognized by having the same ones. */
export class NaturalMovement {
  readonly #x: readonly Wave[];
  readonly #y: readonly Wave[];
  readonly #scale: readonly Wave[];
  readonly #offset: readonly [number, number];

  /** @param random 0 to 1; tests pass a seeded one */
  constructor(random: () => number) {
    const waves = (amplitude: number): Wave[] =>
      WAVES.map((hertz) => ({
        amplitude: (amplitude / WAVES.length) * (0.6 + 0.4 * random()),
        hertz: hertz * (0.7 + 0.6 * random()),
        phase: random() * 2 * Math.PI,
      }));
    this.#offset = [(random() * 2 - 1) * MAX_X * MAX_OFFSET, (random() * 2 - 1) * MAX_Y * MAX_OFFSET];
    [this.#x, this.#y, this.#scale] = [waves(MAX_X), waves(MAX_Y), waves(MAX_SCALE)];
  }

  at(ms: number): Sway {
    const sum = (waves: readonly Wave[]): number =>
      waves.reduce(
        (total, { amplitude, hertz, phase }) => total + amplitude * Math.sin((ms / 1000) * hertz * 2 * Math.PI + phase),
        0,
      );
    return { x: this.#offset[0] + sum(this.#x), y: this.#offset[1] + sum(this.#y), scale: 1 + sum(this.#scale) };
  }
}
