import type { Facts, Reading } from '../facts.ts';

type ValueOf<Name extends keyof Facts> = Facts[Name] extends Reading<infer Fact> ? Fact : never;
type Values<Needs extends keyof Facts> = { readonly [Name in Needs]: ValueOf<Name> };

/** What a check says of facts that could be read. A note is worth knowing and no fault. */
export type Verdict =
  | { readonly state: 'ok'; readonly value: string }
  | { readonly state: 'note'; readonly value: string; readonly why: string }
  | { readonly state: 'fault'; readonly value: string; readonly why: string; readonly fix: string };

/** One line of the report. */
export interface Finding {
  readonly name: string;
  readonly what: string;
  /** `unknown`: it could not be read. */
  readonly state: Verdict['state'] | 'unknown';
  readonly value: string;
  readonly why: string | null;
  readonly fix: string | null;
}

export interface Check {
  readonly name: string;
  /** What has to be so; docs/doctor.md lists it. */
  readonly what: string;
  readonly judge: (facts: Facts) => Finding;
}

export const ok = (value: string): Verdict => ({ state: 'ok', value });
export const note = (value: string, why: string): Verdict => ({ state: 'note', value, why });
export const fault = (value: string, why: string, fix: string): Verdict => ({ state: 'fault', value, why, fix });

const SHOWN = 4;

/** Names in a row, the first few of them. */
export const listed = (names: readonly string[]): string =>
  names.length <= SHOWN ? names.join(', ') : `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`;

const unknown = (why: string) => ({ state: 'unknown', value: 'not read', why, fix: null }) as const;
const gone = (why: string): Verdict =>
  fault(
    'something that the stack lists is gone',
    why,
    'In CloudFormation, "Detect drift" of the stacks says what. Tables: docs/deploy.md, "Back up and restore". Anything else: create it again under its name, or remove it from its stack and deploy.',
  );

/**
 * A check over facts.
 * @param needs facts without which it cannot judge; if one was not read, the line says why instead
 */
export const check = <const Needs extends keyof Facts>(
  name: string,
  what: string,
  needs: readonly Needs[],
  judge: (values: Values<Needs>) => Verdict,
): Check => ({
  name,
  what,
  judge: (facts) => {
    const unread = needs.map((need) => facts[need]).find(({ isRead }) => !isRead);
    if (unread?.isRead === false)
      return { name, what, why: null, fix: null, ...(unread.isGone ? gone(unread.reason) : unknown(unread.reason)) };
    const read = needs.map((need) => {
      const fact = facts[need];
      return [need, fact.isRead ? fact.value : null] as const;
    });
    // Every need is read by now.
    const verdict = judge(Object.fromEntries(read) as unknown as Values<Needs>);
    return { name, what, why: null, fix: null, ...verdict };
  },
});
