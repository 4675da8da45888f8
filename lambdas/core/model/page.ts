/** Rows as a store read them, each with its place in the order, and where to continue; null at the end. */
export interface Slice<Row> {
  readonly rows: readonly { readonly row: Row; readonly place: string }[];
  readonly after: string | null;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly after: string | null;
}

/** Reads that one request may take. A filter that matches little then yields a short page with a cursor. */
const MAX_READS = 5;

/**
 * Reads slice after slice until `limit` items are kept, nothing is left, or the reads of one request are used up. So the cost of a
 * request is bounded, however little the filter keeps. A page may be short, or empty, without being the last.
 * @param read up to `want` further rows behind `after`
 * @param keep the item of a row, or null to leave it out
 */
export const boundedPage = async <Row, Item>(
  { after, limit }: { readonly after: string | null; readonly limit: number },
  read: (after: string | null, want: number) => Promise<Slice<Row>>,
  keep: (row: Row) => Item | null,
): Promise<Page<Item>> => {
  const items: Item[] = [];
  let place = after;
  for (let reads = 0; reads < MAX_READS; reads += 1) {
    const slice = await read(place, limit - items.length);
    for (const [index, { row, place: here }] of slice.rows.entries()) {
      const item = keep(row);
      if (item === null) continue;
      items.push(item);
      const isLast = index === slice.rows.length - 1;
      if (items.length === limit) return { items, after: isLast ? slice.after : here };
    }
    place = slice.after;
    if (place === null) break;
  }
  return { items, after: place };
};
