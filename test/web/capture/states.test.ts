import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { next } from '../../../web/capture/machine.ts';
import type { Event, State, StateName } from '../../../web/capture/states.ts';
import { stateDiagrams } from '../../support/mermaid.ts';
import { EVENTS, LOADING, STATES } from '../../support/page-walks.ts';

const PAGE = new URL('../../../web/capture/states.md', import.meta.url);
/** Leads from every state to reading the session again; the document says so in its text. */
const FROM_ANYWHERE = 'page-shown';

interface Step {
  readonly from: State;
  readonly event: Event;
  readonly to: State;
}

/** Every transition by any event from any reachable state. */
const allSteps = (): readonly Step[] => {
  const steps: Step[] = [];
  const known = new Set<string>();
  const waiting: State[] = [LOADING];
  for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
    for (const event of Object.values(EVENTS).flat()) {
      const to = next(from, event);
      if (to === from) continue;
      steps.push({ from, event, to });
      const key = JSON.stringify(to);
      if (known.has(key)) continue;
      known.add(key);
      waiting.push(to);
    }
  }
  return steps;
};

const idOf = (name: StateName): string => name.replaceAll('-', '_');
const arrowOf = (from: StateName, to: StateName): string => `${idOf(from)} --> ${idOf(to)}`;

/** The machine as a diagram: the events that lead from a state to another one, or to itself with a change. */
const drawn = (): string => {
  const labels = new Map<string, Set<string>>();
  for (const { from, event, to } of steps) {
    if (event.type === FROM_ANYWHERE) continue;
    const arrow = arrowOf(from.name, to.name);
    labels.set(arrow, (labels.get(arrow) ?? new Set()).add(event.type));
  }
  const arrows = STATES.flatMap((from) => STATES.map((to) => arrowOf(from, to)));
  const edges = arrows.flatMap((arrow) => {
    const events = [...(labels.get(arrow) ?? [])].toSorted();
    return events.length === 0 ? [] : [`  ${arrow}: ${events.join(', ')}\n`];
  });
  // Mermaid allows no hyphen in a name.
  const named = STATES.filter((name) => name.includes('-')).map((name) => `  state "${name}" as ${idOf(name)}\n`);
  return [...named, '  [*] --> loading\n', ...edges].join('');
};

let steps: readonly Step[];
beforeAll(() => {
  steps = allSteps();
});

test('web/capture/states.md shows the page’s machine: the diagram generated here has to be there', async () => {
  expect(new Set(steps.flatMap(({ from, to }) => [from.name, to.name]))).toEqual(new Set(STATES));
  const [diagram] = stateDiagrams(await readFile(PAGE, 'utf8'));
  expect(diagram).toBe(drawn());
});

test('a page restored from the browser’s history reads the session again, whatever it showed', () => {
  expect(new Set(steps.map(({ to }) => next(to, { type: FROM_ANYWHERE }).name))).toEqual(new Set([LOADING.name]));
});
