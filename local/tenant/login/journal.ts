/** A pass of a login through the Actions, as the console shows it. */
export interface JournalLogin {
  readonly kind: 'login';
  readonly email: string;
  readonly app: string;
  readonly protocol: string;
  /** What it came to: `passed`, `denied: …`, `failed`, `sent to …`. */
  readonly outcome: string;
  /** Names of the claims that the Actions set. */
  readonly claims: readonly string[];
}

/** A line that an Action, or the tenant about it, wrote. */
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

/** What happened lately, newest first; in memory, for the person who develops. */
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
