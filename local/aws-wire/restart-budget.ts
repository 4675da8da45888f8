import { StartError } from './listen.ts';

/** How often a process that ended by itself may be restarted: one that keeps ending is not worth another start. */
export class RestartBudget {
  readonly #max: number;
  readonly #withinMs: number;
  readonly #clockMs: () => number;
  #takenAtMs: number[] = [];

  /** @param max starts within any `withinMs` */
  constructor(max: number, withinMs: number, clockMs: () => number = Date.now) {
    this.#max = max;
    this.#withinMs = withinMs;
    this.#clockMs = clockMs;
  }

  /** True if one more start is allowed, which is then counted. */
  take(): boolean {
    const nowMs = this.#clockMs();
    this.#takenAtMs = this.#takenAtMs.filter((atMs) => nowMs - atMs < this.#withinMs);
    if (this.#takenAtMs.length >= this.#max) return false;
    this.#takenAtMs.push(nowMs);
    return true;
  }
}

/** Is notified of processes that end by themselves. */
export interface TroubleListener {
  /** One line for the terminal: something ended and was restarted or replaced. Default: standard error. */
  readonly onTrouble?: (line: string) => void;
  /** One sentence: something ended permanently, and whatever needs it cannot continue. Default: standard error. */
  readonly onBroken?: (sentence: string) => void;
}

/** A process ended before it was ready. */
export class EndedAtStart extends StartError {
  /** How it ended, for a sentence about more than this start. */
  readonly how: string;

  constructor(sentence: string, how: string) {
    super(sentence);
    this.how = how;
  }
}

/** Why a start failed, as part of a sentence. */
export const describeFailedStart = (error: unknown): string =>
  error instanceof EndedAtStart ? error.how : (error as Error).message;

/** How a process ended, e.g. `signal SIGKILL`. */
export const describeEnd = (code: number | null, signal: NodeJS.Signals | null): string =>
  signal === null ? `exit code ${code}` : `signal ${signal}`;
