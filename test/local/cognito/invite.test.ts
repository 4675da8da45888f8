import { afterAll, beforeAll, expect, test } from 'vitest';
import { CognitoDirectory } from '../../../lambdas/adapters/cognito/cognito-directory.ts';
import { invitationMail } from '../../../lambdas/text/en.ts';
import { createPortal, type Portal } from '../../lambdas/portal/portal-world.ts';
import { rowsOf } from '../../support/inspect.ts';
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
/** Invitations of the account's day that are used up. */
const usedIn = async ({ world }: Portal) =>
  (await rowsOf(world, 'ACCOUNT_ITEM_TABLE')).find(({ itemKey }) => itemKey === 'invitations-sent')?.['sent'];
const mailTo = (email: string) => portal.mails.filter(({ to }) => to === email);

test('an invitation adds the colleague to the pool, who signs in with the password from the pool’s e-mail', async () => {
  expect((await invite('ann@example.com')).status).toBe(200);
  expect(mailTo('ann@example.com')).toMatchObject([{ hasTemporaryPassword: true }]);
  await signIn(pool, 'ann@example.com', pool.passwordOf('ann@example.com'));
  // Invited once more, as after a removal: there is already a password.
  expect((await invite('ann@example.com')).status).toBe(200);
  expect(mailTo('ann@example.com').at(-1)).toMatchObject({ hasTemporaryPassword: false });
});

test('if the pool cannot send its e-mail, nothing is promised: no invitation, no link, and the earlier one is still valid', async () => {
  await invite('bea@example.com');
  const [before, usedBefore] = [await waiting(), await usedIn(portal)];
  portal.world.advance(60);
  pool.breakMail(true);
  for (const email of ['bea@example.com', 'cid@example.com']) {
    const { status, body } = await invite(email);
    expect([status, (body as { code: string }).code]).toEqual([503, 'unavailable']);
  }
  pool.breakMail(false);
  expect(await waiting()).toEqual(before);
  expect(await usedIn(portal)).toBe(usedBefore);
  expect([mailTo('bea@example.com').length, mailTo('cid@example.com').length]).toEqual([1, 0]);
  // The next attempt succeeds, although the pool knows the user by now.
  expect((await invite('cid@example.com')).status).toBe(200);
  await signIn(pool, 'cid@example.com', pool.passwordOf('cid@example.com'));
});

test('T77 once the pool has reached its daily limit of e-mails, the owner learns when to continue, and none of the account’s invitations is used up', async () => {
  let nowMs = Date.UTC(2026, 10, 28, 12);
  const small = await startPool({ mailsPerDay: 1, clockMs: () => nowMs });
  const limited = await createPortal(true, new CognitoDirectory(small.cognito, POOL_ID));
  try {
    await limited.found('olga');
    const send = (email: string) => limited.call('olga', 'portalInvite', { body: { email, role: 'viewer' } });
    expect((await send('ann@example.com')).status).toBe(200);
    for (const email of ['bea@example.com', 'ann@example.com']) {
      const { status, body, answer } = await send(email);
      expect([status, (body as { code: string }).code]).toEqual([429, 'too-many-invitations']);
      expect(Number(answer.headers?.['retry-after'])).toBeGreaterThan(0);
    }
    expect(await usedIn(limited)).toBe(1);
    expect([small.mails.length, limited.mails.length]).toEqual([1, 1]);
    nowMs += 86_400_000;
    expect((await send('bea@example.com')).status).toBe(200);
    expect(await usedIn(limited)).toBe(2);
  } finally {
    await limited.world.close();
    await small.close();
  }
});

test('the invitation mentions the other e-mail if there is one', () => {
  const mail = { accountName: 'Harbour Bank', invitedBy: null, link: 'https://a.example/#x', expiresAt: 1_900_000_000 };
  expect(invitationMail({ ...mail, hasTemporaryPassword: true }).text).toContain(
    'A separate e-mail contains a temporary password',
  );
  expect(invitationMail({ ...mail, hasTemporaryPassword: false }).text).not.toContain('password');
});
