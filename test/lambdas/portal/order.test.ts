import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditPage } from '../../../contract/api/portal/operator.ts';
import type { TransactionPage } from '../../../contract/api/portal/transactions.ts';
import { ACTS, underAudit } from '../../../lambdas/core/accounts/audit.ts';
import { openLogin } from '../../support/login.ts';
import { createPortal, type Portal, type PortalRouteName, withIntegration } from './portal-world.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await createPortal();
});
afterAll(() => portal.world.close());

/** Reads all pages, with varying sizes, and does something between them. */
const readAll = async <Item>(
  who: string,
  name: PortalRouteName,
  path: Readonly<Record<string, string>>,
  pageOf: (body: unknown) => { readonly items: readonly Item[]; readonly cursor: string | null },
  { limits, query, between }: { limits: readonly number[]; query: object; between?: () => Promise<unknown> },
): Promise<readonly Item[]> => {
  const all: Item[] = [];
  let cursor: string | null = null;
  for (let page = 0; ; page += 1) {
    const limit = String(limits[page % limits.length]);
    const more: object = cursor === null ? {} : { cursor };
    const { status, body } = await portal.call(who, name, { path, query: { ...query, limit, ...more } });
    expect(status).toBe(200);
    const { items, cursor: next } = pageOf(body);
    all.push(...items);
    if (next === null) return all;
    cursor = next;
    await between?.();
  }
};

describe('audit events', () => {
  test('are listed in the order in which they happened, even within a second, each once, by pages of any size', async () => {
    const { world, audit } = portal;
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ wait: fc.constantFrom(0, 0, 0, 1), act: fc.constantFrom(...ACTS.slice(0, 3)) }), {
          minLength: 1,
          maxLength: 25,
        }),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom(null, ...ACTS.slice(0, 3)),
        async (acts, limits, wanted) => {
          count += 1;
          const who = `order-${count}`;
          const { accountId } = (await portal.found(who)).account;
          const note = (act: (typeof ACTS)[number], detail: string) =>
            underAudit(
              { audit, clock: world.now, log: world.ports.log },
              { accountId, operatorId: who, email: null },
              { act, detail },
              async () => {},
            );
          const done: string[] = [];
          for (const { wait, act } of acts) {
            world.advance(wait);
            await note(act, `${done.length}`);
            done.push(act);
          }
          const expected = done.flatMap((act, index) => (wanted === null || act === wanted ? [String(index)] : []));
          const listed = await readAll(
            who,
            'portalAudit',
            {},
            (page) => ({ items: (page as AuditPage).entries, cursor: (page as AuditPage).cursor }),
            // What is added during the reading belongs before the first page, and shifts nothing.
            { limits, query: wanted === null ? {} : { act: wanted }, between: () => note(ACTS[0], 'later') },
          );
          const founded = wanted === null || wanted === 'account-founded' ? ['harbour-bank.example'] : [];
          expect(listed.map(({ detail }) => detail)).toEqual([...expected.toReversed(), ...founded]);
        },
      ),
      { numRuns: 12 },
    );
  });
});

test('logins that ended within a second are listed in the order in which they ended, by every index', async () => {
  const { world, call } = portal;
  const one = await withIntegration(portal, 'olga');
  await call('olga', 'portalEditIntegration', { path: one.path, body: { options: { enabled: false } } });
  const sub = world.newExternalId();
  const ended: string[] = [];
  for (let login = 0; login < 9; login += 1) ended.push((await (await openLogin(world, one, sub)).view()).supportId);
  for (const query of [{}, { externalId: sub }, { outcome: 'disabled' }, { mode: 'always' }]) {
    const listed = await readAll(
      'olga',
      'portalTransactions',
      one.path,
      (page) => ({ items: (page as TransactionPage).transactions, cursor: (page as TransactionPage).cursor }),
      { limits: [2, 1, 4], query },
    );
    expect([query, listed.map(({ supportId }) => supportId)]).toEqual([query, ended.toReversed()]);
  }
});
