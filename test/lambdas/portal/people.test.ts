import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Me } from '../../../contract/api/portal/me.ts';
import type { AuditPage } from '../../../contract/api/portal/operator.ts';
import { PORTAL_ROUTES } from '../../../contract/api/routes.ts';
import { rowsOf } from '../../support/inspect.ts';
import { PUBLIC_ORIGIN } from '../../support/world.ts';
import { createPortal, type Portal } from './portal-world.ts';

interface People {
  readonly people: readonly { operatorId: string; email: string | null; role: string }[];
  readonly invitations: readonly { invitationId: string; email: string; expiresAt: number }[];
}

let portal: Portal;
beforeAll(async () => {
  // Only invited operators get in.
  portal = await createPortal(true);
});
afterAll(() => portal.world.close());

const readMembers = async (owner: string) => (await portal.call(owner, 'portalPeople')).body as People;
const emailOf = (name: string) => `${name}@harbour-bank.example`;
const idOf = async (owner: string, name: string) =>
  (await readMembers(owner)).people.find(({ email }) => email === emailOf(name))?.operatorId ?? '';

/** Invites, and reads the token out of the mail. */
const invited = async (owner: string, email: string, role = 'viewer'): Promise<string> => {
  await portal.found(owner);
  const { status } = await portal.call(owner, 'portalInvite', { body: { email, role } });
  expect(status).toBe(200);
  return portal.mails.at(-1)?.link.split('#')[1] ?? '';
};
const accept = (name: string, token: string) => portal.call(name, 'portalAcceptInvitation', { body: { token } });
const codeOf = ({ body }: { body: unknown }) => (body as { code: string }).code;

describe('an invitation', () => {
  test('makes the owner of its address a member of the account, with its role', async () => {
    const token = await invited('ida', emailOf('ian'), 'admin');
    expect(portal.mails.at(-1)).toMatchObject({ to: emailOf('ian'), invitedBy: emailOf('ida') });
    expect(portal.mails.at(-1)?.link.startsWith(`${PUBLIC_ORIGIN}/portal/invitation#`)).toBe(true);
    expect((await accept('ian', token)).status).toBe(204);
    const [mine, theirs] = [await portal.call('ida', 'portalMe'), await portal.call('ian', 'portalMe')];
    expect(theirs.body).toMatchObject({ role: 'admin', account: (mine.body as { account: object }).account });
    const { people: all, invitations } = await readMembers('ida');
    expect(all.map(({ email, role }) => [email, role])).toEqual([
      [emailOf('ida'), 'owner'],
      [emailOf('ian'), 'admin'],
    ]);
    expect(invitations).toEqual([]);
    expect((await portal.call('ian', 'portalAccount')).body).toMatchObject({ emailSender: 'verified@acme.example' });
  });

  test.each(['none', 'failed'] as const)(
    'whose e-mail is %s is valid all the same: the owner gets the link, the earlier one ends, and the log says that it was done',
    async (fate) => {
      const [owner, name] = [`kim-${fate}`, `kay-${fate}`];
      const earlier = await invited(owner, emailOf(name));
      portal.mailer.fate = fate;
      const { status, body } = await portal.call(owner, 'portalInvite', {
        body: { email: emailOf(name), role: 'admin' },
      });
      portal.mailer.fate = 'sent';
      expect([status, body]).toMatchObject([200, { mail: fate, link: expect.stringContaining('#') }]);
      expect((await readMembers(owner)).invitations).toHaveLength(1);
      const { entries } = (await portal.call(owner, 'portalAudit')).body as AuditPage;
      const invitations = entries.filter(({ act }) => act === 'person-invited');
      expect(invitations.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
      expect(codeOf(await accept(name, earlier))).toBe('invitation-not-valid');
      expect((await accept(name, (body as { link: string }).link.split('#')[1] ?? '')).status).toBe(204);
    },
  );

  test('T80 holds 192 random bits, of which only a hash is stored, and works once', async () => {
    const token = await invited('jo', emailOf('jim'));
    const secret = token.split('.').at(-1) ?? '';
    expect(Buffer.from(secret, 'base64url')).toHaveLength(24);
    expect(JSON.stringify(await rowsOf(portal.world, 'ACCOUNT_ITEM_TABLE'))).not.toContain(secret);
    expect(JSON.stringify((await portal.call('jo', 'portalPeople')).body)).not.toContain(secret);
    const many = await Promise.all(Array.from({ length: 6 }, () => accept('jim', token)));
    expect(many.filter(({ status }) => status === 204)).toHaveLength(1);
    expect((await readMembers('jo')).people).toHaveLength(2);
    expect(codeOf(await accept('jim', token))).toBe('invitation-not-valid');
  });

  test.each(['removed', 'no longer an owner'])('T80 of an owner who is %s by then lets nobody in', async (fate) => {
    const [first, second, back] = [`lou-${fate.length}`, `lee-${fate.length}`, `lou-back-${fate.length}`];
    expect((await accept(second, await invited(first, emailOf(second), 'owner'))).status).toBe(204);
    const token = await invited(first, emailOf(back), 'owner');
    const operatorId = await idOf(second, first);
    const changed =
      fate === 'removed'
        ? await portal.call(second, 'portalRemovePerson', { body: { operatorId } })
        : await portal.call(second, 'portalChangeRole', { body: { operatorId, role: 'admin' } });
    expect(changed.status).toBeLessThan(300);
    expect(codeOf(await accept(back, token))).toBe('invitation-not-valid');
    expect((await readMembers(second)).people.map(({ email }) => email)).not.toContain(emailOf(back));
    // A refusal is not recorded: nobody can fill the audit log with it.
    const { entries } = (await portal.call(second, 'portalAudit')).body as {
      entries: { act: string; email: string }[];
    };
    expect(entries.filter(({ act }) => act === 'invitation-accepted').map(({ email }) => email)).toEqual([
      emailOf(second),
    ]);
  });

  test('T70 T80 that is unknown, another’s, too old, ended or replaced is refused with the same answer', async () => {
    const refusals = [await accept('kay', 'acc_unknown.secret'), await accept('kay', 'nonsense')];
    const first = await invited('kim', emailOf('kay'));
    refusals.push(await accept('mallory', first));
    const second = await invited('kim', emailOf('kay').toUpperCase());
    refusals.push(await accept('kay', first));
    const [{ invitationId } = { invitationId: '' }] = (await readMembers('kim')).invitations;
    expect((await readMembers('kim')).invitations).toHaveLength(1);
    await portal.call('kim', 'portalRevokeInvitation', { body: { invitationId } });
    refusals.push(await accept('kay', second));
    const third = await invited('kim', emailOf('kay'));
    portal.world.advance(7 * 86_400);
    refusals.push(await accept('kay', third));
    for (const { status, body } of refusals) {
      expect([status, { ...(body as object), supportId: '' }]).toEqual([
        403,
        { ...(refusals[0]?.body as object), supportId: '' },
      ]);
    }
    expect(codeOf(refusals[0] ?? { body: {} })).toBe('invitation-not-valid');
  });

  test('T77 is sent at most fifty times per day and account, to one address or many, revoked or not', async () => {
    const send = (email: string, owner = 'mae') =>
      portal.call(owner, 'portalInvite', { body: { email: emailOf(email), role: 'viewer' } });
    for (const owner of ['mae', 'moe']) await portal.found(owner);
    const before = portal.mails.length;
    // The day of the clock must not end while this runs.
    portal.world.advance(86_400 - (portal.world.now() % 86_400));
    const first = await Promise.all(Array.from({ length: 8 }, () => send('same')));
    expect(first.map(({ status }) => status)).toEqual(Array(8).fill(200));
    for (let count = 8; count < 50; count += 1) {
      expect((await send(count % 2 === 0 ? 'same' : `guest${count}`)).status).toBe(200);
      const [{ invitationId } = { invitationId: '' }] = (await readMembers('mae')).invitations;
      await portal.call('mae', 'portalRevokeInvitation', { body: { invitationId } });
    }
    const refused = await send('one-more');
    expect([refused.status, codeOf(refused)]).toEqual([429, 'too-many-invitations']);
    expect(Number(refused.answer.headers?.['retry-after'])).toBe(86_400 - (portal.world.now() % 86_400));
    expect(portal.mails.length - before).toBe(50);
    expect((await send('guest', 'moe')).status).toBe(200);
    portal.world.advance(86_400);
    expect((await send('one-more')).status).toBe(200);
  });

  test('is not sent to anybody who is a member already', async () => {
    await portal.found('leo');
    const body = { email: emailOf('leo'), role: 'viewer' };
    const answer = await portal.call('leo', 'portalInvite', { body });
    expect(answer.body).toMatchObject({ code: 'invalid-option', errors: [{ pointer: '#/email' }] });
  });
});

const departures = async () =>
  (await rowsOf(portal.world, 'ACCOUNT_ITEM_TABLE')).filter(({ itemKey }) => itemKey === 'departure');
const meOf = (name: string) => portal.call(name, 'portalMe');
const newcomerOf = (name: string) => portal.call(name, 'portalNewcomer');

describe('T66 an operator who belongs to no account', () => {
  test('founds none by any request but that to found one; the answer says what they can do', async () => {
    const accounts = await rowsOf(portal.world, 'ACCOUNT_TABLE');
    for (const name of PORTAL_ROUTES.filter(({ permission }) => permission !== 'unregistered').map(
      ({ name }) => name,
    )) {
      const answer = await portal.call('sam', name, { path: { integrationId: 'int_x', webhookId: 'wh_x' }, body: {} });
      expect([name, answer.status, codeOf(answer)]).toEqual([name, 403, 'no-account']);
    }
    expect((await newcomerOf('sam')).body).toEqual({ email: emailOf('sam'), mayFound: true, departure: null });
    expect(await rowsOf(portal.world, 'ACCOUNT_TABLE')).toEqual(accounts);
    await portal.found('sam');
    expect((await meOf('sam')).body).toMatchObject({ role: 'owner', account: { name: 'harbour-bank.example' } });
    expect(codeOf(await newcomerOf('sam'))).toBe('already-member');
  });

  test.each(['removed', 'left'] as const)(
    'and %s learns this, founds nothing by coming back, and can return by an invitation',
    async (how) => {
      const before = await departures();
      const [owner, name] = [`tia-${how}`, `tom-${how}`];
      await accept(name, await invited(owner, emailOf(name), 'admin'));
      const { accountId } = ((await meOf(owner)).body as Me).account;
      await portal.call(owner, 'portalEditAccount', { body: { name: 'Harbour Bank' } });
      const gone =
        how === 'left'
          ? await portal.call(name, 'portalLeave')
          : await portal.call(owner, 'portalRemovePerson', { body: { operatorId: await idOf(owner, name) } });
      expect(gone.status).toBe(204);
      const at = portal.world.now();
      portal.world.advance(60);
      expect(codeOf(await meOf(name))).toBe('no-account');
      expect((await newcomerOf(name)).body).toMatchObject({ departure: { accountName: 'Harbour Bank', at, how } });
      expect((await accept(name, await invited(owner, emailOf(name)))).status).toBe(204);
      expect((await meOf(name)).body).toMatchObject({ role: 'viewer', account: { accountId } });
      expect(await departures()).toEqual(before);
    },
  );

  test('and could not leave as the last owner is not recorded as having left', async () => {
    const before = await departures();
    await portal.found('uma');
    expect(codeOf(await portal.call('uma', 'portalLeave'))).toBe('last-owner');
    expect(await departures()).toEqual(before);
  });
});

describe('T68 the last owner', () => {
  test('can neither leave nor be demoted nor removed', async () => {
    const { operatorId } = await portal.found('max');
    const tries = [
      await portal.call('max', 'portalLeave'),
      await portal.call('max', 'portalChangeRole', { body: { operatorId, role: 'viewer' } }),
      await portal.call('max', 'portalRemovePerson', { body: { operatorId } }),
    ];
    expect(tries.map((answer) => [answer.status, codeOf(answer)])).toEqual(Array(3).fill([409, 'last-owner']));
    expect((await portal.call('max', 'portalMe')).body).toMatchObject({ role: 'owner' });
  });

  test('stays if all owners leave at the same moment', async () => {
    for (const name of ['nat', 'ned', 'nia']) await accept(name, await invited('noa', emailOf(name), 'owner'));
    const owners = ['noa', 'nat', 'ned', 'nia'];
    const answers = await Promise.all(owners.map((owner) => portal.call(owner, 'portalLeave')));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 204, 204, 409]);
    const left = owners[answers.findIndex(({ status }) => status === 409)] ?? '';
    expect((await readMembers(left)).people.map(({ role }) => role)).toEqual(['owner']);
  });
});

test('T67 a new role applies to the very next call, and a removed member is refused', async () => {
  await accept('ora', await invited('olga', emailOf('ora'), 'admin'));
  expect((await portal.call('ora', 'portalAudit')).status).toBe(200);
  const operatorId = await idOf('olga', 'ora');
  await portal.call('olga', 'portalChangeRole', { body: { operatorId, role: 'viewer' } });
  expect(codeOf(await portal.call('ora', 'portalAudit'))).toBe('role-not-allowed');
  expect((await portal.call('olga', 'portalRemovePerson', { body: { operatorId } })).status).toBe(204);
  expect((await readMembers('olga')).people.map(({ email }) => email)).toEqual([emailOf('olga')]);
  const { entries } = (await portal.call('olga', 'portalAudit')).body as { entries: { act: string }[] };
  expect(entries.map(({ act }) => act).sort()).toEqual(
    ['account-founded', 'invitation-accepted', 'person-invited', 'person-removed', 'role-changed'].sort(),
  );
});

test('T68 a member of another account can be neither changed nor removed', async () => {
  await portal.found('pia');
  const operatorId = await idOf('pia', 'pia');
  await portal.found('quin');
  for (const [name, body] of [
    ['portalChangeRole', { operatorId, role: 'viewer' }],
    ['portalRemovePerson', { operatorId }],
  ] as const) {
    expect((await portal.call('quin', name, { body })).status).toBe(404);
  }
  expect((await portal.call('pia', 'portalMe')).body).toMatchObject({ role: 'owner' });
});

test('T67 a token that does not say when the operator signed in lets nobody in, however new it is', async () => {
  for (const name of ['portalMe', 'portalAcceptInvitation', 'portalLeave'] as const) {
    const answer = await portal.call('rae', name, { signedInAgo: null, body: { token: 'acc_x.y' } });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'sign-in-time-unknown']);
  }
});

test('T67 a sign-in of more than twelve hours ago lets nobody in', async () => {
  await portal.found('rob');
  expect((await portal.call('rob', 'portalMe', { signedInAgo: 12 * 3600 })).status).toBe(200);
  const late = await portal.call('rob', 'portalMe', { signedInAgo: 12 * 3600 + 1 });
  expect([late.status, codeOf(late)]).toEqual([401, 'not-signed-in']);
});
