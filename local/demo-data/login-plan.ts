import { addSeconds, type EpochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import { Dice } from './dice.ts';

/** What happens at one face check. */
export type Scene = 'passes' | 'another-face' | 'no-life';

/** One login of a made-up user. */
export interface PlannedLogin {
  readonly externalId: string;
  readonly at: EpochSeconds;
  readonly app: string;
  readonly mode: 'always' | 'on-demand';
  readonly scenes: readonly Scene[];
  /** How it ends if no face check decides. */
  readonly leaves: 'declined' | 'reported' | 'unavailable' | 'expired' | null;
  /** From opening to the first face check. */
  readonly paceSeconds: number;
}

export interface PlanOptions {
  readonly name: string;
  readonly people: number;
  readonly days: number;
  /** The current time of the made-up organization. */
  readonly until: EpochSeconds;
}

const DAY_SECONDS = 86_400;
const APPS = [
  ['Harbour Bank', 70],
  ['Harbour Mobile', 20],
  ['Harbour Trading', 10],
] as const;

/** User ids in Auth0's formats: database, Google, Entra ID. */
const externalIdOf = (dice: Dice): string =>
  dice.of([
    [`auth0|${dice.hex(24)}`, 80],
    [`google-oauth2|1${String(dice.below(1e9)).padStart(9, '0')}${String(dice.below(1e9)).padStart(9, '0')}`, 14],
    [`waad|${Buffer.from(dice.hex(48), 'hex').toString('base64url')}`, 6],
  ]);

/** Most logins succeed immediately; the rest fail in typical ways. */
const courseOf = (dice: Dice): Pick<PlannedLogin, 'scenes' | 'leaves'> =>
  dice.of<Pick<PlannedLogin, 'scenes' | 'leaves'>>([
    [{ scenes: ['passes'], leaves: null }, 905],
    [{ scenes: ['another-face', 'passes'], leaves: null }, 30],
    [{ scenes: ['no-life', 'passes'], leaves: null }, 20],
    [{ scenes: ['another-face', 'another-face', 'another-face'], leaves: null }, 9],
    [{ scenes: ['no-life', 'no-life', 'no-life'], leaves: null }, 6],
    [{ scenes: [], leaves: 'declined' }, 12],
    [{ scenes: [], leaves: 'expired' }, 10],
    [{ scenes: [], leaves: 'unavailable' }, 6],
    [{ scenes: [], leaves: 'reported' }, 2],
  ]);

/** Mornings and evenings are busy, nights and weekends quiet. */
const secondOfDay = (dice: Dice): number => {
  const hour = dice.of([
    [2, 1],
    [6, 4],
    [8, 14],
    [10, 12],
    [13, 10],
    [16, 10],
    [19, 12],
    [21, 6],
  ] as const);
  return (hour + dice.part() * 2) * 3600;
};

const loginAt = (dice: Dice, externalId: string, at: EpochSeconds, isFirst: boolean): PlannedLogin => {
  const course = courseOf(dice);
  return {
    externalId,
    at,
    app: dice.of(APPS),
    mode: dice.part() < 0.85 ? 'always' : 'on-demand',
    paceSeconds: 6 + dice.below(12) + (dice.part() < 0.1 ? dice.below(60) : 0),
    // Most users who begin to enroll complete it.
    ...(isFirst && dice.part() < 0.97 ? { scenes: ['passes'], leaves: null } : course),
  };
};

/**
 * The logins that an organization's users start by themselves during its rollout of the face check: they enroll over the days and
 * return now and then, never in the last hour. The same `name`, `people`, `days` and `until` give the same logins.
 */
export const planLogins = (options: PlanOptions): readonly PlannedLogin[] => {
  const { people, days, until } = options;
  const dice = new Dice(options.name);
  const begin = addSeconds(until, -days * DAY_SECONDS);
  const logins: PlannedLogin[] = [];
  for (let user = 0; user < people; user += 1) {
    const externalId = externalIdOf(dice);
    const firstDay = Math.floor(days * dice.part() ** 1.3);
    for (let day = firstDay, isFirst = true; day < days; day += 1 + dice.below(18), isFirst = false) {
      const weekday = new Date((begin + day * DAY_SECONDS) * 1000).getUTCDay();
      const isQuiet = weekday % 6 === 0 && dice.part() < 0.5;
      const at = addSeconds(begin, Math.floor((day + (isQuiet ? 1 : 0)) * DAY_SECONDS + secondOfDay(dice)));
      if (at < until - 3600) logins.push(loginAt(dice, externalId, at, isFirst));
    }
  }
  return logins.sort((a, b) => a.at - b.at);
};
