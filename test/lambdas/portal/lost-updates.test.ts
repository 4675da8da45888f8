import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { AccountView } from '../../../contract/api/portal/account.ts';
import type { IntegrationView } from '../../../contract/api/portal/integrations.ts';
import type { Members } from '../../../contract/api/portal/members.ts';
import type { ProblemDetails } from '../../../contract/api/problem-details.ts';
import { rowsOf } from '../../support/inspect.ts';
import { createPortal, OPTIONS, type Portal, withIntegration } from './portal-world.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await createPortal();
});
afterAll(() => portal.world.close());

type Path = { readonly integrationId: string };
const emailOf = (who: string) => `${who}@harbour-bank.example`;
/** A second owner of the first one's account. */
const colleague = async (owner: string, who: string) => {
  const { account } = await portal.found(owner);
  await portal.join(who, account.accountId, 'owner');
};
const conflictsOf = ({ body }: { body: unknown }) => (body as ProblemDetails).conflicts;
const optionsOf = async (who: string, path: Path) =>
  ((await portal.call(who, 'portalIntegration', { path })).body as IntegrationView).options;
const edit = (who: string, path: Path, options: object, base: object) =>
  portal.call(who, 'portalEditIntegration', { path, body: { options, base } });

describe('two operators who edit one integration', () => {
  test('in different fields, even of one group, both get what they saved', async () => {
    const { path } = await withIntegration(portal, 'ann');
    await colleague('ann', 'bob');
    const lowered = await edit(
      'ann',
      path,
      { lockout: { maxFailedAttempts: 3 } },
      { lockout: { maxFailedAttempts: 5 } },
    );
    const longer = await edit('bob', path, { lockout: { lockSeconds: 3600 } }, { lockout: { lockSeconds: 1800 } });
    expect([lowered.status, longer.status]).toEqual([200, 200]);
    expect(await optionsOf('ann', path)).toMatchObject({ lockout: { maxFailedAttempts: 3, lockSeconds: 3600 } });
  });

  test('in one field: the second gets the field, both values, who and when, and nothing of theirs is written', async () => {
    const { path } = await withIntegration(portal, 'amy');
    await colleague('amy', 'ben');
    await edit('amy', path, { attemptsPerSession: 2 }, { attemptsPerSession: 3 });
    const at = portal.world.now();
    portal.world.advance(60);
    const stale = { attemptsPerSession: 4, name: 'Renamed' };
    const answer = await edit('ben', path, stale, { attemptsPerSession: 3, name: OPTIONS.name });
    expect(answer).toMatchObject({ status: 409, body: { code: 'changed-meanwhile' } });
    const pointer = '#/options/attemptsPerSession';
    expect(conflictsOf(answer)).toEqual([{ pointer, yours: 4, theirs: 2, by: emailOf('amy'), at }]);
    expect(await optionsOf('amy', path)).toMatchObject({ attemptsPerSession: 2, name: OPTIONS.name });
    const resolved = await edit('ben', path, stale, { attemptsPerSession: 2, name: OPTIONS.name });
    expect(resolved.body).toMatchObject({ options: stale });
  });

  test('T75 of one consent on one day get a conflict, and no error about a bound', async () => {
    const { path } = await withIntegration(portal, 'abe');
    await colleague('abe', 'bea');
    const consentOf = (text: string) => ({
      consent: { version: '2026-11-28', text: `${text}: what we do with your face, told in full.` },
    });
    const base = { consent: { version: OPTIONS.consent.version } };
    expect((await edit('abe', path, consentOf('one'), base)).status).toBe(200);
    const second = await edit('bea', path, consentOf('two'), base);
    expect(second).toMatchObject({ status: 409, body: { code: 'changed-meanwhile' } });
    const [conflict, ...more] = conflictsOf(second) ?? [];
    expect(conflict).toMatchObject({
      pointer: '#/options/consent/text',
      yours: consentOf('two').consent.text,
      theirs: consentOf('one').consent.text,
      by: emailOf('abe'),
    });
    expect(more).toEqual([]);
  });

  test('T53 switching it off needs no base, and no stale form switches it on', async () => {
    const { path } = await withIntegration(portal, 'ada');
    expect((await edit('ada', path, { enabled: false }, {})).status).toBe(200);
    const stale = await edit('ada', path, { name: 'Renamed', enabled: true }, { name: OPTIONS.name, enabled: true });
    expect(stale.status).toBe(200);
    expect(await optionsOf('ada', path)).toMatchObject({ name: 'Renamed', enabled: false });
  });

  test('a row of the previous release, which counts no edits, is edited like any other', async () => {
    const { path, integrationId } = await withIntegration(portal, 'ali');
    const [row] = await rowsOf(portal.world, 'INTEGRATION_TABLE', integrationId);
    const { edits: _edits, ...earlier } = row ?? {};
    await portal.world.putRow('INTEGRATION_TABLE', earlier);
    expect((await edit('ali', path, { name: 'One' }, { name: OPTIONS.name })).status).toBe(200);
    expect((await edit('ali', path, { name: 'Two' }, { name: OPTIONS.name })).status).toBe(409);
    expect(await optionsOf('ali', path)).toMatchObject({ name: 'One' });
  });
});

const values = {
  name: fc.constantFrom('A', 'B', 'C'),
  attemptsPerSession: fc.integer({ min: 1, max: 4 }),
  lockout: fc.record({
    enabled: fc.boolean(),
    maxFailedAttempts: fc.integer({ min: 1, max: 3 }),
    windowSeconds: fc.constantFrom(60, 120),
    lockSeconds: fc.constantFrom(30, 60),
  }),
};
type Values = { name: string; attemptsPerSession: number; lockout: Record<string, unknown> };
/** Fields by path. */
const flat = ({ name, attemptsPerSession, lockout }: Values): Record<string, unknown> => ({
  name,
  attemptsPerSession,
  ...Object.fromEntries(Object.entries(lockout).map(([member, value]) => [`lockout.${member}`, value])),
});
const tree = (fields: Record<string, unknown>) => {
  const inGroup = (path: string) => path.startsWith('lockout.');
  const [members, others] = [Object.entries(fields).filter(([path]) => inGroup(path)), Object.entries(fields)];
  const lockout = Object.fromEntries(members.map(([path, value]) => [path.slice('lockout.'.length), value]));
  const rest = Object.fromEntries(others.filter(([path]) => !inGroup(path)));
  return members.length === 0 ? rest : { ...rest, lockout };
};

test('two writers, in turn or concurrently, on fresh or stale pages: what was saved stays until somebody who saw it changes it', async () => {
  let count = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          isReloaded: fc.tuple(fc.boolean(), fc.boolean()),
          wanted: fc.tuple(fc.record(values), fc.record(values)),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      async (rounds) => {
        count += 1;
        const who = `writer-${count}`;
        const { path } = await withIntegration(portal, who);
        const read = async () => flat((await optionsOf(who, path)) as unknown as Values);
        const pages = [await read(), await read()];
        for (const { isReloaded, wanted } of rounds) {
          const before = await read();
          const saves = await Promise.all(
            wanted.map(async (values, page) => {
              if (isReloaded[page] === true) pages[page] = before;
              const seen = pages[page] ?? {};
              const changed = Object.entries(flat(values)).filter(([field, value]) => value !== seen[field]);
              const base = Object.fromEntries(changed.map(([field]) => [field, seen[field]]));
              const change = Object.fromEntries(changed);
              const { status } = await edit(who, path, tree(change), tree(base));
              expect([200, 409]).toContain(status);
              return { isSaved: status === 200, change, base, page };
            }),
          );
          const after = await read();
          for (const { isSaved, change, base, page } of saves) {
            const others = saves.filter((save) => save.isSaved && save.page !== page);
            for (const [field, value] of Object.entries(change)) {
              const isOverwritten = others.some((other) => other.change[field] !== undefined);
              if (isSaved && !isOverwritten) expect([field, after[field]]).toEqual([field, value]);
              // Nobody overwrote what they had not seen: the field was as their page showed it, or had their value already.
              const valuesBefore = [before[field], ...others.map((other) => other.change[field])];
              if (isSaved) expect(valuesBefore.some((each) => each === base[field] || each === value)).toBe(true);
            }
          }
          const written = new Set(saves.filter(({ isSaved }) => isSaved).flatMap(({ change }) => Object.keys(change)));
          for (const field of Object.keys(before)) if (!written.has(field)) expect(after[field]).toBe(before[field]);
          // Both saved one field whose current value both saw: to the same value.
          const isBoth = saves.every(({ isSaved }) => isSaved);
          const [one, other] = saves;
          for (const [field, value] of Object.entries(isBoth ? (one?.change ?? {}) : {})) {
            const isSeen = [one, other].every((save) => save?.base[field] === before[field]);
            if (isSeen && other?.change[field] !== undefined)
              expect([field, other.change[field]]).toEqual([field, value]);
          }
          for (const [page, { isSaved }] of saves.entries()) if (isSaved) pages[page] = after;
        }
      },
    ),
    { numRuns: 20 },
  );
});

test('account settings: different fields are merged, one field is a conflict', async () => {
  await colleague('cal', 'cem');
  const { name, defaults } = (await portal.call('cal', 'portalAccount')).body as AccountView;
  const save = (who: string, change: object, base: object) =>
    portal.call(who, 'portalEditAccount', { body: { ...change, base } });
  const lockout = { maxFailedAttempts: defaults.lockout.maxFailedAttempts };
  expect(
    (await save('cal', { defaults: { lockout: { maxFailedAttempts: 3 } } }, { defaults: { lockout } })).status,
  ).toBe(200);
  expect((await save('cem', { name: 'Harbour Group' }, { name })).status).toBe(200);
  const second = await save('cem', { defaults: { lockout: { maxFailedAttempts: 9 } } }, { defaults: { lockout } });
  expect(second.status).toBe(409);
  const pointer = '#/defaults/lockout/maxFailedAttempts';
  expect(conflictsOf(second)).toEqual([{ pointer, yours: 9, theirs: 3, by: emailOf('cal'), at: portal.world.now() }]);
  const account = (await portal.call('cal', 'portalAccount')).body;
  expect(account).toMatchObject({ name: 'Harbour Group', defaults: { lockout: { maxFailedAttempts: 3 } } });
  const wrong = await save('cal', { defaults: { retentionDays: 0, colour: 'blue' } }, {});
  expect(wrong).toMatchObject({ status: 400, body: { code: 'invalid-option' } });
});

test('a webhook: address and events are merged, one address is a conflict, an empty edit is ignored', async () => {
  const url = 'https://hooks.example.com/verified';
  await colleague('dan', 'dee');
  const made = await portal.call('dan', 'portalAddWebhook', { body: { url, events: ['user.enrolled'] } });
  const path = { webhookId: (made.body as { webhookId: string }).webhookId };
  const save = (who: string, body: object) => portal.call(who, 'portalEditWebhook', { path, body });
  const moved = 'https://hooks.example.com/moved';
  expect((await save('dan', { url: moved, base: { url } })).status).toBe(200);
  const events = await save('dee', { events: ['user.deleted'], base: { events: ['user.enrolled'] } });
  expect(events.body).toMatchObject({ url: moved, events: ['user.deleted'] });
  const second = await save('dee', { url: 'https://hooks.example.com/other', base: { url } });
  expect(conflictsOf(second)).toMatchObject([{ pointer: '#/url', theirs: moved, by: emailOf('dan') }]);
  expect((await save('dan', {})).status).toBe(200);
});

test.each([
  ['as it was loaded', { enabled: true, base: { enabled: true } }],
  ['not at all', {}],
])(
  'a webhook that housekeeping switches off while its address is edited stays off, with the switch sent %s',
  async (_how, more) => {
    await portal.found('gil');
    const { webhooks } = portal.world;
    const url = 'https://hooks.example.com/verified';
    const made = await portal.call('gil', 'portalAddWebhook', { body: { url, events: ['user.enrolled'] } });
    const path = { webhookId: (made.body as { webhookId: string }).webhookId };
    const edited = webhooks.edit.bind(webhooks);
    const between = vi.spyOn(webhooks, 'edit').mockImplementationOnce(async (seen, change) => {
      expect(await webhooks.change(seen, { enabled: false, disabledBecause: 'gone' })).toBe(true);
      return edited(seen, change);
    });
    const moved = 'https://hooks.example.com/moved';
    const { status, body } = await portal.call('gil', 'portalEditWebhook', { path, body: { url: moved, ...more } });
    expect([status, between.mock.calls.length]).toEqual([200, 1]);
    between.mockRestore();
    expect(body).toMatchObject({ url: moved, enabled: false, disabledBecause: 'gone' });
  },
);

test('a role: an operator who changes it on a stale list learns who gave which, and when', async () => {
  await colleague('eli', 'eva');
  const { account } = await portal.found('eli');
  await portal.join('eve', account.accountId, 'viewer');
  const { operatorId } = (await portal.call('eve', 'portalMe')).body as { operatorId: string };
  const give = (who: string, role: string) =>
    portal.call(who, 'portalChangeRole', { body: { operatorId, role, base: { role: 'viewer' } } });
  expect((await give('eli', 'admin')).status).toBe(200);
  const second = await give('eva', 'owner');
  expect(conflictsOf(second)).toEqual([
    { pointer: '#/role', yours: 'owner', theirs: 'admin', by: emailOf('eli'), at: portal.world.now() },
  ]);
  const { people } = (await portal.call('eli', 'portalPeople')).body as Members;
  expect(people.find((each) => each.operatorId === operatorId)?.role).toBe('admin');
});
