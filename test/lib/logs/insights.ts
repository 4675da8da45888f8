import type { Fields } from './access-line.ts';

/** A line as CloudWatch Logs Insights sees it. */
export interface Line {
  /** Name of its log group. */
  readonly group: string;
  readonly text: string;
  /** Discovered fields: those of a JSON line. */
  readonly fields: Fields;
}

export interface Query {
  readonly matches: (line: Line) => boolean;
  /** Fields that the result shows or is grouped by. */
  readonly shown: readonly string[];
}

/** Strings and lists in double quotes, expressions between slashes, names with `@`, numbers with a unit, punctuation. */
const TOKEN = /\s*("(?:[^"\\]|\\.)*"|\/(?:[^/\\]|\\.)+\/|@?[A-Za-z][\w.]*|\d+[a-z]*|[=,()[\]|])/y;

const tokensOf = (text: string): readonly string[] => {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) throw new Error(`unknown in a query: ${text.slice(at)}`);
    tokens.push(token);
  }
  return tokens;
};

const valueIn = ({ group, text, fields }: Line, name: string): string => {
  if (name === '@message') return text;
  if (name === '@log') return `111122223333:${group}`;
  const value = fields[name];
  return value === undefined || value === null ? '' : String(value);
};

type Test = Query['matches'];

/** A parser of the part of the language that the runbook uses; it throws for anything else. */
class Parser {
  readonly #tokens: string[];

  constructor(tokens: readonly string[]) {
    this.#tokens = [...tokens];
  }

  #next(expected?: string): string {
    const token = this.#tokens.shift();
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new Error(`${expected ?? 'more'} expected in a query, not ${token}`);
    }
    return token;
  }

  #accept(token: string): boolean {
    if (this.#tokens[0] !== token) return false;
    this.#tokens.shift();
    return true;
  }

  #text(): string {
    return String(JSON.parse(this.#next()));
  }

  #term(): Test {
    const name = this.#next();
    const operator = this.#next();
    if (operator === '=') {
      const value = this.#text();
      return (line) => valueIn(line, name) === value;
    }
    if (operator === 'like') {
      const expression = new RegExp(this.#next().slice(1, -1));
      return (line) => expression.test(valueIn(line, name));
    }
    if (operator !== 'in') throw new Error(`unknown operator ${operator}`);
    const values: string[] = [];
    this.#next('[');
    do values.push(this.#text());
    while (this.#accept(','));
    this.#next(']');
    return (line) => values.includes(valueIn(line, name));
  }

  #every(): Test {
    const terms = [this.#term()];
    while (this.#accept('and')) terms.push(this.#term());
    return (line) => terms.every((term) => term(line));
  }

  #some(): Test {
    const parts = [this.#every()];
    while (this.#accept('or')) parts.push(this.#every());
    return (line) => parts.some((part) => part(line));
  }

  /** Names, or calls with one name or none: `count()`, `avg(durationMs)`, `bin(5m)`. @returns the fields in them */
  #names(): readonly string[] {
    const names: string[] = [];
    do {
      const name = this.#next();
      if (!this.#accept('(')) names.push(name);
      else if (!this.#accept(')')) {
        const inner = this.#next();
        if (!/^\d/.test(inner)) names.push(inner);
        this.#next(')');
      }
    } while (this.#accept(','));
    return names;
  }

  #stats(): readonly string[] {
    const measured = this.#names();
    return this.#accept('by') ? [...measured, ...this.#names()] : measured;
  }

  #sort(): readonly string[] {
    const name = this.#next();
    this.#accept('desc');
    return [name];
  }

  query(): Query {
    const tests: Test[] = [];
    const shown: string[] = [];
    do {
      const command = this.#next();
      if (command === 'filter') tests.push(this.#some());
      else if (command === 'fields') shown.push(...this.#names());
      else if (command === 'stats') shown.push(...this.#stats());
      else if (command === 'sort') shown.push(...this.#sort());
      else if (command === 'limit') this.#next();
      else throw new Error(`unknown command ${command}`);
    } while (this.#accept('|'));
    if (this.#tokens.length > 0) throw new Error(`left over in a query: ${this.#tokens.join(' ')}`);
    return { matches: (line) => tests.every((each) => each(line)), shown };
  }
}

/** Source of the language: CloudWatch Logs user guide, "CloudWatch Logs Insights language query syntax". */
export const parseQuery = (text: string): Query => new Parser(tokensOf(text)).query();
