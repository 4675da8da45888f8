/** One run of a login through the Actions, as the console shows it. */
export interface JournalLogin {
  readonly kind: 'login';
  readonly email: string;
  readonly app: string;
  readonly protocol: string;
  /** Its result: `passed`, `denied: …`, `failed`, `sent to …`. */
  readonly outcome: string;
  /** Names of the claims that the Actions set. */
  readonly claims: readonly string[];
}

/** A line that an Action wrote, or that the tenant wrote about it. */
export interface JournalLine {
  readonly kind: 'line';
  readonly text: string;
}

/** A one-time code that Auth0 would send by e-mail. */
export interface JournalCode {
  readonly kind: 'code';
  readonly email: string;
  readonly code: string;
}

export type JournalEntry = (JournalLogin | JournalLine | JournalCode) & { readonly at: string };

const MAX_ENTRIES = 200;

/** Recent events, newest first; in memory, for developers. */
export class Journal {
  readonly #entries: JournalEntry[] = [];
  readonly #clockMs: () => number;

  constructor(clockMs: () => number) {
    this.#clockMs = clockMs;
  }

  add(entry: JournalLogin | JournalLine | JournalCode): void {
    this.#entries.unshift({ ...entry, at: new Date(this.#clockMs()).toISOString() });
    this.#entries.splice(MAX_ENTRIES);
  }

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }
}
