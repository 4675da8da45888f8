import type { Request } from 'express';
import { z } from 'zod';

const Paging = z.object({
  page: z.coerce.number().int().min(0).default(0),
  per_page: z.coerce.number().int().min(1).max(100).default(50),
  include_totals: z.enum(['true', 'false']).default('false'),
});

/** One page of a list in the Actions' form: always with totals. */
export const pageWithTotals = <Item>(request: Request, name: string, items: readonly Item[]) => {
  const { page, per_page } = Paging.parse(request.query);
  const start = page * per_page;
  return { [name]: items.slice(start, start + per_page), total: items.length, page, per_page };
};

/** One page of a list in the form of the older endpoints: with totals only if `include_totals` requests them. */
export const pageOf = <Item>(request: Request, name: string, items: readonly Item[]) => {
  const { page, per_page, include_totals } = Paging.parse(request.query);
  const start = page * per_page;
  const shown = items.slice(start, start + per_page);
  if (include_totals === 'false') return shown;
  return { [name]: shown, start, limit: per_page, length: shown.length, total: items.length };
};
