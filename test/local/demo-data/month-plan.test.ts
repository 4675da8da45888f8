import { expect, test } from 'vitest';
import { fromMilliseconds } from '../../../contract/protocol/epoch-seconds.ts';
import { type MonthPlan, planMonth } from '../../../local/demo-data/month-plan.ts';

const FIRST_DAY_MS = Date.UTC(2026, 10, 20);
const HOUR_MS = 3_600_000;
const LOCK_WINDOW_SECONDS = 1800;
const LOCK_AFTER_FAILURES = 5;
/** Every hour of 400 days: all weekdays, month ends, a change of year and both changes of daylight saving time. */
const HOURS = Array.from({ length: 400 * 24 }, (_, hour) => FIRST_DAY_MS + hour * HOUR_MS);

const planAt = (untilMs: number, people = 20, days = 3): MonthPlan =>
  planMonth({ name: 'harbour-bank', people, days, until: fromMilliseconds(untilMs) });

/** What is wrong with a month that ends then; nothing if it shows each state of a user. */
const faultsOf = ({ logins, actions, lockedUsers }: MonthPlan, until: number): readonly string[] => {
  const faults: string[] = [];
  const lastAt = new Map(logins.map(({ externalId, at }) => [externalId, at]));
  if (lockedUsers.length === 0) faults.push('nobody is locked');
  const others = new Set([...lockedUsers, ...actions.map(({ externalId }) => externalId)]);
  const enrolled = new Set(
    logins
      .filter(({ externalId, scenes }) => scenes.at(-1) === 'passes' && !others.has(externalId))
      .map(({ externalId }) => externalId),
  );
  if (enrolled.size < 2) faults.push('hardly any user is only enrolled');
  for (const externalId of lockedUsers) {
    const userLogins = logins.filter((login) => login.externalId === externalId);
    const refused = userLogins
      .filter(({ at }) => at > until - LOCK_WINDOW_SECONDS)
      .reduce((sum, login) => sum + login.scenes.filter((scene) => scene === 'another-face').length, 0);
    if (userLogins[0]?.scenes.at(-1) !== 'passes') faults.push('a locked user never enrolled');
    if (refused < LOCK_AFTER_FAILURES) faults.push('a locked user was refused too rarely');
    if (actions.some((action) => action.externalId === externalId)) faults.push('an operator acted on a locked user');
  }
  for (const { externalId, at } of actions) {
    if (at > until) faults.push('an action in the future');
    if (at <= (lastAt.get(externalId) ?? until)) faults.push('an action before the last login');
  }
  if (logins.some(({ at }) => at > until)) faults.push('a login in the future');
  if (logins.some(({ at }, index) => at < (logins[index - 1]?.at ?? 0))) faults.push('logins out of order');
  return faults;
};

test('at any hour of 400 days a user is locked, and operators acted only on others', () => {
  const faulty = HOURS.flatMap((untilMs) => {
    const faults = faultsOf(planAt(untilMs), untilMs / 1000);
    return faults.length === 0 ? [] : `${new Date(untilMs).toISOString()}: ${faults.join(', ')}`;
  });
  expect(faulty).toEqual([]);
});

test('a whole month of 2,000 users has each kind of action, and seven locked users', () => {
  const untilMs = Date.UTC(2028, 1, 29, 23, 50);
  const month = planAt(untilMs, 2000, 30);
  expect(faultsOf(month, untilMs / 1000)).toEqual([]);
  expect(month.lockedUsers).toHaveLength(7);
  expect(new Set(month.actions.map(({ kind }) => kind))).toEqual(new Set(['disable', 'require-enrollment', 'unlock']));
});

test('the same hour gives the same month', () => {
  expect(planAt(FIRST_DAY_MS)).toEqual(planAt(FIRST_DAY_MS));
});
