import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PortalUserStore } from '../../../../lambdas/adapters/dynamodb/users/portal-user-store.ts';
import type { LockoutPolicy } from '../../../../lambdas/core/model/integration.ts';
import { CLAIM_SECONDS, guessesLockedUntil } from '../../../../lambdas/core/model/lockout.ts';
import { Problem } from '../../../../lambdas/core/model/problem.ts';
import type { User } from '../../../../lambdas/core/model/user.ts';
import { type Browser, enroll, openLogin } from '../../../support/login.ts';
import { createWorld, type TestIntegration, type World } from '../../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const LIMIT = 3;
const LOCKOUT: LockoutPolicy = { enabled: true, maxFailedAttempts: LIMIT, windowSeconds: 3600, lockSeconds: 1800 };
const TABS = 5;

/** One tab of an attacker who knows the password and has another face. */
interface Tab {
  browser: Browser;
  number: number;
  /** A `complete` that has reached the comparison and waits there. */
  judging: {
    readonly answer: Promise<Answer>;
    readonly open: (isAnswered: boolean) => void;
    /** Until then no other caller can claim it. */
    readonly claimedUntil: number;
  } | null;
}
/** How the judging ended. */
interface Judged {
  readonly answer: Answer;
  /** It may have been judged: it was compared, or led to no verdict only after its claim had ended. */
  readonly counts: boolean;
}
interface Answer {
  readonly statusCode?: number;
  readonly state?: string;
  readonly outcome?: string;
}

interface Model {
  /** Failures disclosed since the last success, unlock or ended lock. */
  disclosed: number;
  /** Guesses that were judged, or may have been, and were not disclosed: their attempt was abandoned. */
  undisclosed: number;
  /** Steps after which the user was locked by failures. */
  locked: number;
}

class Real {
  readonly tabs: (Tab | null)[] = Array(TABS).fill(null);
  readonly #integration: TestIntegration;
  readonly #sub: string;
  /** Where comparisons wait, by the person in front of the camera. */
  readonly #reached = new Map<string, () => Promise<void>>();
  readonly #handlers: World['handlers'];
  readonly #users = new PortalUserStore(world.documents, {
    users: world.tables.USER_TABLE,
    jobs: world.tables.DUE_WORK_TABLE,
  });

  constructor(integration: TestIntegration, sub: string) {
    this.#integration = integration;
    this.#sub = sub;
    const { faces } = world.ports;
    const compare: typeof faces.compare = async (reference, probe) => {
      await this.#reached.get(JSON.parse(Buffer.from(probe).toString()).person)?.();
      return faces.compare(reference, probe);
    };
    const gated = new Proxy(faces, {
      get: (target, member) => {
        if (member === 'compare') return compare;
        const value: unknown = Reflect.get(target, member, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    this.#handlers = world.handlersWith({ faces: gated });
  }

  async user(): Promise<User> {
    const user = await this.#users.read(this.#integration.integrationId, this.#sub);
    if (user === null) throw new Error('the user is gone');
    return user;
  }

  inFlight(): number {
    return this.tabs.filter((tab) => tab?.judging != null).length;
  }

  async start(index: number): Promise<void> {
    const open = () => openLogin(world, this.#integration, this.#sub, { handlers: this.#handlers });
    const browser = this.tabs[index]?.browser ?? (await open());
    const { state, attempt, livenessSessionId } = JSON.parse((await browser.start('verify')).body ?? '{}');
    if (state !== 'started') {
      // A comparison that waits continues, whatever has happened to its login.
      if (this.tabs[index]?.judging == null) this.tabs[index] = null;
      return;
    }
    world.faces.play(livenessSessionId, { person: `mallory-${index}` });
    this.tabs[index] = { browser, number: attempt, judging: this.tabs[index]?.judging ?? null };
  }

  /** Completes up to the comparison; answers immediately if nothing is compared. */
  async begin(index: number): Promise<Answer | null> {
    const tab = this.tabs[index];
    if (tab == null || tab.judging !== null) return null;
    let open = (_: boolean) => {};
    const gate = new Promise<boolean>((resolve) => {
      open = resolve;
    });
    const name = `mallory-${index}`;
    const answer = { current: null as Promise<Answer> | null };
    const reached = new Promise<'reached'>((resolve) => {
      this.#reached.set(name, async () => {
        this.#reached.delete(name);
        resolve('reached');
        if (!(await gate)) throw new Problem('unavailable', 'Rekognition does not answer');
      });
    });
    answer.current = tab.browser.complete('verify', tab.number).then(({ statusCode, body }) => ({
      ...JSON.parse(body ?? '{}'),
      statusCode,
    }));
    const first = await Promise.race([reached, answer.current]);
    if (first !== 'reached') {
      this.#reached.delete(name);
      return first;
    }
    tab.judging = { answer: answer.current, open, claimedUntil: world.now() + CLAIM_SECONDS };
    return null;
  }

  async end(index: number, isAnswered = true): Promise<Judged | null> {
    const tab = this.tabs[index];
    if (tab?.judging == null) return null;
    const { answer, open, claimedUntil } = tab.judging;
    tab.judging = null;
    open(isAnswered);
    return { answer: await answer, counts: isAnswered || world.now() >= claimedUntil };
  }

  async release(index: number): Promise<void> {
    const tab = this.tabs[index];
    if (tab != null) await tab.browser.send('releaseAttempt', { attempt: tab.number });
  }

  async owner(): Promise<Answer> {
    const browser = await openLogin(world, this.#integration, this.#sub);
    const started = JSON.parse((await browser.start('verify')).body ?? '{}');
    if (started.state !== 'started') return { outcome: (await browser.view()).outcome ?? '' };
    world.faces.play(started.livenessSessionId, { person: 'alice' });
    return JSON.parse((await browser.complete('verify', started.attempt)).body ?? '{}');
  }

  async unlock(): Promise<void> {
    expect(await this.#users.clearFailures(await this.user(), world.now(), null)).toBe(true);
  }
}

type Command = fc.AsyncCommand<Model, Real>;

/** What must hold after every step. */
const expectBounded = async (model: Model, real: Real): Promise<void> => {
  expect(model.disclosed).toBeLessThanOrEqual(LIMIT);
  const until = guessesLockedUntil(await real.user(), LOCKOUT, world.now());
  // A lock lasts until its time is over or an operator lifts it: nothing that a browser sends lifts it.
  if (model.disclosed === LIMIT) {
    expect(until).not.toBeNull();
    model.locked += 1;
  }
  // And nobody is locked by guesses that cannot have been judged.
  if (until !== null) expect(model.disclosed + real.inFlight() + model.undisclosed).toBeGreaterThanOrEqual(LIMIT);
};

const command = (name: string, run: (model: Model, real: Real) => Promise<void>): Command => ({
  check: () => true,
  run: async (model, real) => {
    await run(model, real);
    await expectBounded(model, real);
  },
  toString: () => name,
});

/** An answer to a compared guess discloses its failure, and the lock if it begins one. A repeated answer discloses nothing new. */
const note = (model: Model, judged: Judged | null): void => {
  if (judged === null) return;
  const { answer, counts } = judged;
  if (answer.outcome === 'not_verified' || answer.outcome === 'locked') model.disclosed += 1;
  else if (counts) model.undisclosed += 1;
  expectNoSuccess(answer);
};
const expectNoSuccess = (answer: Answer | null): void =>
  expect(['verified', 'enrolled']).not.toContain(answer?.outcome);
const begins = (model: Model): void => {
  model.disclosed = 0;
  model.undisclosed = 0;
};

const tabIndex = fc.integer({ min: 0, max: TABS - 1 });
const guess = (tab: number) =>
  command(`guess(${tab})`, async (model, real) => {
    await real.start(tab);
    expectNoSuccess(await real.begin(tab));
    note(model, await real.end(tab));
  });
const commands = fc.commands(
  [
    tabIndex.map((tab) => command(`start(${tab})`, (_, real) => real.start(tab))),
    tabIndex.map((tab) => command(`begin(${tab})`, async (_, real) => expectNoSuccess(await real.begin(tab)))),
    tabIndex.map((tab) => command(`end(${tab})`, async (model, real) => note(model, await real.end(tab)))),
    tabIndex.map(guess),
    tabIndex.map(guess),
    tabIndex.map(guess),
    tabIndex.map((tab) => command(`no answer(${tab})`, async (model, real) => note(model, await real.end(tab, false)))),
    tabIndex.map((tab) => command(`release(${tab})`, (_, real) => real.release(tab))),
    fc.constant(
      command('the owner signs in', async (model, real) => {
        const wasLocked = model.disclosed === LIMIT;
        const { outcome } = await real.owner();
        if (wasLocked) expect(outcome).toBe('locked');
        if (outcome === 'verified') begins(model);
      }),
    ),
    fc.constant(
      command('an operator unlocks', async (model, real) => {
        await real.unlock();
        begins(model);
      }),
    ),
    fc.constant(command('housekeeping', async () => void (await world.housekeep()))),
    fc
      .constantFrom(1, CLAIM_SECONDS - 1)
      .map((seconds) => command(`wait(${seconds})`, async () => world.advance(seconds))),
    fc.constant(
      command('the lock is served', async (model, real) => {
        // Nothing is judged for this long: a Lambda ends after 25 seconds.
        for (let tab = 0; tab < TABS; tab += 1) note(model, await real.end(tab));
        world.advance(3600);
        begins(model);
      }),
    ),
  ],
  { maxCommands: 30, size: 'max' },
);

test('T54 however starts, releases, judging, success, unlocks and checks interleave: never more failures than the limit before a lock, and nothing that a browser sends lifts one', async () => {
  const integration = await world.newIntegration({ lockout: LOCKOUT, sessionTimeoutSeconds: 1800 });
  let locks = 0;
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      const sub = world.newExternalId();
      await enroll(world, integration, sub);
      const model: Model = { disclosed: 0, undisclosed: 0, locked: 0 };
      const real = new Real(integration, sub);
      await fc.asyncModelRun(() => ({ model, real }), sequence);
      for (let tab = 0; tab < TABS; tab += 1) {
        note(model, await real.end(tab));
        await expectBounded(model, real);
      }
      locks += model.locked;
    }),
    { numRuns: 40 },
  );
  // The runs cover what they are meant to test.
  expect(locks).toBeGreaterThan(0);
}, 120_000);

test('T54 guesses that were claimed before a success are worth nothing after it', async () => {
  const integration = await world.newIntegration({ lockout: LOCKOUT });
  const sub = world.newExternalId();
  await enroll(world, integration, sub);
  const real = new Real(integration, sub);
  // As many as allowed, less one for the owner, wait for their verdict; the owner signs in.
  for (const tab of [0, 1]) {
    await real.start(tab);
    await real.begin(tab);
  }
  expect((await real.owner()).outcome).toBe('verified');
  const model: Model = { disclosed: 0, undisclosed: 0, locked: 0 };
  for (const tab of [0, 1]) {
    // Whatever is judged now belongs to a series that is over: nothing is disclosed, and nothing is given back to the new one.
    const answer = await real.end(tab);
    expect(answer?.answer).toMatchObject({ state: 'again', outcome: 'unavailable' });
    await real.start(3);
    expectNoSuccess(await real.begin(3));
    await real.release(tab);
    note(model, await real.end(3));
  }
  expect(model.disclosed).toBe(2);
  await real.start(4);
  expectNoSuccess(await real.begin(4));
  note(model, await real.end(4));
  expect(model.disclosed).toBe(LIMIT);
  expect((await real.owner()).outcome).toBe('locked');
});
