import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '../../../lambdas/core/model/problem.ts';
import { rowsOf, userRow } from '../../support/inspect.ts';
import { Browser, enroll, openLogin } from '../../support/login.ts';
import { createPortal, type Portal, withIntegration } from '../portal/portal-world.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await createPortal();
});
afterAll(() => portal.world.close());

/** The port, of which calls with this name fail from the `from`-th on. */
const failing = <Port extends object>(port: Port, name: keyof Port, from = 0): Port => {
  let calls = 0;
  return new Proxy(port, {
    get: (target, asked) => {
      const value: unknown = Reflect.get(target, asked);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        if (asked === name && calls++ >= from) return Promise.reject(new Problem('unavailable', `no ${String(name)}`));
        return value.apply(target, given);
      };
    },
  });
};

describe('T50 a link of which the e-mail cannot be sent', () => {
  const parse = (answer: { body?: string | undefined }) => JSON.parse(answer.body ?? '{}');
  const refusing = () =>
    portal.world.handlersWith({
      linkMail: { sendLink: async () => Promise.reject(new Problem('unavailable', 'SES SendEmail failed')) },
    });
  const withLogin = async () => {
    const integration = await portal.world.newIntegration({ enrollmentFlow: 'email' });
    return openLogin(portal.world, integration, portal.world.newExternalId());
  };
  /** The same browser, while no e-mail can be sent. */
  const whileNoMail = (login: Browser) => {
    const browser = new Browser(refusing());
    browser.cookies.push(...login.cookies);
    browser.handle = login.handle;
    return browser;
  };
  const offer = (browser: Browser) => browser.send('offerHandoff', { transport: 'email' });

  test('is said to be none, however often, and uses up none of the login’s three', async () => {
    const login = await withLogin();
    for (let count = 0; count < 4; count += 1) {
      const answer = await offer(whileNoMail(login));
      expect([answer.statusCode, parse(answer).code]).toEqual([503, 'mail-not-sent']);
      // What the page says, here "sent" or not, follows from this.
      expect((await login.view()).handoff).toBeNull();
    }
    const statuses: (number | undefined)[] = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await offer(login)).statusCode);
    expect(statuses).toEqual([200, 200, 200, 429]);
  });

  test('leaves the earlier link, and the device that opened it, as they were', async () => {
    const { world } = portal;
    const login = await withLogin();
    await offer(login);
    const link = world.links.at(-1)?.link ?? '';
    expect((await offer(whileNoMail(login))).statusCode).toBe(503);
    const device = new Browser(world.handlers);
    expect((await device.followLink(link)).statusCode).toBe(303);
    const { code } = await device.attempt(world, 'enroll');
    expect((await offer(whileNoMail(login))).statusCode).toBe(503);
    expect(parse(await login.send('confirmCode', { code }))).toMatchObject({ outcome: 'enrolled' });
  });
});

/** Something that happens once, and can be waited for. */
const moment = () => {
  let happens = (): void => {};
  const happened = new Promise<void>((resolve) => {
    happens = resolve;
  });
  return { happens, happened };
};

test('T20 a device that opens a link while it is taken back opens nothing', async () => {
  const { world } = portal;
  const integration = await world.newIntegration({ enrollmentFlow: 'email' });
  const login = await openLogin(world, integration, world.newExternalId());
  await login.send('offerHandoff', { transport: 'email' });
  const [atWrite, takenBack] = [moment(), moment()];
  const { sessions } = world.ports;
  const changeHandoff: typeof sessions.changeHandoff = async (...change) => {
    atWrite.happens();
    await takenBack.happened;
    return sessions.changeHandoff(...change);
  };
  const slow = new Proxy(sessions, {
    get: (target, name: keyof typeof sessions) =>
      name === 'changeHandoff' ? changeHandoff : target[name].bind(target),
  });
  const device = new Browser(world.handlersWith({ sessions: slow }));
  let opening: ReturnType<Browser['followLink']> | null = null;
  const sendLink = async ({ link }: { readonly link: string }) => {
    opening = device.followLink(link);
    await atWrite.happened;
    throw new Problem('unavailable', 'SES SendEmail failed');
  };
  const browser = new Browser(world.handlersWith({ linkMail: { sendLink } }));
  browser.cookies.push(...login.cookies);
  browser.handle = login.handle;
  expect((await browser.send('offerHandoff', { transport: 'email' })).statusCode).toBe(503);
  takenBack.happens();
  expect(await opening).toMatchObject({ statusCode: 404 });
  expect((await login.view()).handoff).toMatchObject({ state: 'offered' });
});

describe('an invitation that cannot be stored', () => {
  test.each([
    ['costs none of the day’s', false, 0],
    ['counts if a password was sent by then', true, 1],
  ] as const)('%s, and can be repeated', async (_what, isAdmitted, counted) => {
    const [{ call, found, members, world }, owner] = [portal, `ona-${isAdmitted}`];
    const { account } = await found(owner);
    const sent = async () => {
      const rows = (await rowsOf(world, 'ACCOUNT_ITEM_TABLE')).filter((row) => row['accountId'] === account.accountId);
      return rows.find(({ itemKey }) => itemKey === 'invitations-sent')?.['sent'] ?? 0;
    };
    const signInDirectory = { admit: async () => isAdmitted };
    const broken = portal.accountsWith({ signInDirectory, members: failing(members, 'putInvitation') });
    const body = { email: 'new@harbour-bank.example', role: 'viewer' };
    expect((await call(owner, 'portalInvite', { body }, broken)).status).toBe(503);
    expect(await sent()).toBe(counted);
    expect((await call(owner, 'portalInvite', { body })).status).toBe(200);
    expect(await sent()).toBe(counted + 1);
  });
});

test.each([
  ['T74 a deletion whose result cannot be read back is done, and the receipt says what it removed', false],
  ['T74 the same of a disabled user says that the disablement stays', true],
] as const)('%s', async (_what, isDisabled) => {
  const { call, users, usersWith, world } = portal;
  const one = await withIntegration(portal, 'dea');
  const externalId = world.newExternalId();
  await enroll(world, one, externalId);
  const body = { integrationId: one.integrationId, externalId };
  if (isDisabled) await call('dea', 'portalDisableUser', { body: { ...body, reason: 'left the company' } });
  // Read once to find the user.
  const broken = usersWith({ users: failing(users, 'read', 1) });
  const { status, body: receipt } = await call('dea', 'portalDeleteUser', { body }, broken);
  expect(status).toBe(200);
  expect(receipt).toEqual({
    externalId,
    deletedAt: world.now(),
    face: 'removed',
    consentRemoved: true,
    recordRemoved: true,
    disablementKept: isDisabled,
  });
  const row = await userRow(world, one.integrationId, externalId);
  expect([row?.['reference'], row?.['disabled'] !== undefined]).toEqual([undefined, isDisabled]);
  expect((await call('dea', 'portalUser', { query: body })).status).toBe(isDisabled ? 200 : 404);
});
