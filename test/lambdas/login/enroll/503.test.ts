import { afterAll, beforeAll, expect, test } from 'vitest';
import { problemOf, userRow } from '../../../support/inspect.ts';
import { Browser, openLogin } from '../../../support/login.ts';
import { createWorld, type World } from '../../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

type Ports = World['ports'];
const down = () => Promise.reject(new Error('down'));

const parts: Readonly<Record<string, () => Partial<Ports>>> = {
  'no liveness session': () => ({
    faces: new Proxy(world.ports.faces, {
      get: (target, member) => (member === 'createLiveness' ? down : Reflect.get(target, member, target)),
    }),
  }),
  'no stream credentials': () => ({ streamCredentials: { region: 'eu-west-1', issue: down } }),
};

test.each(Object.keys(parts))(
  'T50 T55 %s: no camera was opened, so the attempt does not count against the user',
  async (name) => {
    const integration = await world.newIntegration();
    const sub = world.newExternalId();
    const browser = await openLogin(world, integration, sub);
    const broken = new Browser(world.handlersWith(parts[name]?.() ?? {}));
    broken.cookies.push(...browser.cookies);
    broken.handle = browser.handle;
    expect(problemOf(await broken.start('enroll', '2026-11'))).toMatchObject({ status: 503, code: 'unavailable' });
    expect(await userRow(world, integration.integrationId, sub)).toMatchObject({ starts: 0 });
    expect(await browser.attempt(world, 'enroll')).toMatchObject({ outcome: 'enrolled' });
  },
);
