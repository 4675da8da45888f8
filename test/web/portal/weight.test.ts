import { beforeAll, expect, test } from 'vitest';
import { type FirstLoad, firstLoadsOfPortal } from '../../support/first-loads.ts';

/** How far a budget may exceed the weight of its page, which bounds unnoticed growth. */
const HEADROOM = 0.05;

/**
 * Budget of the first load of each page, kB of gzip, without charts and dialogs that are loaded later. A page that exceeds its budget
 * requires a decision: make it lighter, load a part of it later, or raise the figure here and say in the commit what the reader gets for it.
 */
const BUDGETS_KB: Readonly<Record<string, number>> = {
  'pages/audit/audit-page.tsx': 318,
  'pages/integrations/connect-page.tsx': 318,
  'pages/integrations/integrations-page.tsx': 320,
  'pages/integrations/new-page.tsx': 333,
  'pages/integrations/secrets-page.tsx': 324,
  'pages/integrations/settings-page.tsx': 333,
  'pages/overview/overview-page.tsx': 317,
  'pages/members/invitation-page.tsx': 312,
  'pages/members/members-page.tsx': 314,
  'pages/settings/api-keys-page.tsx': 321,
  'pages/settings/settings-page.tsx': 327,
  'pages/settings/webhooks-page.tsx': 336,
  'pages/transactions/support-page.tsx': 320,
  'pages/transactions/transactions-page.tsx': 319,
  'pages/users/user-page.tsx': 336,
  'pages/users/users-page.tsx': 317,
};

/** The fault of a page's weight, or null. */
const faultOf = (bytes: number, budgetKb: number | undefined): string | null => {
  const kilobytes = `${(bytes / 1000).toFixed(1)} kB`;
  if (budgetKb === undefined) return `${kilobytes} and no budget`;
  if (bytes > budgetKb * 1000) return `${kilobytes}, above its budget of ${budgetKb} kB`;
  if (budgetKb * 1000 > bytes * (1 + HEADROOM))
    return `${kilobytes}, so far below ${budgetKb} kB that growth would hide`;
  return null;
};

const CHARTS = 'pages/overview/charts.tsx';
let loads: readonly FirstLoad[];
beforeAll(async () => {
  loads = await firstLoadsOfPortal([CHARTS]);
});
const weightOf = (page: string): number => loads.find((load) => load.page === page)?.gzipBytes ?? Number.NaN;

test('the first load of every page stays within its budget, and no budget is more than 5 % above its page', () => {
  const pages = loads.filter(({ page }) => page !== CHARTS);
  const faults = pages.map(({ page, gzipBytes }) => [page, faultOf(gzipBytes, BUDGETS_KB[page])] as const);
  expect(faults.filter(([, fault]) => fault !== null)).toEqual([]);
  expect(Object.keys(BUDGETS_KB).sort()).toEqual(pages.map(({ page }) => page).sort());
});

test('growth is noticed: no page has more than 5 % of headroom or lacks a budget', () => {
  expect(faultOf(300_000, 300)).toBeNull();
  expect(faultOf(300_000, 315)).toBeNull();
  expect(faultOf(300_001, 300)).toContain('above its budget of 300 kB');
  expect(faultOf(300_000, 316)).toContain('growth would hide');
  expect(faultOf(300_000, undefined)).toContain('no budget');
});

test('the charts are loaded after their page', () => {
  expect(weightOf(CHARTS)).toBeGreaterThan(weightOf('pages/overview/overview-page.tsx') + 20_000);
});
