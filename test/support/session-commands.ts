import fc from 'fast-check';
import { expect } from 'vitest';
import { userRow } from './inspect.ts';
import { type Browser, readReturnPage } from './login.ts';
import type { TestIntegration, World } from './world.ts';

export type Task = 'enroll' | 'verify';
const OTHER: Readonly<Record<Task, Task>> = { enroll: 'verify', verify: 'enroll' };
const MAX_ATTEMPTS = 3;
const SPARE_STARTS = 3;
/** How long such a session is open. */
export const TIMEOUT_SECONDS = 600;

/** A session as the rules define it; small enough to be read as the specification. */
export interface SessionModel {
  attempt: { number: number; status: 'started' | 'judged' | 'released'; outcome: string | null } | null;
  outcome: string | null;
  expiresAt: number;
  handedOverAt: number | null;
  finishedAt: number | null;
  failures: number;
  /** Faces that were judged. */
  judged: number;
}
/** What the commands act on. */
export interface RealSession {
  readonly world: World;
  readonly browser: Browser;
  readonly integration: TestIntegration;
  readonly sub: string;
  readonly task: Task;
  readonly livenessIds: Map<number, string>;
}
type Command = fc.AsyncCommand<SessionModel, RealSession>;

const currentOutcome = (model: SessionModel, now: number): string | null =>
  model.outcome ?? (now >= model.expiresAt ? 'expired' : null);
const parse = (answer: { body?: string | undefined }) => JSON.parse(answer.body ?? 'null');
/** Judged faces use attempts; starts may be a few more. */
const left = ({ judged, attempt }: SessionModel): number =>
  Math.max(0, Math.min(MAX_ATTEMPTS - judged, MAX_ATTEMPTS + SPARE_STARTS - (attempt?.number ?? 0)));
const isLive = (model: SessionModel): boolean => model.attempt?.status === 'started';
const end = (model: SessionModel, outcome: string, now: number): void => {
  model.outcome = outcome;
  model.finishedAt = now;
};
/** A session that was opened now. */
export const newModel = (now: number): SessionModel => ({
  attempt: null,
  outcome: null,
  expiresAt: now + TIMEOUT_SECONDS,
  handedOverAt: null,
  finishedAt: null,
  failures: 0,
  judged: 0,
});

const command = (name: string, run: (model: SessionModel, real: RealSession) => Promise<void>): Command => ({
  check: () => true,
  run,
  toString: () => name,
});

const start = command('start', async (model, { world, browser, task, livenessIds }) => {
  const answer = await browser.start(task, '2026-11');
  expect(answer.statusCode).toBe(200);
  if (currentOutcome(model, world.now()) !== null) return expect(parse(answer)).toEqual({ state: 'finished' });
  const number = (model.attempt?.number ?? 0) + 1;
  if (left(model) === 0) {
    end(model, lastVerdict(model) ?? 'unavailable', world.now());
    return expect(parse(answer)).toEqual({ state: 'finished' });
  }
  expect(parse(answer)).toMatchObject({ state: 'started', attempt: number, attemptsLeft: left(model) - 1 });
  model.attempt = { number, status: 'started', outcome: null };
  livenessIds.set(number, parse(answer).livenessSessionId);
});
/** The session remembers earlier verdicts; so does the model. */
const verdicts = new WeakMap<SessionModel, string>();
const lastVerdict = (model: SessionModel): string | undefined => verdicts.get(model);

type Face = 'right' | 'wrong' | 'no result';
const complete = (number: number, face: Face) =>
  command(`complete(${number}, ${face})`, async (model, { world, browser, task, livenessIds }) => {
    const livenessId = livenessIds.get(number);
    if (livenessId !== undefined) {
      const wrong = task === 'enroll' ? { confidence: 10 } : { person: 'mallory' };
      world.faces.play(livenessId, face === 'right' ? {} : face === 'wrong' ? wrong : { status: 'FAILED' });
    }
    const answer = await browser.complete(task, number);
    const current = currentOutcome(model, world.now());
    if (current !== null) return expect(parse(answer)).toMatchObject({ state: 'finished', outcome: current });
    const { attempt } = model;
    if (attempt === null || attempt.number !== number) return expect(answer.statusCode).toBe(409);
    if (attempt.outcome !== null)
      return expect(parse(answer)).toMatchObject({ state: 'again', outcome: attempt.outcome });
    if (attempt.status === 'released') return expect(answer.statusCode).toBe(409);
    if (face !== 'no result') model.judged += 1;
    const isLast = left(model) === 0;
    if (face === 'right') {
      model.failures = 0;
      model.outcome = task === 'enroll' ? 'enrolled' : 'verified';
      model.finishedAt = world.now();
    } else if (face === 'wrong') {
      model.failures += 1;
      model.attempt = { ...attempt, status: 'judged', outcome: 'not_verified' };
      verdicts.set(model, 'not_verified');
      if (isLast) {
        model.outcome = 'not_verified';
        model.finishedAt = world.now();
      }
    } else if (isLast) end(model, 'unavailable', world.now());
    else model.attempt = { ...attempt, status: 'released', outcome: 'unavailable' };
    const outcome = face === 'right' ? model.outcome : face === 'wrong' ? 'not_verified' : 'unavailable';
    expect(parse(answer)).toMatchObject({ state: model.outcome === null ? 'again' : 'finished', outcome });
  });

const release = (number: number) =>
  command(`release(${number})`, async (model, { browser }) => {
    const answer = await browser.send('releaseAttempt', { attempt: number });
    if (model.attempt?.number !== number) return expect(answer.statusCode).toBe(409);
    expect(answer.statusCode).toBe(204);
    if (model.outcome === null && isLive(model)) model.attempt = { ...model.attempt, status: 'released' };
  });

const endWith = (reason: 'declined' | 'reported' | 'unavailable') =>
  command(`end(${reason})`, async (model, { world, browser }) => {
    const answer = await browser.send('endSession', { reason });
    if (currentOutcome(model, world.now()) !== null) return expect(answer.statusCode).toBe(409);
    expect(answer.statusCode).toBe(204);
    end(model, reason, world.now());
  });

const wrongTask = command('the other task', async (model, { world, browser, task }) => {
  const started = await browser.start(OTHER[task], '2026-11');
  expect(started.statusCode).toBe(currentOutcome(model, world.now()) === null ? 409 : 200);
  expect((await browser.complete(OTHER[task], 1)).statusCode).toBe(409);
});

const wait = (seconds: number) =>
  command(`wait(${seconds})`, async (_model, { world }) => {
    world.advance(seconds);
  });

const giveBack = command('give back', async (model, { world, browser, integration }) => {
  const answer = await browser.giveBack();
  const outcome = currentOutcome(model, world.now());
  const isLate = model.handedOverAt !== null && world.now() - model.handedOverAt >= 90;
  // Not over yet: back to the capture page, and nothing is signed.
  if (outcome === null) return expect([answer.statusCode, answer.body]).toEqual([303, undefined]);
  if (isLate) return expect(answer.statusCode).toBe(409);
  expect(answer.statusCode).toBe(200);
  if (model.outcome === null) end(model, 'expired', world.now());
  model.handedOverAt ??= world.now();
  const isSuccess = outcome === 'enrolled' || outcome === 'verified';
  const isStale = isSuccess && model.handedOverAt - (model.finishedAt ?? 0) > 120;
  const { payload } = await readReturnPage(world, integration, answer);
  const res = String(payload['res']).replace(/^(no_match|not_live)$/, 'not_verified');
  expect(res).toBe(isStale ? 'expired' : outcome);
  expect(payload['event']).toBe(isSuccess && !isStale ? outcome : null);
});

export const read = command('read', async (model, { world, browser, integration, sub }) => {
  const outcome = currentOutcome(model, world.now());
  expect(await browser.view()).toMatchObject({
    state: outcome === null ? 'open' : 'finished',
    outcome,
    attemptsLeft: left(model),
  });
  const row = await userRow(world, integration.integrationId, sub);
  expect(row?.['failures'] ?? 0).toBe(model.failures);
  // A check without a judgment is not a guess: only failures are left of it.
  expect(row?.['guesses'] ?? 0).toBe(model.failures);
});

const attemptNumber = fc.integer({ min: 1, max: 7 });
/** Whatever a browser may call, in any order. */
export const sessionCommands = fc.commands(
  [
    fc.constant(start),
    fc.constant(start),
    fc
      .tuple(attemptNumber, fc.constantFrom<Face>('right', 'wrong', 'no result'))
      .map(([number, face]) => complete(number, face)),
    fc
      .tuple(attemptNumber, fc.constantFrom<Face>('wrong', 'no result'))
      .map(([number, face]) => complete(number, face)),
    attemptNumber.map(release),
    fc.constantFrom('declined' as const, 'reported' as const, 'unavailable' as const).map(endWith),
    fc.constant(wrongTask),
    fc.constantFrom(1, 60, 90, 121, TIMEOUT_SECONDS).map(wait),
    fc.constant(giveBack),
    fc.constant(read),
  ],
  { maxCommands: 25, size: 'max' },
);
