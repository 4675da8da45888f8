import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CLAIM_SECONDS } from '../../../../lambdas/core/model/lockout.ts';
import { Problem } from '../../../../lambdas/core/model/problem.ts';
import { userRow } from '../../../support/inspect.ts';
import { type Browser, enroll, openLogin } from '../../../support/login.ts';
import { createWorld, type TestIntegration, type World } from '../../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

let integration: TestIntegration;
let sub: string;
beforeEach(async () => {
  integration = await world.newIntegration();
  sub = world.newExternalId();
  await enroll(world, integration, sub);
});

type Faces = World['ports']['faces'];
const facesWith = (members: Partial<Faces>): Faces => ({
  engine: world.faces.engine,
  createLiveness: (token, challenge) => world.faces.createLiveness(token, challenge),
  readLiveness: (id) => world.faces.readLiveness(id),
  countFaces: (image) => world.faces.countFaces(image),
  compare: (reference, probe) => world.faces.compare(reference, probe),
  ...members,
});
const login = (faces: Faces = world.faces) =>
  openLogin(world, integration, sub, { handlers: world.handlersWith({ faces }) });
const row = () => userRow(world, integration.integrationId, sub);
const down = () => Promise.reject(new Problem('unavailable', 'down'));

describe('T55 a start whose session changes before its liveness session was returned', () => {
  test.each([
    ['is created', (id: string) => Promise.resolve(id)],
    ['fails', down],
  ])('is given back if the liveness session %s', async (_, outcome) => {
    for (let times = 0; times < 7; times += 1) {
      let browser: Browser | null = null;
      let overlapping = 2;
      const faces = facesWith({
        createLiveness: async (token, challenge) => {
          const id = await world.faces.createLiveness(token, challenge);
          // Another call of the same page begins, and finally the login is abandoned, while this one waits for Rekognition.
          overlapping -= 1;
          if (overlapping >= 0) await browser?.start('verify');
          else await browser?.send('endSession', { reason: 'declined' });
          return outcome(id);
        },
      });
      browser = await login(faces);
      expect((await browser.start('verify')).statusCode).not.toBe(200);
    }
    expect(await row()).toMatchObject({ starts: 0 });
    expect((await (await login()).attempt(world, 'verify')).outcome).toBe('verified');
  });
});

const CHANGES: readonly (readonly [string, (browser: Browser) => Promise<unknown>])[] = [
  ['released', (browser) => browser.send('releaseAttempt', { attempt: 1 })],
  ['followed by another', (browser) => browser.start('verify')],
  ['ended with its login', (browser) => browser.send('endSession', { reason: 'declined' })],
];

describe.each(CHANGES)('T55 a guess without a verdict, its attempt %s while it was judged,', (_, change) => {
  /** Six logins, each of which changes while it is judged. */
  const sixLogins = async (facesOf: (changing: () => Promise<unknown>) => Partial<Faces>): Promise<void> => {
    for (let times = 0; times < 6; times += 1) {
      let browser: Browser | null = null;
      const faces = facesWith(facesOf(async () => browser !== null && (await change(browser))));
      browser = await login(faces);
      await browser.attempt(world, 'verify');
    }
  };

  test('is given back: nothing was judged', async () => {
    await sixLogins((changing) => ({
      readLiveness: async (id) => {
        await claimed();
        await changing();
        const result = await world.faces.readLiveness(id);
        return result === null ? null : { ...result, status: 'FAILED' };
      },
    }));
    expect(await row()).toMatchObject({ failures: 0, guesses: 0 });
  });

  test('T50 is given back: the comparison failed', async () => {
    await sixLogins((changing) => ({
      compare: async () => {
        await changing();
        return down();
      },
    }));
    expect(await row()).toMatchObject({ failures: 0, guesses: 0 });
    expect((await (await login()).attempt(world, 'verify')).outcome).toBe('verified');
  });

  test('T54 stays counted if it was judged', async () => {
    let browser: Browser | null = null;
    const faces = facesWith({
      compare: async (reference, probe) => {
        if (browser !== null) await change(browser);
        return world.faces.compare(reference, probe);
      },
    });
    browser = await login(faces);
    await browser.attempt(world, 'verify', { person: 'mallory' });
    expect(await row()).toMatchObject({ failures: 0, guesses: 1 });
  });

  test('T54 stays counted if the claim has ended: another caller may have judged it', async () => {
    let browser: Browser | null = null;
    const faces = facesWith({
      compare: async () => {
        if (browser !== null) await change(browser);
        world.advance(CLAIM_SECONDS);
        return down();
      },
    });
    browser = await login(faces);
    await browser.attempt(world, 'verify');
    expect(await row()).toMatchObject({ failures: 0, guesses: 1 });
  });

  /** The claim is written in parallel with the read of the liveness session. */
  const claimed = async (): Promise<void> => {
    for (;;) {
      if (Number((await row())?.['guesses'] ?? 0) > 0) return;
    }
  };
});

test('T54 two judges of one attempt, one after the other, give its guess back once', async () => {
  let second: Promise<unknown> | null = null;
  let browser: Browser | null = null;
  const other = await login();
  await other.attempt(world, 'verify', { person: 'mallory' });
  const faces = facesWith({
    compare: async () => {
      if (second === null) {
        // The first judge outlives its claim; the second reaches no verdict either.
        world.advance(CLAIM_SECONDS);
        second = browser?.complete('verify', 1) ?? null;
        await second;
      }
      return down();
    },
  });
  browser = await login(faces);
  await browser.attempt(world, 'verify');
  expect(await row()).toMatchObject({ failures: 1, guesses: 1 });
});
