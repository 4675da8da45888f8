import { createHash } from 'node:crypto';

/** Values that look random and are the same in every run: the n-th value for a name. */
export class Dice {
  readonly #name: string;
  #hashed = 0;
  /** 32-bit words of the last hash that are not used yet. */
  #words: number[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  #bytes(): Buffer {
    this.#hashed += 1;
    return createHash('sha256').update(`${this.#name}#${this.#hashed}`).digest();
  }

  /** From 0 inclusive to 1 exclusive. */
  part(): number {
    if (this.#words.length === 0) {
      const bytes = this.#bytes();
      this.#words = Array.from({ length: bytes.length / 4 }, (_, word) => bytes.readUInt32BE(word * 4));
    }
    return (this.#words.pop() ?? 0) / 2 ** 32;
  }

  /** An integer from 0 inclusive to `below` exclusive. */
  below(below: number): number {
    return Math.floor(this.part() * below);
  }

  hex(length: number): string {
    return this.#bytes().toString('hex').slice(0, length);
  }

  /** One of `choices`, by weight. */
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
