import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { CompleteResponse, StartLivenessResponse } from '../../contract/api/face-check.ts';
import { StatisticsView } from '../../contract/api/portal/transactions.ts';
import { reenrollmentOf, UserView } from '../../contract/api/portal/users.ts';
import { ProblemDetails } from '../../contract/api/problem-details.ts';
import { readAnswer } from '../../contract/api/read-answer.ts';
import { SessionView } from '../../contract/api/session.ts';
import { EVERY_ANSWER, EVERY_BODY, samplesOf } from '../support/every-answer.ts';
import { STARTED, VIEW } from '../support/session-view.ts';

/** @throws ZodError */
const read = <Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> => {
  const { data, error } = readAnswer(schema, value);
  if (error !== undefined) throw error;
  return data as z.infer<Schema>;
};

/** The value with an additional member in each object. */
const withMore = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withMore);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, withMore(member)] as const);
  return { ...Object.fromEntries(members), addedLater: { nested: [1] } };
};

/** Members that hold a sent or stored value of any form: an addition there is not a member of the answer. */
const FREE: readonly string[] = ['options', 'yours', 'theirs'];
const withoutRecords = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (name, member) => (FREE.includes(name) ? undefined : member)));

describe.each(EVERY_ANSWER)('the answer of %s', (_name, schema) => {
  test('with additional members at every depth reads as without them', () => {
    for (const sample of [...samplesOf(schema, true), ...samplesOf(schema, false)]) {
      const answer = read(schema, withMore(sample));
      expect(withoutRecords(answer)).toEqual(withoutRecords(schema.parse(sample)));
    }
  });

  test('is written with only the declared members', () => {
    for (const sample of samplesOf(schema, true)) expect(schema.safeParse(withMore(sample)).success).toBe(false);
  });
});

/** Answers and bodies as release 0.1 writes them. Never change one: pages and services of that release are in use. */
const fixture = async (name: string): Promise<Readonly<Record<string, readonly unknown[]>>> =>
  JSON.parse(await readFile(new URL(`0.1/${name}.json`, import.meta.url), 'utf8'));

/** Routes that had another name in release 0.1. The former path of a moved route is a separate route. */
const RENAMED: Readonly<Record<string, string>> = {
  startEnrolLiveness: 'startEnrollLiveness',
  completeEnrol: 'completeEnroll',
};

/** A rotation that does not name the secret it replaces cannot be distinguished from a repeated one: it is refused, and ends nothing. */
const REFUSED_SINCE: readonly string[] = ['portalRotateSecret', 'portalRotateWebhookSecret'];

describe('with a service or a page of release 0.1', () => {
  test('its answers are read: later members may be missing', async () => {
    const answers = await fixture('answers');
    expect(Object.keys(answers).length).toBeGreaterThan(30);
    const current = new Map(EVERY_ANSWER);
    for (const [name, values] of Object.entries(answers)) {
      const schema = current.get(RENAMED[name] ?? name);
      if (schema === undefined) throw new Error(`${name} is missing: pages of release 0.1 call it`);
      for (const value of values) expect.soft(readAnswer(schema, value).error, name).toBeUndefined();
    }
  });

  test('its requests are accepted: later members are not required', async () => {
    const bodies = await fixture('bodies');
    expect(Object.keys(bodies).length).toBeGreaterThan(15);
    const current = new Map(EVERY_BODY);
    for (const [name, values] of Object.entries(bodies)) {
      const schema = current.get(RENAMED[name] ?? name);
      if (schema === undefined) throw new Error(`${name} is missing: pages of release 0.1 call it`);
      const isTaken = !REFUSED_SINCE.includes(name);
      for (const value of values) expect.soft(schema.safeParse(value).success, name).toBe(isTaken);
    }
  });
});

describe('a member renamed since release 0.1', () => {
  const required = { askedAt: 1_790_000_000, until: 1_790_086_400 };

  test('is read from an answer of either release', async () => {
    const { portalUser = [] } = await fixture('answers');
    const formerly = portalUser.map((answer) => read(UserView, answer));
    expect(formerly.map(({ reenrolment }) => reenrolment)).toContainEqual(expect.objectContaining({}));
    for (const answer of formerly) expect(reenrollmentOf(answer)).toEqual(answer.reenrolment);
    for (const reenrollment of [required, null]) {
      const answer = { ...(portalUser[0] as object), reenrollment, reenrolment: reenrollment };
      expect(reenrollmentOf(read(UserView, answer))).toEqual(reenrollment);
    }
  });

  test('is also present under its former name, since a page of that release reads it', async () => {
    const [answer] = (await fixture('answers'))['portalUser'] ?? [];
    const { reenrolment: _former, ...rest } = answer as Record<string, unknown>;
    expect(UserView.safeParse({ ...rest, reenrollment: required }).success).toBe(false);
  });
});

describe('a later value', () => {
  test('of an outcome is not a success, and leads back to the application', () => {
    const later = { ...VIEW, state: 'finished', outcome: 'verified_by_tomorrow' };
    expect(read(SessionView, later).outcome).toBe('unavailable');
    const finished = { state: 'finished', outcome: 'from_later', attemptsLeft: 1, hints: [] };
    expect(read(CompleteResponse, finished)).toMatchObject({ outcome: 'unavailable' });
  });

  test('of a hint is omitted', () => {
    const again = { state: 'again', outcome: 'not_verified', attemptsLeft: 1, hints: ['hat_worn', 'too_dark'] };
    expect(read(CompleteResponse, again)).toMatchObject({ hints: ['too_dark'] });
  });

  test('of a challenge reads as the one with the warning', () => {
    const challenge = 'HeadTurnChallenge';
    expect(read(SessionView, { ...VIEW, challenge }).challenge).toBe('FaceMovementAndLightChallenge');
    expect(read(StartLivenessResponse, { ...STARTED, challenge })).toMatchObject({ state: 'started' });
  });

  test('of a problem keeps its support id', () => {
    const problem = { type: 'x', title: 'x', status: 409, code: 'from-tomorrow', supportId: 'ABCD-EFGH' };
    expect(read(ProblemDetails, problem)).toMatchObject({
      code: 'internal-error',
      supportId: 'ABCD-EFGH',
    });
  });

  test('of an outcome in the statistics is omitted from the figures', () => {
    const figures = { logins: 2, tries: 3, medianSeconds: null, outcomes: { verified: 1, of_later: 1 } };
    const answer = read(StatisticsView, { per: 'day', buckets: [], total: figures });
    expect(answer.total.outcomes).toEqual({ verified: 1 });
  });

  test('that decides the page’s next step makes the answer unreadable', () => {
    expect(readAnswer(CompleteResponse, { state: 'paused', outcome: 'verified' }).success).toBe(false);
    expect(readAnswer(SessionView, { ...VIEW, role: 'auditor' }).success).toBe(false);
    expect(readAnswer(z.enum(['a']), 'b').success).toBe(false);
  });

  test('a missing value stays missing', () => {
    const { challenge: _gone, ...rest } = VIEW;
    expect(readAnswer(SessionView, rest).success).toBe(false);
  });
});
