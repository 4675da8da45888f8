import { existsSync } from 'node:fs';
import type { TransactionPage } from '../../contract/api/portal/transactions.ts';
import type { UserPage } from '../../contract/api/portal/users.ts';
import { csvPart, type ExportRow, jsonPart } from '../../web/portal/components/export-parts.ts';
import { createPortal, type Portal, withIntegration } from '../lambdas/portal/portal-world.ts';
import { externalIdOf, fillIntegration } from './many-people.ts';
import { quantile, timed } from './statistics.ts';

export interface ListSample {
  readonly name: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly count: number;
}

export interface PortalLists {
  readonly userCount: number;
  readonly logins: number;
  readonly fillSeconds: number;
  readonly lists: readonly ListSample[];
  /** Rows per second, from the first request to the last byte of the file. */
  readonly exports: readonly { readonly format: 'CSV' | 'JSON'; readonly rows: number; readonly perSecond: number }[];
}

const MEMORY_DISK = '/dev/shm';
const WHO = 'olivia';
const USERS = 100_000;
const LOGINS = 100_000;
const ROUNDS = 100;
const DEEP_PAGES = 40;

type Query = Readonly<Record<string, string>>;
type Path = { readonly integrationId: string };

const read = async <Page>(portal: Portal, name: 'portalUsers' | 'portalTransactions', path: Path, query: Query) => {
  const { status, body } = await portal.call(WHO, name, { path, query });
  if (status !== 200) throw new Error(`${name} answered ${status}`);
  return body as Page;
};

const sample = async (name: string, act: (round: number) => Promise<unknown>, rounds = ROUNDS): Promise<ListSample> => {
  for (let round = 0; round < 5; round += 1) await act(round);
  const ms: number[] = [];
  for (let round = 0; round < rounds; round += 1) ms.push((await timed(() => act(round))).ms);
  return { name, p50Ms: quantile(ms, 0.5), p95Ms: quantile(ms, 0.95), count: rounds };
};

/** Somewhere in the middle of a list, by its own cursors. */
const cursorsOf = async (portal: Portal, path: Path, query: Query): Promise<readonly string[]> => {
  const cursors: string[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < DEEP_PAGES; page += 1) {
    const more: Query = cursor === null ? {} : { cursor };
    const next: UserPage = await read(portal, 'portalUsers', path, { ...query, ...more, limit: '100' });
    if (next.cursor === null) break;
    cursor = next.cursor;
    cursors.push(cursor);
  }
  return cursors;
};

const measureLists = async (portal: Portal, path: Path): Promise<readonly ListSample[]> => {
  const users = (query: Query) => read<UserPage>(portal, 'portalUsers', path, query);
  const deep = async (query: Query) => {
    const cursors = await cursorsOf(portal, path, query);
    return (round: number) => users({ ...query, cursor: cursors[round % cursors.length] ?? '' });
  };
  const anyUser = (round: number) => externalIdOf((round * 7919) % USERS);
  return [
    await sample('users, first page', () => users({})),
    await sample(`users, page ${DEEP_PAGES * 2} and around`, await deep({})),
    await sample('users by a prefix that many share', (round) => users({ prefix: anyUser(round).slice(0, 8) })),
    await sample('users by a whole External ID', (round) => users({ prefix: anyUser(round) })),
    await sample('users enrolled, first page', () => users({ state: 'enrolled' })),
    await sample('users enrolled, deep page', await deep({ state: 'enrolled' })),
    await sample('users without a face, deep page', await deep({ state: 'not_enrolled' })),
    await sample('users disabled, first page', () => users({ state: 'disabled' })),
    await sample('users locked, first page', () => users({ state: 'locked' })),
    await sample('users locked, deep page', await deep({ state: 'locked' })),
    await sample('users locked by a prefix', (round) => users({ state: 'locked', prefix: anyUser(round).slice(0, 8) })),
    await sample('one user', (round) =>
      portal.call(WHO, 'portalUser', { query: { ...path, externalId: anyUser(round) } }),
    ),
    await sample('transactions, first page', () => read(portal, 'portalTransactions', path, {})),
    await sample('transactions of one outcome', () =>
      read(portal, 'portalTransactions', path, { outcome: 'no_match' }),
    ),
    await sample('transactions of one user', (round) =>
      read(portal, 'portalTransactions', path, { externalId: anyUser(round % 100) }),
    ),
  ];
};

const measureExport = async (portal: Portal, path: Path, format: 'CSV' | 'JSON') => {
  let [rows, cursor]: [number, string | null] = [0, null];
  let bytes = 0;
  const { ms } = await timed(async () => {
    do {
      const more: Query = cursor === null ? {} : { cursor };
      const page: TransactionPage = await read(portal, 'portalTransactions', path, { ...more, limit: '1000' });
      const flat: readonly ExportRow[] = page.transactions.map(({ verdicts: _verdicts, ...rest }) => rest);
      const part = format === 'CSV' ? csvPart(flat, rows === 0) : jsonPart(flat, rows === 0);
      bytes += Buffer.byteLength(part);
      rows += page.transactions.length;
      ({ cursor } = page);
    } while (cursor !== null);
  });
  if (rows !== LOGINS || bytes === 0) throw new Error(`the export has ${rows} rows of ${LOGINS}`);
  return { format, rows, perSecond: rows / (ms / 1000) };
};

/** How long the portal's lists take at 100,000 users, and how fast everything is exported as a file. */
export const measurePortalLists = async (): Promise<PortalLists> => {
  // Two hundred thousand rows, each synced to disk, take a quarter of an hour; only reading is measured.
  if (existsSync(MEMORY_DISK)) process.env['TMPDIR'] ??= MEMORY_DISK;
  const portal = await createPortal();
  try {
    const { path } = await withIntegration(portal, WHO);
    const filled = await timed(() =>
      fillIntegration(portal.world, path.integrationId, { userCount: USERS, logins: LOGINS }),
    );
    return {
      userCount: USERS,
      logins: LOGINS,
      fillSeconds: filled.ms / 1000,
      lists: await measureLists(portal, path),
      exports: [await measureExport(portal, path, 'CSV'), await measureExport(portal, path, 'JSON')],
    };
  } finally {
    await portal.world.close();
  }
};
