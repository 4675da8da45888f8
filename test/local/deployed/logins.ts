import { describe, expect, test, vi } from 'vitest';
import { SEED_USERS } from '../../../local/platform/start-platform.ts';
import { of } from './made-world.ts';
import { newcomer, WireLogin } from './wire-login.ts';

const [ALICE, BOB] = SEED_USERS;

describe('as deployed, each function with its own role', () => {
  test('T37 T44 a user enrolls and is verified, the video streamed with credentials that role and session allow', async () => {
    const { world, operator, receiver } = of();
    const events = ['user.enrolled', 'user.verified', 'user.deleted', 'user.reported'];
    const url = `http://127.0.0.1:${receiver.port}/events`;
    expect(await operator.post('/api/portal/webhooks', { url, events })).toMatchObject({ status: 200 });
    for (const [seed, task] of (['enroll', 'verify'] as const).entries()) {
      const login = new WireLogin(world);
      await login.begin(ALICE);
      expect(await login.view()).toMatchObject({ task, state: 'open' });
      const started = await login.start(task);
      expect(started).toMatchObject({ status: 200, body: { state: 'started' } });
      await login.stream(started.body, seed);
      const outcome = task === 'enroll' ? 'enrolled' : 'verified';
      expect(await login.complete(task)).toMatchObject({ status: 200, body: { outcome } });
      expect((await login.giveBack()).url.href).toBe(`${world.platform.bank}/account`);
    }
    const stream = world.decided.filter(({ action }) => action === 'rekognition:StartFaceLivenessSession');
    expect(stream.map(({ isAllowed }) => isAllowed)).toEqual([true, true]);
    expect(stream[0]?.roleArn).toBe(world.deployment.resources.names.streamRole);
  });

  test('housekeeping sends the notice and the events, with roles of its own', async () => {
    const { world, receiver } = of();
    await vi.waitFor(
      async () => {
        const types = receiver.received.map(({ body }) => JSON.parse(body).type);
        expect(types).toEqual(expect.arrayContaining(['user.enrolled', 'user.verified']));
        expect(await (await fetch(world.platform.mailbox.replace('mailbox.localhost', '127.0.0.1'))).text()).toContain(
          ALICE.email,
        );
      },
      { timeout: 60_000, interval: 200 },
    );
  });

  test('a user declines, one reports the sign-in, one gives an attempt back: the session function ends it', async () => {
    const { world } = of();
    const declining = new WireLogin(world);
    await declining.begin(newcomer(), true);
    expect((await declining.giveUp('declined')).status).toBe(204);
    expect((await declining.giveBack()).text).toContain('face_declined');
    const reporting = new WireLogin(world);
    await reporting.begin(BOB);
    expect((await reporting.giveUp('reported')).status).toBe(204);
    const releasing = new WireLogin(world);
    await releasing.begin(newcomer(), true);
    expect((await releasing.start('enroll')).status).toBe(200);
    expect((await releasing.call('POST', '/api/session/release', { attempt: 1 })).status).toBe(204);
  });

  test('a check is handed to a phone, whose code the session function takes', async () => {
    const { world, operator } = of();
    const path = `/api/portal/integrations/${world.platform.integrationId}`;
    expect((await operator.patch(path, { options: { phoneHandoff: true } })).status).toBe(200);
    const [login, phone] = [new WireLogin(world), new WireLogin(world)];
    await login.begin(ALICE);
    const offered = await login.call('POST', '/api/session/handoff', { transport: 'qr' });
    await phone.follow(offered.body.link);
    const passed = await phone.attempt('verify');
    expect(passed).toMatchObject({ status: 200, body: { state: 'code' } });
    const confirmed = await login.call('POST', '/api/session/code', { code: passed.body.code });
    expect(confirmed).toMatchObject({ status: 200, body: { state: 'finished', outcome: 'verified' } });
    expect((await login.giveBack()).url.href).toBe(`${world.platform.bank}/account`);
  });

  test('a check is handed to a link in an e-mail, which the session function may send', async () => {
    const { world, operator } = of();
    const path = `/api/portal/integrations/${world.platform.integrationId}`;
    expect((await operator.patch(path, { options: { verificationFlow: 'email' } })).status).toBe(200);
    const login = new WireLogin(world);
    await login.begin(ALICE);
    expect(await login.call('POST', '/api/session/handoff', { transport: 'email' })).toMatchObject({ status: 200 });
    expect((await operator.patch(path, { options: { verificationFlow: 'inline' } })).status).toBe(200);
    expect(
      world.decided.find(({ action, roleArn }) => action === 'ses:SendEmail' && roleArn === world.roleOf('session')),
    ).toMatchObject({ isAllowed: true });
  });
});
