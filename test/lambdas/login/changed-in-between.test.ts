import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemOf } from '../../support/inspect.ts';
import { Browser, openLogin, readReturnPage } from '../../support/login.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

type Sessions = World['ports']['sessions'];

type Write = 'reserve' | 'changeHandoff' | 'finish';

/** The service with something that happens between reading a session and the next write of that name. */
const handlersWhere = (write: Write, happens: () => Promise<unknown>) => {
  let isArmed = false;
  const sessions = new Proxy(world.ports.sessions, {
    get: (target, name: keyof Sessions) => {
      const member = target[name].bind(target) as (...all: unknown[]) => Promise<unknown>;
      if (name !== write) return member;
      return async (...all: unknown[]) => {
        if (isArmed) {
          isArmed = false;
          await happens();
        }
        return member(...all);
      };
    },
  });
  const arm = (): void => {
    isArmed = true;
  };
  return { handlers: world.handlersWith({ sessions }), arm };
};

/** A login with two sets of calls: `slow` is interrupted by what happens in between, `page` makes the same browser's other calls. */
const openTwice = async (write: Write, happens: (page: Browser) => Promise<unknown>, { phoneHandoff = false } = {}) => {
  const integration = await world.newIntegration({ phoneHandoff });
  let page: Browser | null = null;
  const { handlers, arm } = handlersWhere(write, async () => page !== null && happens(page));
  const slow = await openLogin(world, integration, world.newExternalId(), { handlers });
  page = new Browser(world.handlers);
  page.cookies.push(...slow.cookies);
  page.handle = slow.handle;
  const version = (await slow.view()).consent?.version;
  return { integration, slow, page, arm, version };
};

const parse = (answer: { body?: string | undefined }) => JSON.parse(answer.body ?? '{}');

describe('an attempt that the page gives back while its next call is on the way', () => {
  test('does not prevent the next attempt', async () => {
    const { slow, arm, version } = await openTwice('reserve', (page) => page.send('releaseAttempt', { attempt: 1 }));
    await slow.start('enroll', version);
    arm();
    const started = await slow.start('enroll', version);
    expect(parse(started)).toMatchObject({ state: 'started', attempt: 2 });
    world.faces.play(parse(started).livenessSessionId, {});
    expect(parse(await slow.complete('enroll', 2))).toMatchObject({ state: 'finished', outcome: 'enrolled' });
  });

  test('does not prevent handing the check off to a phone', async () => {
    const { slow, page, arm, version } = await openTwice(
      'changeHandoff',
      (same) => same.send('releaseAttempt', { attempt: 1 }),
      { phoneHandoff: true },
    );
    await slow.start('enroll', version);
    arm();
    const offered = await slow.send('offerHandoff', { transport: 'qr' });
    expect([offered.statusCode, parse(offered).link]).toEqual([200, expect.stringContaining('/s/device/')]);
    expect((await page.view()).handoff).toMatchObject({ state: 'offered' });
  });

  test('does not prevent a phone from opening its link', async () => {
    const integration = await world.newIntegration({ phoneHandoff: true });
    const login = await openLogin(world, integration, world.newExternalId());
    await login.start('enroll', (await login.view()).consent?.version);
    const { link } = parse(await login.send('offerHandoff', { transport: 'qr' }));
    const { handlers, arm } = handlersWhere('changeHandoff', () => login.send('releaseAttempt', { attempt: 1 }));
    arm();
    const phone = new Browser(handlers);
    expect((await phone.followLink(link)).statusCode).toBe(303);
    expect(await phone.view()).toMatchObject({ role: 'device', runsHere: true });
  });
});

describe('an end that meets the page’s own release of its attempt', () => {
  const release = (page: Browser) => page.send('releaseAttempt', { attempt: 1 });

  test('T53 a login whose integration was switched off is over, at the next start and at complete', async () => {
    for (const go of [
      (slow: Browser, version: string | undefined) => slow.start('enroll', version),
      (slow: Browser) => slow.complete('enroll', 1),
    ]) {
      const { integration, slow, page, arm, version } = await openTwice('finish', release);
      await slow.start('enroll', version);
      await world.change(integration.integrationId, { enabled: false });
      arm();
      expect(parse(await go(slow, version))).toMatchObject({ state: 'finished' });
      expect(await page.view()).toMatchObject({ state: 'finished', outcome: 'disabled' });
    }
  });

  test('T59 a login whose time is over is returned with a signed answer', async () => {
    const { integration, slow, arm, version } = await openTwice('finish', release);
    await slow.start('enroll', version);
    world.advance(3600);
    arm();
    const { payload } = await readReturnPage(world, integration, await slow.giveBack());
    expect(payload).toMatchObject({ res: 'expired', event: null });
  });
});

describe('what another call decides in between', () => {
  test('T20 another attempt that was started stays the only one', async () => {
    const { slow, page, arm, version } = await openTwice('reserve', (same) => same.start('enroll', version));
    arm();
    expect(problemOf(await slow.start('enroll', version))).toMatchObject({ code: 'attempt-superseded' });
    expect((await page.view()).attemptsLeft).toBe(3);
    expect(parse(await page.send('releaseAttempt', { attempt: 1 })).code).toBeUndefined();
  });

  test('T20 a login that was ended is over', async () => {
    const { slow, arm, version } = await openTwice('reserve', (page) =>
      page.send('endSession', { reason: 'declined' }),
    );
    arm();
    expect(parse(await slow.start('enroll', version))).toEqual({ state: 'finished' });
  });

  test('T17 another link that was created stays the only one', async () => {
    const { slow, arm } = await openTwice('changeHandoff', (page) => page.send('offerHandoff', { transport: 'qr' }), {
      phoneHandoff: true,
    });
    arm();
    expect(problemOf(await slow.send('offerHandoff', { transport: 'qr' }))).toMatchObject({
      code: 'attempt-superseded',
    });
  });

  test('T17 a link that was opened elsewhere cannot be opened again', async () => {
    const integration = await world.newIntegration({ phoneHandoff: true });
    const login = await openLogin(world, integration, world.newExternalId());
    const { link } = parse(await login.send('offerHandoff', { transport: 'qr' }));
    const { handlers, arm } = handlersWhere('changeHandoff', () => new Browser(world.handlers).followLink(link));
    arm();
    const late = new Browser(handlers);
    expect((await late.followLink(link)).statusCode).toBe(404);
    expect(late.cookies).toEqual([]);
  });

  test('T17 a device that opened an earlier link opens nothing by the one that the login’s own browser opened', async () => {
    const integration = await world.newIntegration({ phoneHandoff: true });
    const login = await openLogin(world, integration, world.newExternalId());
    const newLink = async (): Promise<string> => parse(await login.send('offerHandoff', { transport: 'qr' })).link;
    const device = new Browser(world.handlers);
    expect((await device.followLink(await newLink())).statusCode).toBe(303);
    const newest = await newLink();
    await login.followLink(newest);
    expect((await device.followLink(newest)).statusCode).toBe(404);
    expect((await login.followLink(newest)).statusCode).toBe(303);
  });

  test('T49 a session that never stops changing is answered as unavailable', async () => {
    const integration = await world.newIntegration();
    const sessions = new Proxy(world.ports.sessions, {
      get: (target, name: keyof Sessions) =>
        name === 'reserve' ? async () => 'session-changed' : target[name].bind(target),
    });
    const login = await openLogin(world, integration, world.newExternalId(), {
      handlers: world.handlersWith({ sessions }),
    });
    const answer = await login.start('enroll', (await login.view()).consent?.version);
    expect(problemOf(answer)).toMatchObject({ status: 503, code: 'unavailable' });
  });
});
