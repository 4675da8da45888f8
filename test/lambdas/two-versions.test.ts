import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseIntegration } from '../../lambdas/adapters/dynamodb/integrations/integration-item.ts';
import { parseSession } from '../../lambdas/adapters/dynamodb/sessions/session-item.ts';
import { parseUser } from '../../lambdas/adapters/dynamodb/users/user-item.ts';
import { dayOf } from '../../lambdas/core/model/job.ts';
import { rowsOf, userRow } from '../support/inspect.ts';
import { type Browser, enroll, openLogin, readReturnPage } from '../support/login.ts';
import { createWorld, type TestIntegration, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

type Row = Record<string, unknown>;
const put = (table: keyof World['tables'], Item: Row) =>
  world.documents.send(new PutCommand({ TableName: world.tables[table], Item }));
const sessionRow = async (integration: TestIntegration): Promise<Row> => {
  const rows = await rowsOf(world, 'SESSION_TABLE', integration.integrationId);
  const open = rows.find(({ state }) => state === 'open');
  if (open === undefined) throw new Error('no open session');
  return open;
};

const goesThrough = async (integration: TestIntegration, browser: Browser): Promise<void> => {
  expect((await browser.attempt(world, 'verify')).outcome).toBe('verified');
  const { payload } = await readReturnPage(world, integration, await browser.giveBack());
  expect(payload['res']).toBe('verified');
};

const FROM_LATER = { ofALaterVersion: { nested: ['a'], flag: true } };

describe('while two releases run, a login begun by one is ended by the other', () => {
  test('if the later one wrote members that this one does not know; they stay', async () => {
    const integration = await world.newIntegration();
    const sub = world.newExternalId();
    await enroll(world, integration, sub);
    const [row] = await rowsOf(world, 'INTEGRATION_TABLE', integration.integrationId);
    await put('INTEGRATION_TABLE', { ...row, ...FROM_LATER });
    const user = await userRow(world, integration.integrationId, sub);
    await put('USER_TABLE', { ...user, ...FROM_LATER, reference: { ...(user?.['reference'] as Row), quality: 7 } });
    const browser = await openLogin(world, integration, sub);
    await put('SESSION_TABLE', { ...(await sessionRow(integration)), ...FROM_LATER });
    await goesThrough(integration, browser);
    await world.change(integration.integrationId, { name: 'Renamed meanwhile' });
    for (const table of ['INTEGRATION_TABLE', 'USER_TABLE', 'SESSION_TABLE'] as const) {
      for (const kept of (await rowsOf(world, table, integration.integrationId)).filter(
        ({ task }) => task !== 'enroll',
      )) {
        expect(kept, table).toMatchObject(FROM_LATER);
      }
    }
  });

  /** Members that are newer than the first release, or that a row may always have lacked. */
  test.each(['app', 'account', 'sealedPii', 'lockedUntil', 'handedOverAt'])(
    'if the session of the earlier one has no %s',
    async (member) => {
      const integration = await world.newIntegration();
      const sub = world.newExternalId();
      await enroll(world, integration, sub);
      const browser = await openLogin(world, integration, sub);
      const { [member]: _gone, ...rest } = await sessionRow(integration);
      await put('SESSION_TABLE', rest);
      await goesThrough(integration, browser);
    },
  );

  /** What the previous release, which counted a guess when it was started, left on a session and a user. */
  const startedBefore = async (failures: number) => {
    const integration = await world.newIntegration();
    const sub = world.newExternalId();
    await enroll(world, integration, sub);
    const browser = await openLogin(world, integration, sub);
    const { livenessSessionId } = JSON.parse((await browser.start('verify')).body ?? '{}');
    const session = await sessionRow(integration);
    const { series: _series, claimedUntil: _claimed, ...attempt } = session['attempt'] as Row;
    await put('SESSION_TABLE', { ...session, attempt: { ...attempt, ordinal: failures } });
    const {
      guesses: _guesses,
      starts: _starts,
      startsSince: _since,
      ...user
    } = (await userRow(world, integration.integrationId, sub)) as Row;
    await put('USER_TABLE', { ...user, failures, lastAttemptAt: world.now(), failingIn: integration.integrationId });
    return { integration, sub, browser, livenessSessionId };
  };

  // For others, the last attempt of all was a lock: it stays one, and ends with its time.
  test.each([
    [4, 'verified'],
    [5, 'locked'],
  ] as const)('T54 if the earlier one counted attempt %i of five: it ends in %s', async (failures, outcome) => {
    const { browser, livenessSessionId } = await startedBefore(failures);
    world.faces.play(livenessSessionId, {});
    expect(JSON.parse((await browser.complete('verify', 1)).body ?? '{}').outcome).toBe(outcome);
  });

  test('T54 if the earlier one counted an attempt, it is not counted twice, and a failure discloses nothing', async () => {
    const { integration, sub, browser, livenessSessionId } = await startedBefore(2);
    world.faces.play(livenessSessionId, { person: 'mallory' });
    expect(JSON.parse((await browser.complete('verify', 1)).body ?? '{}').outcome).toBe('unavailable');
    expect(await userRow(world, integration.integrationId, sub)).toMatchObject({ failures: 2 });
  });

  test('T54 what the earlier one counted stays counted, and no released attempt removes it', async () => {
    const { integration, sub, browser } = await startedBefore(3);
    await browser.send('releaseAttempt', { attempt: 1 });
    const next = await openLogin(world, integration, sub);
    expect((await next.attempt(world, 'verify', { person: 'mallory' })).state).toBe('again');
    expect(await next.attempt(world, 'verify', { person: 'mallory' })).toMatchObject({ outcome: 'locked' });
    expect(await userRow(world, integration.integrationId, sub)).toMatchObject({ failures: 5, guesses: 5 });
  });

  test('if the later one began an attempt, the earlier one can read it', async () => {
    const integration = await world.newIntegration();
    const sub = world.newExternalId();
    await enroll(world, integration, sub);
    await (await openLogin(world, integration, sub)).start('verify');
    // It requires a number there.
    expect((await sessionRow(integration))['attempt']).toMatchObject({ ordinal: 0 });
  });

  test.each([
    'failures',
    'guesses',
    'series',
    'starts',
    'startsSince',
    'lastStartAt',
    'lastAttemptAt',
    'lastVerifiedAt',
  ])('if the user of the earlier one has no %s', async (member) => {
    const integration = await world.newIntegration();
    const sub = world.newExternalId();
    await enroll(world, integration, sub);
    await world.documents.send(
      new UpdateCommand({
        TableName: world.tables.USER_TABLE,
        Key: { integrationId: integration.integrationId, externalId: sub },
        UpdateExpression: 'REMOVE #member',
        ExpressionAttributeNames: { '#member': member },
      }),
    );
    await goesThrough(integration, await openLogin(world, integration, sub));
  });

  // Release 0.1 knows neither current name, and would let a password alone enroll without a time limit.
  test('T27 a required enrollment is stored under the name that the earlier one reads, and is read under either', async () => {
    const integration = await world.newIntegration();
    const sub = world.newExternalId();
    const at = world.now();
    const row = { integrationId: integration.integrationId, externalId: sub, version: 1 };
    for (const name of ['reenrolment', 'reenrollment']) {
      await put('USER_TABLE', { ...row, [name]: { askedAt: at - 7200, until: at - 3600 } });
      const late = await openLogin(world, integration, sub);
      expect((await readReturnPage(world, integration, await late.giveBack())).payload['res']).toBe('not_enrolled');
      await put('USER_TABLE', { ...row, [name]: { askedAt: at, until: at + 3600 } });
      await enroll(world, integration, sub);
      expect(await userRow(world, integration.integrationId, sub)).not.toHaveProperty(name);
    }
  });

  test('a notice is queued under the name that the earlier one knows, and is sent under either', async () => {
    // Jobs that other tests left are not counted.
    while ((await world.housekeep()) > 0);
    const integration = await world.newIntegration();
    await enroll(world, integration, world.newExternalId());
    const notice = (await rowsOf(world, 'DUE_WORK_TABLE')).find(
      ({ work }) => typeof work === 'object' && work !== null && 'sealedPii' in work,
    );
    expect(notice).toMatchObject({ work: { kind: 'enrolment-notice' } });
    const later = { ...notice, workId: 'later', dueKey: `${notice?.['dueAt']}#later` };
    await put('DUE_WORK_TABLE', { ...later, work: { ...(notice?.['work'] as Row), kind: 'enrollment-notice' } });
    const before = world.notices.length;
    await world.housekeep();
    expect(world.notices.length).toBe(before + 2);
  });

  test('if one queued a job that the other does not know, it stays, and the log says so', async () => {
    const later = { kind: 'of-a-later-version' };
    await put('DUE_WORK_TABLE', {
      dueDay: dayOf(world.now()),
      dueKey: `${world.now()}#later`,
      dueAt: world.now(),
      workId: 'later',
      failures: 0,
      work: later,
    });
    await world.housekeep();
    expect((await rowsOf(world, 'DUE_WORK_TABLE')).map(({ work }) => work)).toContainEqual(later);
    expect(world.log.map(({ code }) => code)).toContain('due-work-unreadable');
  });
});

const REFERENCE = {
  referenceId: 'r',
  objectKey: 'faces/o',
  wrappedKey: 'w',
  engine: 'rekognition',
  enrolledAt: 1_790_000_000,
};
const CONSENT = { version: '1', textSha256: 'h', locale: 'en', at: 1_790_000_000 };

/** Rows as release 0.1 writes them, without optional members. Never change them: such rows are in customers' tables. */
const ROWS_OF_0_1 = {
  user: { integrationId: 'int_a', externalId: 'auth0|1', version: 0 },
  enrolledUser: {
    integrationId: 'int_a',
    externalId: 'auth0|1',
    version: 1,
    reference: REFERENCE,
    consent: CONSENT,
    failures: 0,
    lastVerifiedAt: 1_790_000_000,
    purgeAt: 1_800_000_000,
  },
  session: {
    integrationId: 'int_a',
    jti: 'j',
    supportId: 'ABCD-EFGH',
    state: 'open',
    tx: 't',
    externalId: 'auth0|1',
    iss: 'tenant.eu.auth0.com',
    authState: 's',
    cid: 'c',
    mode: 'always',
    purpose: 'mfa',
    keyGeneration: 1,
    cookieHash: 'h',
    task: 'verify',
    challenge: 'FaceMovementAndLightChallenge',
    userVersion: 1,
    reference: REFERENCE,
    consentNeeded: false,
    otherNetwork: false,
    maxAttempts: 3,
    verdicts: [],
    openedAt: 1_790_000_000,
    expiresAt: 1_790_000_600,
    resultJti: 'r',
    sessionKey: 'session#int_a#j',
    removeAt: 1_790_004_200,
  },
  integration: {
    integrationId: 'int_a',
    accountId: 'acc_a',
    createdAt: 1_790_000_000,
    keys: [{ generation: 1, wrapped: 'w', fingerprint: 'f' }],
    name: 'Customer login',
    enabled: true,
    allowSelfEnrollment: true,
    selfEnrollmentRequires: 'nothing',
    domains: ['tenant.eu.auth0.com'],
    lockout: { enabled: true, maxFailedAttempts: 5, windowSeconds: 900, lockSeconds: 900 },
    attemptsPerSession: 3,
    sessionTimeoutSeconds: 600,
    livenessThreshold: 90,
    similarityThreshold: 99,
    challenge: 'FaceMovementAndLightChallenge',
    consent: { version: '1', text: 'text', retentionDays: 365 },
    branding: { displayName: 'Harbour Bank' },
    noticesByEmail: true,
  },
} as const;

test('rows of the first release are read by this one', () => {
  expect(parseUser(ROWS_OF_0_1.user)).toMatchObject({ reference: null, failures: 0 });
  expect(parseUser(ROWS_OF_0_1.enrolledUser).reference).toEqual(REFERENCE);
  expect(parseSession(ROWS_OF_0_1.session)).toMatchObject({ outcome: null, attempt: null });
  expect(parseIntegration(ROWS_OF_0_1.integration)).toMatchObject({
    name: 'Customer login',
    livenessThreshold: 90,
    edits: { version: 0, fields: {} },
    keys: [{ generation: 1, since: null }],
  });
});
