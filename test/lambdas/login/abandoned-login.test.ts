import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SessionFacesStore } from '../../../lambdas/adapters/dynamodb/sessions/session-faces-store.ts';
import { rowsOf } from '../../support/inspect.ts';
import { Browser, enroll, openLogin, readReturnPage } from '../../support/login.ts';
import { createWorld, type TestIntegration, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const TIMEOUT_SECONDS = 600;
let integration: TestIntegration;
beforeEach(async () => {
  integration = await world.newIntegration({ sessionTimeoutSeconds: TIMEOUT_SECONDS });
});

/** Everything that the table of sessions holds of this integration, as text. */
const sessionsText = async () => JSON.stringify(await rowsOf(world, 'SESSION_TABLE', integration.integrationId));
const openDueWork = async () =>
  (await rowsOf(world, 'DUE_WORK_TABLE')).filter(({ work }) => (work as { kind?: string })?.kind === 'session-end');

describe('T75 a login that was abandoned', () => {
  test('keeps no wrapped key once its time is over, whatever the TTL does', async () => {
    const sub = world.newExternalId();
    await enroll(world, integration, sub);
    const browser = await openLogin(world, integration, sub);
    await browser.start('verify');
    expect(await sessionsText()).toContain('wrappedKey');
    world.advance(TIMEOUT_SECONDS - 1);
    await world.housekeep();
    // It could still continue.
    expect(await sessionsText()).toContain('wrappedKey');
    world.advance(1);
    await world.housekeep();
    expect(await sessionsText()).not.toContain('wrappedKey');
    expect(await openDueWork()).toEqual([]);
    // The late browser still gets its answer.
    const { payload } = await readReturnPage(world, integration, await browser.giveBack());
    expect(payload['res']).toBe('expired');
  });

  test('on another device, with a face that waited for its code, keeps no key either', async () => {
    integration = await world.newIntegration({ sessionTimeoutSeconds: TIMEOUT_SECONDS, phoneHandoff: true });
    const browser = await openLogin(world, integration, world.newExternalId());
    const { link } = JSON.parse((await browser.send('offerHandoff', { transport: 'qr' })).body ?? '{}');
    const phone = new Browser(world.handlers);
    await phone.followLink(link);
    expect((await phone.attempt(world, 'enroll')).state).toBe('code');
    expect(await sessionsText()).toContain('wrappedKey');
    world.advance(TIMEOUT_SECONDS);
    await world.housekeep();
    expect(await sessionsText()).not.toContain('wrappedKey');
  });

  test('writes nothing below a handoff that is gone by then, which DynamoDB would refuse as malformed', async () => {
    integration = await world.newIntegration({ sessionTimeoutSeconds: TIMEOUT_SECONDS, phoneHandoff: true });
    const sub = world.newExternalId();
    await enroll(world, integration, sub);
    const browser = await openLogin(world, integration, sub);
    const { link } = JSON.parse((await browser.send('offerHandoff', { transport: 'qr' })).body ?? '{}');
    const phone = new Browser(world.handlers);
    await phone.followLink(link);
    expect((await phone.attempt(world, 'verify')).state).toBe('code');
    const held = async () =>
      (await rowsOf(world, 'SESSION_TABLE', integration.integrationId)).find(({ outcome }) => outcome === undefined);
    const row = (await held()) ?? {};
    expect(row).toMatchObject({ reference: expect.anything(), handoff: expect.anything() });
    const Key = { sessionKey: row['sessionKey'] };
    const removed = new UpdateCommand({
      TableName: world.tables.SESSION_TABLE,
      Key,
      UpdateExpression: 'REMOVE handoff SET touched = :yes',
      ExpressionAttributeValues: { ':yes': true },
    });
    const documents = Object.create(world.documents, {
      send: {
        value: async (command: UpdateCommand) => {
          if (command instanceof UpdateCommand) await world.documents.send(removed);
          return world.documents.send(command);
        },
      },
    }) as typeof world.documents;
    world.advance(TIMEOUT_SECONDS);
    const { jti = '' } = row as { jti?: string };
    await new SessionFacesStore(documents, world.tables.SESSION_TABLE).forgetFaces(
      integration.integrationId,
      jti,
      world.now(),
    );
    const { handoff: _gone, ...rest } = row as { handoff?: unknown };
    expect(await held()).toEqual({ ...rest, touched: true });
  });

  test('has its job from the opening on, and a run that fails is repeated', async () => {
    const sub = world.newExternalId();
    await enroll(world, integration, sub);
    await openLogin(world, integration, sub);
    world.advance(TIMEOUT_SECONDS);
    await world.housekeep({ sessions: { forgetFaces: () => Promise.reject(new Error('down')) } });
    expect(await sessionsText()).toContain('wrappedKey');
    world.advance(60);
    await world.housekeep();
    expect(await sessionsText()).not.toContain('wrappedKey');
  });
});

test('T75 a login that ended removed the key then, and its job does nothing', async () => {
  const sub = world.newExternalId();
  await enroll(world, integration, sub);
  const browser = await openLogin(world, integration, sub);
  expect((await browser.attempt(world, 'verify')).outcome).toBe('verified');
  expect(await sessionsText()).not.toContain('wrappedKey');
  const before = await rowsOf(world, 'SESSION_TABLE', integration.integrationId);
  world.advance(TIMEOUT_SECONDS);
  await world.housekeep();
  expect(await rowsOf(world, 'SESSION_TABLE', integration.integrationId)).toEqual(before);
});
