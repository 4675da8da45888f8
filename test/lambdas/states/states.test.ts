import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  RESULT_TOKEN_LIFETIME_SECONDS,
  VERIFICATION_MAX_AGE_SECONDS,
} from '../../../contract/protocol/result-token.ts';
import { enroll, openLogin } from '../../support/login.ts';
import { type Edge, regionsOf, stateDiagrams, statesOf } from '../../support/mermaid.ts';
import { newModel, sessionCommands, TIMEOUT_SECONDS } from '../../support/session-commands.ts';
import { MACHINE_NAMES, MACHINES, type MachineName } from '../../support/state-machines.ts';
import type { Transition } from '../../support/watch-states.ts';
import { ATTEMPT_JOURNEYS } from './attempt-journeys.ts';
import { HANDOFF_JOURNEYS } from './handoff-journeys.ts';
import { HANDOFF_STEPS, playHandoff, playUser, USER_STEPS } from './random-steps.ts';
import { SESSION_JOURNEYS } from './session-journeys.ts';
import { createStage, type Stage } from './stage.ts';
import { USER_JOURNEYS } from './user-journeys.ts';

const PAGE = new URL('../../../lambdas/core/model/states.md', import.meta.url);

let stage: Stage;
let diagrams: ReadonlyMap<MachineName, readonly Edge[]>;
beforeAll(async () => {
  stage = await createStage();
  const regions = stateDiagrams(await readFile(PAGE, 'utf8')).flatMap(regionsOf);
  expect(regions).toHaveLength(MACHINE_NAMES.length);
  diagrams = new Map(MACHINE_NAMES.map((name, index) => [name, regions[index] ?? []]));
});
afterAll(() => stage.world.close());

const edgesOf = (name: MachineName): readonly Edge[] => diagrams.get(name) ?? [];

/** One cause of one edge as a line, with the outcome if it ends a session. */
const lineOf = (name: MachineName, { from, to }: { from: string; to: string }, cause: string, detail: string | null) =>
  `${name}: ${from} --> ${to}: ${cause}${detail === null ? '' : ` (${detail})`}`;

/** Everything in a diagram, cause by cause; durations are only for the reader. */
const labelsOf = (name: MachineName): readonly string[] =>
  edgesOf(name).flatMap((edge) =>
    edge.causes.flatMap(({ name: cause, details }) =>
      (details.length === 0 || cause === 'time' ? [null] : details).map((detail) => lineOf(name, edge, cause, detail)),
    ),
  );
/** A transition as the diagram may label it: by the call, or by the write in it. */
const waysToSay = (transition: Transition): readonly string[] =>
  transition.causes.map((cause) => lineOf(transition.machine, transition, cause, transition.detail));

const labels = () => MACHINE_NAMES.flatMap(labelsOf);
const notOnPage = (seen: readonly Transition[]): readonly string[] => {
  const all = new Set(labels());
  return seen.map(waysToSay).flatMap((ways) => (ways.some((way) => all.has(way)) ? [] : [ways.join(' or ')]));
};

describe.each(MACHINE_NAMES)('the states of %s', (name) => {
  const { statuses, statusesOf } = MACHINES[name];

  test('in the diagram are those that the code distinguishes', () => {
    expect([...statesOf(edgesOf(name))].toSorted()).toEqual(Object.keys(statusesOf).toSorted());
  });

  test('represent every status of the code’s type, and no other', () => {
    expect([...new Set(Object.values(statusesOf).flat())].toSorted()).toEqual(statuses.toSorted());
  });
});

test('no edge is drawn twice', () => {
  expect(labels().toSorted()).toEqual([...new Set(labels())].toSorted());
});

test('what happens in fixed journeys is on the page, and everything on the page happens', async () => {
  const journeys = [...USER_JOURNEYS, ...SESSION_JOURNEYS, ...ATTEMPT_JOURNEYS, ...HANDOFF_JOURNEYS];
  for (const journey of journeys) await journey(stage);
  const seen = stage.watch.transitions();
  expect(notOnPage(seen)).toEqual([]);
  const happened = new Set(seen.flatMap(waysToSay));
  expect(labels().filter((line) => !happened.has(line))).toEqual([]);
  expect(stage.watch.wrongStatuses()).toEqual([]);
});

describe('whatever happens in any order is on the page', () => {
  /** As many as there is time for in addition to the fixed journeys; session-machine.test.ts has more for the rules of a session. */
  const RUNS = { numRuns: 10 };
  const check = (): void => {
    expect(notOnPage(stage.watch.transitions())).toEqual([]);
    expect(stage.watch.wrongStatuses()).toEqual([]);
  };

  test.each(['enroll', 'verify'] as const)('in a session to %s', async (task) => {
    const { world, watch } = stage;
    const lockout = { enabled: false, maxFailedAttempts: 10, windowSeconds: 86_400, lockSeconds: 1800 };
    const integration = await stage.integrationWith({ lockout, sessionTimeoutSeconds: TIMEOUT_SECONDS });
    await fc.assert(
      fc.asyncProperty(sessionCommands, async (sequence) => {
        watch.forget();
        const sub = world.newExternalId();
        if (task === 'verify') await enroll(world, integration, sub, 'alice', watch.handlers);
        const browser = await openLogin(world, integration, sub, { handlers: watch.handlers });
        const real = { world, browser, integration, sub, task, livenessIds: new Map<number, string>() };
        await fc.asyncModelRun(() => ({ model: newModel(world.now()), real }), sequence);
        check();
      }),
      RUNS,
    );
  });

  test('to a user', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...USER_STEPS), { maxLength: 15, size: 'max' }), async (steps) => {
        stage.watch.forget();
        await playUser(stage, steps);
        check();
      }),
      RUNS,
    );
  });

  test('on two devices', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...HANDOFF_STEPS), { maxLength: 15, size: 'max' }), async (steps) => {
        stage.watch.forget();
        await playHandoff(stage, steps);
        check();
      }),
      RUNS,
    );
  });
});

test('every cause is a function of core, or a write of the port Sessions', async () => {
  const folder = new URL('../../../lambdas/core/', import.meta.url);
  const files = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.ts'));
  const texts = await Promise.all(files.map((path) => readFile(new URL(path, folder), 'utf8')));
  const [, port = ''] = /^export interface Sessions \{([\s\S]*?)^\}/m.exec(texts.join('\n')) ?? [];
  const names = [...texts.join('\n').matchAll(/^export const (\w+)/gm), ...port.matchAll(/^ {2}(\w+)\(/gm)];
  const known = new Set(['time', ...names.map(([, name]) => name)]);
  const causes = MACHINE_NAMES.flatMap(edgesOf).flatMap((edge) => edge.causes.map(({ name }) => name));
  expect(causes.filter((name) => !known.has(name))).toEqual([]);
});

test('every link of the page leads to a file', async () => {
  const links = [...(await readFile(PAGE, 'utf8')).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((link) => !existsSync(new URL(link, PAGE)))).toEqual([]);
});

test('the seconds on the page are those of the code', () => {
  const secondsOf = (from: string) =>
    edgesOf('session').find((edge) => edge.from === from && edge.causes[0]?.name === 'time')?.causes[0]?.details;
  expect(secondsOf('success')).toEqual([`more than ${VERIFICATION_MAX_AGE_SECONDS} s`]);
  expect(secondsOf('handed_over')).toEqual([`${RESULT_TOKEN_LIFETIME_SECONDS} s`]);
});
