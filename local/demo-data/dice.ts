import { createHash } from 'node:crypto';

/** Values that look random and are the same at every run: the n-th of a name. */
export class Dice {
  readonly #name: string;
  #thrown = 0;

  constructor(name: string) {
    this.#name = name;
  }

  #bytes(): Buffer {
    this.#thrown += 1;
    return createHash('sha256').update(`${this.#name}#${this.#thrown}`).digest();
  }

  /** 0 up to, and without, 1. */
  part(): number {
    return this.#bytes().readUInt32BE() / 2 ** 32;
  }

  /** A whole number from 0 up to, and without, `below`. */
  below(below: number): number {
    return Math.floor(this.part() * below);
  }

  hex(length: number): string {
    return this.#bytes().toString('hex').slice(0, length);
  }

  /** One of `choices`, by their weights. */
  of<Choice>(choices: readonly (readonly [Choice, number])[]): Choice {
    const [first] = choices;
    if (first === undefined) throw new Error('nothing to choose from');
    let left = this.part() * choices.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [choice, weight] of choices) {
      left -= weight;
      if (left < 0) return choice;
    }
    return first[0];
  }
}
