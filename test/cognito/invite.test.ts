import { afterAll, beforeAll, expect, test } from 'vitest';
import { CognitoDirectory } from '../../lambdas/adapters/cognito/cognito-directory.ts';
import { invitationMail } from '../../lambdas/text/en.ts';
import { createPortal, type Portal } from '../portal/portal-world.ts';
import { POOL_ID, type Pool, startPool } from './pool.ts';
import { signIn } from './sign-in.ts';

let pool: Pool;
let portal: Portal;
beforeAll(async () => {
  pool = await startPool();
  portal = await createPortal(true, new CognitoDirectory(pool.cognito, POOL_ID));
  await portal.found('olivia');
});
afterAll(async () => {
  await portal.world.close();
  await pool.close();
});

const invite = (email: string) => portal.call('olivia', 'portalInvite', { body: { email, role: 'viewer' } });
const waiting = async () => {
  const { invitations } = (await portal.call('olivia', 'portalPeople')).body as {
    invitations: { email: string; invitedAt: number }[];
  };
  return invitations;
};
const mailTo = (email: string) => portal.mails.filter(({ to }) => to === email);

test('an invitation makes the colleague a user of the pool, who signs in with the password of its own mail', async () => {
  expect((await invite('ann@example.com')).status).toBe(200);
  expect(mailTo('ann@example.com')).toMatchObject([{ hasTemporaryPassword: true }]);
  await signIn(pool, 'ann@example.com', pool.passwordOf('ann@example.com'));
  // Invited once more, as after a removal: there is a password already.
  expect((await invite('ann@example.com')).status).toBe(200);
  expect(mailTo('ann@example.com').at(-1)).toMatchObject({ hasTemporaryPassword: false });
});

test('where the pool could not send its mail nothing is promised: no invitation, no link; the earlier one still counts', async () => {
  await invite('bea@example.com');
  const before = await waiting();
  portal.world.advance(60);
  pool.breakMail(true);
  for (const email of ['bea@example.com', 'cid@example.com']) {
    const { status, body } = await invite(email);
    expect([status, (body as { code: string }).code]).toEqual([503, 'unavailable']);
  }
  pool.breakMail(false);
  expect(await waiting()).toEqual(before);
  expect([mailTo('bea@example.com').length, mailTo('cid@example.com').length]).toEqual([1, 0]);
  // The next try ends well, although the pool knows the person by now.
  expect((await invite('cid@example.com')).status).toBe(200);
  await signIn(pool, 'cid@example.com', pool.passwordOf('cid@example.com'));
});

test('the invitation tells of the other mail where there is one', () => {
  const mail = { accountName: 'Harbour Bank', invitedBy: null, link: 'https://a.example/#x', expiresAt: 1_900_000_000 };
  expect(invitationMail({ ...mail, hasTemporaryPassword: true }).text).toContain(
    'Another e-mail brings you a temporary password',
  );
  expect(invitationMail({ ...mail, hasTemporaryPassword: false }).text).not.toContain('password');
});
