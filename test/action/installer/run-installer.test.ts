import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { InstallerPorts } from '../../../action/installer/installer-ports.ts';
import { runInstaller } from '../../../action/installer/run-installer.ts';
import { buildAction } from '../../../action/tools/build.ts';
import { startManagementServer } from './management-server.ts';

const NAME = 'Verified face factor';
const [SECRET, NEXT] = ['S'.repeat(43), 'N'.repeat(43)];
const INTEGRATION = `int_${'b'.repeat(20)}`;
const INSTALL = ['install', '--integration', INTEGRATION, '--capture-url', 'https://verify.example.com'];

let code: string;
let server: Awaited<ReturnType<typeof startManagementServer>>;
beforeAll(async () => {
  code = await readFile((await buildAction()).file, 'utf8');
  server = await startManagementServer();
});
afterAll(() => server.close());

/** Everything that was printed in a test, on either stream. */
let shown: string[];
beforeEach(async () => {
  await server.management.reset();
  shown = [];
});
afterEach(() => {
  for (const secret of [SECRET, NEXT, server.accessToken]) expect(shown.join('\n')).not.toContain(secret);
});

/** Runs a command as from a shell without terminal; returns exit code and output. */
const run = async (args: readonly string[], ports: Partial<InstallerPorts> = {}) => {
  const lines: string[] = [];
  const show = (line: string) => void [lines, shown].map((list) => list.push(line));
  const exitCode = await runInstaller(['auth0', ...args, '--domain', server.domain], {
    environment: { AUTH0_ACCESS_TOKEN: server.accessToken, VERIFIED_SESSION_SECRET: SECRET },
    fetch: globalThis.fetch,
    pause: async () => {},
    print: show,
    complain: show,
    readStdin: async () => '',
    askSecret: null,
    askConsent: null,
    buildCode: async () => code,
    ...ports,
  });
  return { exitCode, text: lines.join('\n') };
};
const found = () => server.management.byName(NAME);
const deployedCode = () => found()?.versions.find(({ id }) => id === found()?.deployedVersionId)?.code;
const flow = () => server.management.flow();
const writes = () => server.management.seen.filter(({ route }) => !route.startsWith('GET'));
const environment = (more: Record<string, string>) => ({
  environment: { AUTH0_ACCESS_TOKEN: server.accessToken, ...more },
});

test('install creates, builds, deploys and binds; repeated, it does nothing', async () => {
  await server.management.addForeign('first');
  const first = await run(INSTALL);
  expect(first.exitCode).toBe(0);
  expect(first.text).toContain('place 2 of 2');
  expect(flow()).toEqual(['first!', NAME]);
  expect(deployedCode()?.startsWith(code)).toBe(true);
  expect(found()?.secrets).toEqual({
    INTEGRATION_ID: INTEGRATION,
    CAPTURE_URL: 'https://verify.example.com',
    SESSION_SECRET: SECRET,
  });
  server.management.seen.length = 0;
  expect(await run(INSTALL)).toMatchObject({ exitCode: 0, text: expect.stringContaining('Nothing to do') });
  expect(writes()).toEqual([]);
});

test('other entries of the flow are sent back with their own id and name', async () => {
  const other = await server.management.addForeign('first');
  await run(INSTALL);
  expect(server.management.seen.find(({ route }) => route === 'PATCH triggers/post-login/bindings')?.body).toEqual({
    bindings: [
      { ref: { type: 'binding_id', value: other.bindingId }, display_name: 'first!' },
      { ref: { type: 'action_id', value: found()?.id }, display_name: NAME },
    ],
  });
});

describe('T25 a second integration in the tenant', () => {
  const OTHER = `int_${'c'.repeat(20)}`;
  const second = (...settings: string[]) => [
    ...['install', '--integration', OTHER, '--capture-url', 'https://verify.example.com', '--name', 'Second'],
    ...settings.flatMap((setting) => ['--setting', setting]),
  ];
  const NOTE = `"${NAME}" is also an Action of Verified and may write claims with the same names.`;

  test.each<[string, string[], string[], boolean]>([
    ['no division', [], [], true],
    ['one applies everywhere', ['ONLY_CLIENTS=a'], [], true],
    ['they share one application', ['ONLY_CLIENTS=a,b'], ['ONLY_CLIENTS=b, c'], true],
    ['each excepts another application', ['EXCEPT_CLIENTS=a'], ['EXCEPT_CLIENTS=b'], true],
    ['a blank list does not count', ['ONLY_CLIENTS=a'], ['ONLY_CLIENTS= '], true],
    ['separate applications', ['ONLY_CLIENTS=a,b'], ['ONLY_CLIENTS=c'], false],
    ['one excepts what the other has', ['ONLY_CLIENTS=a'], ['EXCEPT_CLIENTS=a,b'], false],
    ['the other way round', ['EXCEPT_CLIENTS=a,b'], ['ONLY_CLIENTS=a'], false],
    ['a separate namespace', [], ['CLAIM_NAMESPACE=https://bank.example/face/'], false],
  ])('causes a warning unless their claims cannot collide: %s', async (_, ofFirst, ofSecond, isWarned) => {
    await run([...INSTALL, ...ofFirst.flatMap((setting) => ['--setting', setting])]);
    const installed = await run(second(...ofSecond));
    expect(installed.exitCode).toBe(0);
    expect(installed.text.includes(NOTE)).toBe(isWarned);
    const status = await run(['status', '--name', 'Second']);
    expect([status.exitCode, status.text.includes(NOTE)]).toEqual([0, isWarned]);
  });

  test('an Action of another vendor causes no warning', async () => {
    await server.management.addForeign('first');
    expect((await run(INSTALL)).text).not.toContain('is also an Action of Verified');
    expect((await run(['status'])).text).not.toContain('is also an Action of Verified');
  });
});

test('--dry-run shows the change and writes nothing', async () => {
  const { exitCode, text } = await run([...INSTALL, '--dry-run']);
  expect(exitCode).toBe(0);
  for (const line of ['+ Action', `+ INTEGRATION_ID = ${INTEGRATION}`, '+ SESSION_SECRET = (secret)', 'dry run']) {
    expect(text).toContain(line);
  }
  expect(writes()).toEqual([]);
});

test('--no-flow deploys without changing the flow', async () => {
  expect((await run([...INSTALL, '--no-flow'])).exitCode).toBe(0);
  expect(deployedCode()).toBeDefined();
  expect(flow()).toEqual([]);
});

test('a setting is changed or removed, and the others stay', async () => {
  await run(INSTALL);
  const changed = await run(['install', '--setting', 'MODE=on-demand']);
  expect(changed.text).toContain('+ MODE = on-demand');
  expect(found()?.secrets).toMatchObject({ MODE: 'on-demand', INTEGRATION_ID: INTEGRATION, SESSION_SECRET: SECRET });
  expect((await run(['install', '--setting', 'MODE='])).text).toContain('- MODE (was on-demand)');
  expect(found()?.secrets).not.toHaveProperty('MODE');
});

test('a run without changes needs no Session Secret; one with changes asks for it by name', async () => {
  await run(INSTALL);
  expect((await run(INSTALL, environment({}))).text).toContain('Nothing to do');
  const { exitCode, text } = await run(['install', '--setting', 'DEBUG=true'], environment({}));
  expect([exitCode, text]).toEqual([2, expect.stringContaining('VERIFIED_SESSION_SECRET')]);
  expect(found()?.secrets).not.toHaveProperty('DEBUG');
});

test.each([
  [['install'], '--integration is needed'],
  [['install', '--integration', 'int_wrong', '--capture-url', 'https://v.example'], 'INTEGRATION_ID'],
  [[...INSTALL, '--setting', 'MODE=sometimes'], 'MODE'],
  [[...INSTALL, '--setting', 'NO_SUCH=1'], 'no setting NO_SUCH'],
])('a setting that the Action would refuse is refused before it is written: %j', async (args, message) => {
  expect(await run(args)).toMatchObject({ exitCode: 2, text: expect.stringContaining(message) });
  expect(writes()).toEqual([]);
});

test('no command touches an Action of that name that is not Verified’s', async () => {
  await server.management.addForeign(NAME);
  for (const args of [INSTALL, ['upgrade'], ['rotate'], ['uninstall'], ['status']]) {
    expect((await run(args)).exitCode).toBe(4);
  }
  expect(writes()).toEqual([]);
});

test('an Action whose name only has the same prefix is not taken for the installed one', async () => {
  await server.management.addForeign(`${NAME} (old)`);
  expect((await run(INSTALL)).exitCode).toBe(0);
  expect(flow()).toEqual([`${NAME} (old)!`, NAME]);
});

test('a flow without room is refused before anything is written', async () => {
  for (let index = 0; index < 20; index += 1) await server.management.addForeign(`other ${index}`);
  expect(await run(INSTALL)).toMatchObject({ exitCode: 4, text: expect.stringContaining('Nothing was changed') });
  expect(writes()).toEqual([]);
});

test('T71 a secret given as another setting by mistake is not shown either', async () => {
  const { text } = await run([...INSTALL, '--setting', `CLAIM_NAMESPACE=https://a.example/${SECRET}/`, '--dry-run']);
  expect(text).toContain('https://a.example/(secret)/');
});

test('upgrade replaces the code, keeps settings and place, and needs no Session Secret', async () => {
  await run(INSTALL, {
    buildCode: async () => code.replace('source ', 'source 0').replace(/source 0(.{15})./, 'source 0$1'),
  });
  await server.management.addForeign('later');
  server.management.seen.length = 0;
  expect(await run(['upgrade'], environment({}))).toMatchObject({ exitCode: 0 });
  expect(deployedCode()?.startsWith(code)).toBe(true);
  expect(found()?.secrets).toMatchObject({ SESSION_SECRET: SECRET });
  expect(flow()).toEqual([NAME, 'later!']);
  expect(writes().map(({ route }) => route)).toEqual(['PATCH actions/:id', 'POST actions/:id/deploy']);
  expect(writes()[0]?.body).not.toHaveProperty('secrets');
});

describe('T13 rotation', () => {
  const rotating = () => environment({ VERIFIED_SESSION_SECRET: NEXT, VERIFIED_SESSION_SECRET_PREVIOUS: SECRET });

  test('first both are set, then only the new one; each step can be repeated', async () => {
    await run(INSTALL);
    for (const _again of [1, 2]) {
      expect((await run(['rotate'], rotating())).exitCode).toBe(0);
      expect(found()?.secrets).toMatchObject({ SESSION_SECRET: NEXT, SESSION_SECRET_PREVIOUS: SECRET });
    }
    expect((await run(['status'])).text).toContain('rotate --finish');
    for (const _again of [1, 2]) {
      expect((await run(['rotate', '--finish'], environment({ VERIFIED_SESSION_SECRET: NEXT }))).exitCode).toBe(0);
      expect(found()?.secrets).toEqual({
        INTEGRATION_ID: INTEGRATION,
        CAPTURE_URL: 'https://verify.example.com',
        SESSION_SECRET: NEXT,
      });
    }
  });

  test.each([
    ['the two are mixed up', NEXT, SECRET, ['rotate']],
    ['both are the same', SECRET, SECRET, ['rotate']],
    ['the old one is unknown', 'U'.repeat(43), NEXT, ['rotate']],
  ])('refused when %s', async (_title, previous, next, args) => {
    await run(INSTALL);
    const mixed = environment({ VERIFIED_SESSION_SECRET: next, VERIFIED_SESSION_SECRET_PREVIOUS: previous });
    expect((await run(args, mixed)).exitCode).toBe(2);
    expect(found()?.secrets).not.toHaveProperty('SESSION_SECRET_PREVIOUS');
  });

  test('the end of a rotation is refused with a secret that is not installed', async () => {
    await run(INSTALL);
    await run(['rotate'], rotating());
    expect((await run(['rotate', '--finish'])).exitCode).toBe(2);
    expect(found()?.secrets).toMatchObject({ SESSION_SECRET: NEXT, SESSION_SECRET_PREVIOUS: SECRET });
  });
});

test('uninstall removes only its own Action, never writes the flow, and can be repeated', async () => {
  await server.management.addForeign('first');
  await run(INSTALL);
  const last = await server.management.addForeign('last');
  server.management.seen.length = 0;
  expect(await run(['uninstall'])).toMatchObject({ exitCode: 0, text: expect.stringContaining('"first!", "last!"') });
  expect(flow()).toEqual(['first!', 'last!']);
  expect(server.management.registry.get(last.actionId).isChanged === false).toBe(true);
  expect(writes().map(({ route, query }) => [route, query])).toEqual([['DELETE actions/:id', { force: 'true' }]]);
  expect((await run(['uninstall'])).text).toContain('Nothing to do');
});

test('answering no at the terminal changes nothing', async () => {
  const refuse = { askConsent: async () => false };
  expect(await run(INSTALL, refuse)).toMatchObject({
    exitCode: 0,
    text: expect.stringContaining('Nothing was changed.'),
  });
  expect(writes()).toEqual([]);
});

/** A change by hand: an admin saves the Action again, with other secrets or with the same. */
const redraft = (secrets: Record<string, string> | null) => {
  const { id = '', runtime = '', code: saved = '' } = found() ?? {};
  return server.management.registry.update(id, { code: saved, runtime, dependencies: [], secrets });
};
const deployAgain = ({ id }: { readonly id: string }) => server.management.registry.deploy(id);

describe('status', () => {
  test('not installed', async () => {
    expect((await run(['status'])).exitCode).toBe(5);
  });
  test('as it should be, as text and as JSON', async () => {
    await run(INSTALL);
    expect(await run(['status'])).toMatchObject({
      exitCode: 0,
      text: expect.stringContaining('Everything is as it should be'),
    });
    expect(JSON.parse((await run(['status', '--json'])).text)).toMatchObject({
      isInstalled: true,
      isUpToDate: true,
      place: 1,
      settings: { INTEGRATION_ID: INTEGRATION },
      secretNames: ['SESSION_SECRET'],
      problems: [],
    });
  });
  test.each([
    ['unbound', () => server.management.registry.setFlow([]), 'is not in the post-login flow'],
    ['a draft that is not deployed', () => redraft(null), 'not deployed'],
    ['a setting deleted by hand', async () => deployAgain(await redraft({})), 'INTEGRATION_ID was deleted'],
  ])('%s is a problem, and the next install fixes it', async (_title, damage, problem) => {
    await run(INSTALL);
    await damage();
    expect(await run(['status'])).toMatchObject({ exitCode: 5, text: expect.stringContaining(problem) });
    expect((await run(INSTALL)).exitCode).toBe(0);
    expect((await run(['status'])).exitCode).toBe(0);
  });
});

describe('Auth0 refuses or fails', () => {
  const ROUTES = [
    'GET actions',
    'GET triggers/post-login/bindings',
    'POST actions',
    'GET actions/:id',
    'POST actions/:id/deploy',
    'PATCH triggers/post-login/bindings',
  ];
  const scopeOf = (route: string) =>
    route.startsWith('GET') ? 'read' : route.startsWith('POST') ? 'create' : 'update';

  test.each(ROUTES)('%s without the permission: the message names it, and the next run completes', async (route) => {
    const body = {
      statusCode: 403,
      error: 'Forbidden',
      message: `Insufficient scope, expected any of: ${scopeOf(route)}:actions`,
      errorCode: 'insufficient_scope',
    };
    server.management.fault = (asked) => (asked === route ? { status: 403, body } : null);
    expect(await run(INSTALL)).toMatchObject({
      exitCode: 3,
      text: expect.stringContaining(`${scopeOf(route)}:actions`),
    });
    server.management.fault = () => null;
    expect((await run(INSTALL)).exitCode).toBe(0);
    expect((await run(['status'])).exitCode).toBe(0);
  });

  test('401 and a body that repeats what was sent: none of it is shown', async () => {
    server.management.fault = () => ({
      status: 401,
      body: { message: `bad ${SECRET} ${server.accessToken}`, token: server.accessToken },
    });
    expect((await run(INSTALL)).exitCode).toBe(3);
    server.management.fault = (route) =>
      route === 'POST actions' ? { status: 400, body: { message: `no ${SECRET}` } } : null;
    expect(await run(INSTALL)).toMatchObject({ exitCode: 1, text: expect.stringContaining('no (secret)') });
  });

  test('429: the SDK waits the given time and continues', async () => {
    const headers = { 'retry-after': '1', 'x-ratelimit-remaining': '0' };
    server.management.fault = (route, count) =>
      route === 'POST actions' && count === 1 ? { status: 429, headers } : null;
    expect((await run(INSTALL)).exitCode).toBe(0);
    expect(server.management.seen.filter(({ route }) => route === 'POST actions')).toHaveLength(2);
  });

  test('an answer lost after it took effect: the repeated call finds the Action, and there is only one', async () => {
    const headers = { 'retry-after': '1' };
    server.management.fault = (route, count) =>
      route === 'POST actions' && count === 1 ? { status: 503, headers, isLate: true } : null;
    expect((await run(INSTALL)).exitCode).toBe(0);
    expect(server.management.registry.list().filter(({ name }) => name === NAME)).toHaveLength(1);
    expect((await run(['status'])).exitCode).toBe(0);
  });

  test('nobody answers', async () => {
    await server.close();
    expect(await run(INSTALL)).toMatchObject({ exitCode: 1, text: expect.stringContaining('could not be reached') });
    server = await startManagementServer();
  });
});

test('an unexpected error shows only its type', async () => {
  const buildCode = () => Promise.reject(new RangeError(`secret detail ${SECRET}`));
  expect(await run(INSTALL, { buildCode })).toEqual({
    exitCode: 1,
    text: expect.stringMatching(/RangeError(?!.*detail)/),
  });
});
