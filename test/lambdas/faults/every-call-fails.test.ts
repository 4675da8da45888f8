import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLAIM_SECONDS } from '../../../lambdas/core/model/lockout.ts';
import { type Fault, faultyPorts } from '../../support/faulty-ports.ts';
import { rowsOf, storedFaces, userRow } from '../../support/inspect.ts';
import { Browser, claimsFor, enroll, openLogin, readReturnPage, signToken } from '../../support/login.ts';
import { createWorld, type TestIntegration, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

type Task = 'enroll' | 'verify';

/** One login with a fault at some call: every step is sent once to the faulty service, then again to the healthy one. */
const interruptedLogin = async (
  integration: TestIntegration,
  sub: string,
  task: Task,
  failing: number,
  fault: Fault,
) => {
  const { ports, calls } = faultyPorts(world.ports, failing, fault);
  const token = await signToken(claimsFor(world, integration, sub), world.keysOf(integration).request);
  const faulty = new Browser(world.handlersWith(ports));
  const statuses: (number | undefined)[] = [];
  const noted = async (answer: ReturnType<Browser['send']>) => {
    const { statusCode, body = '' } = await answer;
    statuses.push(statusCode);
    return statusCode === 200 ? JSON.parse(body) : null;
  };
  const opened = await faulty.open(integration.integrationId, token);
  statuses.push(opened.statusCode);
  const healthy = new Browser(world.handlers);
  healthy.cookies.push(...faulty.cookies);
  if (opened.statusCode !== 303) statuses.push((await healthy.open(integration.integrationId, token)).statusCode);
  if (healthy.cookies.length === 0) return { calls, statuses, result: null };
  healthy.handle ||= faulty.handle;
  faulty.handle = healthy.handle;
  faulty.cookies.splice(0, faulty.cookies.length, ...healthy.cookies);

  const consent = task === 'enroll' ? '2026-11' : undefined;
  const started = (await noted(faulty.start(task, consent))) ?? (await noted(healthy.start(task, consent)));
  if (started?.state === 'started') world.faces.play(started.livenessSessionId, {});
  const attempt = started?.attempt ?? 1;
  const first = await noted(faulty.complete(task, attempt));
  // A judge that died keeps its claim for half a minute.
  if (first === null) world.advance(CLAIM_SECONDS);
  const completed = first ?? (await noted(healthy.complete(task, attempt)));
  if (completed?.state !== 'finished') await healthy.send('endSession', { reason: 'unavailable' });
  const returned = await faulty.giveBack();
  const page = returned.statusCode === 200 ? returned : await healthy.giveBack();
  statuses.push(returned.statusCode, page.statusCode);
  const { payload } = await readReturnPage(world, integration, page);
  return { calls, statuses, result: payload };
};

/** Security invariants I1 to I5 and I7: after the fault, and without repair. */
const expectConsistent = async (
  integration: TestIntegration,
  sub: string,
  task: Task,
  { result, statuses }: Awaited<ReturnType<typeof interruptedLogin>>,
  fault: string,
) => {
  const row = await userRow(world, integration.integrationId, sub);
  const records = (await rowsOf(world, 'TRANSACTION_TABLE', integration.integrationId)).filter(
    ({ externalId }) => externalId === sub,
  );
  const success = task === 'enroll' ? 'enrolled' : 'verified';
  const successes = records.filter(({ outcome }) => outcome === success);
  // I3: at most one success per login. I4: no success token without its record. I7: a clear end, and always an answer.
  expect(successes.length, fault).toBeLessThanOrEqual(1);
  if (result !== null) expect([success, 'unavailable'], fault).toContain(result['res']);
  expect(result?.['res'] === success, fault).toBe(successes.length === 1);
  for (const status of statuses) expect([200, 303, 409, 500, 503], fault).toContain(status);
  // I5: success resets, and whatever was not judged does not count in the end.
  if (row !== undefined) expect(row['failures'] ?? 0, fault).toBe(0);
  // Only a judge that died leaves a guess counted.
  if (row !== undefined) expect(row['guesses'] ?? 0, fault).toBeLessThanOrEqual(successes.length === 1 ? 0 : 1);
  // I1, I2: whoever has a reference can use it; whoever has none can enroll.
  expect(row?.['reference'] !== undefined, fault).toBe(task === 'verify' || successes.length === 1);
  const next = await openLogin(world, integration, sub);
  const hasFace = row?.['reference'] !== undefined;
  const again = await next.attempt(world, hasFace ? 'verify' : 'enroll');
  expect(again.outcome, fault).toBe(hasFace ? 'verified' : 'enrolled');
};

const EXPECTED: Readonly<Record<Task, readonly string[]>> = {
  enroll: [
    'faces.countFaces',
    'faces.createLiveness',
    'faces.readLiveness',
    'integrations.read',
    'jobs.add',
    'keyVault.open',
    'references.prepare',
    'references.store',
    'sessions.claimAttempt',
    'sessions.finish',
    'sessions.handOver',
    'sessions.open',
    'sessions.read',
    'sessions.reserve',
    'sessions.startAttempt',
    'streamCredentials.issue',
    'users.read',
  ],
  verify: [
    'faces.compare',
    'faces.createLiveness',
    'faces.readLiveness',
    'integrations.read',
    'keyVault.open',
    'references.load',
    'sessions.claimAttempt',
    'sessions.finish',
    'sessions.handOver',
    'sessions.open',
    'sessions.read',
    'sessions.reserve',
    'sessions.startAttempt',
    'streamCredentials.issue',
    'users.read',
  ],
};

const cases = [
  { task: 'enroll', fault: 'before' },
  { task: 'enroll', fault: 'after' },
  { task: 'enroll', fault: 'kill' },
  { task: 'verify', fault: 'before' },
  { task: 'verify', fault: 'kill' },
] as const;

test.each(cases)(
  'T48 T51 T57 T59 each call of a login to $task fails in turn ($fault): invariants hold, and the login continues or ends clearly',
  async ({ task, fault }) => {
    const integration = await world.newIntegration();
    const hit = new Set<string>();
    for (let failing = 0; failing < 60; failing += 1) {
      const sub = world.newExternalId();
      if (task === 'verify') await enroll(world, integration, sub);
      const objectsBefore = (await storedFaces(world)).length;
      const login = await interruptedLogin(integration, sub, task, failing, fault);
      const name = login.calls[failing];
      const orphans =
        (await storedFaces(world)).length - objectsBefore - (task === 'enroll' && login.result !== null ? 1 : 0);
      expect(orphans, `${fault} ${name}`).toBeLessThanOrEqual(1);
      await expectConsistent(integration, sub, task, login, `${fault} ${failing} ${name}`);
      if (name === undefined) break;
      hit.add(name);
    }
    expect([...hit].sort().filter((name) => name !== 'sessions.releaseAttempt')).toEqual(EXPECTED[task]);
    // I6: whatever was interrupted, in the end each stored face is named by a user's row.
    world.advance(3601);
    await world.housekeep();
    const named = (await rowsOf(world, 'USER_TABLE')).map(
      ({ reference }) => (reference as { objectKey: string })?.objectKey,
    );
    expect([...(await storedFaces(world))].sort()).toEqual(named.filter((key) => key !== undefined).sort());
  },
);
