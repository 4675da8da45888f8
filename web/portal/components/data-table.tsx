import type { Key, ReactNode } from 'react';

/** One column; the names of its members are those of Cloudscape's table, so that its collection hooks fit. */
export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** The column that names its row to a screen reader. */
  readonly isRowHeader?: boolean;
  /** Contains ids and addresses, which may break anywhere, unlike texts. */
  readonly breaks?: boolean;
  /** A short text that must not wrap, e.g. a state. */
  readonly whole?: boolean;
  /** Member of the row that this column sorts by. */
  readonly sortingField?: string;
}

interface Sorting<Row> {
  readonly sortingColumn?: { readonly sortingField?: string } | undefined;
  readonly sortingDescending?: boolean | undefined;
  readonly onSortingChange?:
    | ((event: CustomEvent<{ sortingColumn: Column<Row>; isDescending: boolean }>) => void)
    | undefined;
}

export interface DataTableProps<Row> extends Sorting<Row> {
  readonly label: string;
  readonly items: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => Key;
  /** Shown while there are no rows. */
  readonly empty: ReactNode;
  readonly footer?: ReactNode;
}

function ColumnHeader<Row>({ column, sorting }: { column: Column<Row>; sorting: Sorting<Row> }) {
  const { onSortingChange, sortingColumn, sortingDescending } = sorting;
  if (column.sortingField === undefined || onSortingChange === undefined) return <th scope="col">{column.header}</th>;
  const isSorted = sortingColumn?.sortingField === column.sortingField;
  const isDescending = isSorted && sortingDescending === true;
  const sort = (): void =>
    onSortingChange(
      new CustomEvent('sort', { detail: { sortingColumn: column, isDescending: isSorted && !isDescending } }),
    );
  return (
    <th scope="col" {...(isSorted ? { 'aria-sort': isDescending ? 'descending' : 'ascending' } : {})}>
      <button type="button" onClick={sort}>
        {column.header}
      </button>
    </th>
  );
}

function classOf<Row>({ breaks, whole }: Column<Row>): string | undefined {
  if (breaks === true) return 'breaks';
  return whole === true ? 'whole' : undefined;
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const Tag = column.isRowHeader === true ? 'th' : 'td';
  return (
    <Tag
      // Chromium and Safari lose the role of a cell once its row is laid out as a card.
      role={column.isRowHeader === true ? 'rowheader' : 'cell'}
      {...(column.isRowHeader === true ? { scope: 'row' } : {})}
      className={classOf(column)}
    >
      <span className="data-label" aria-hidden="true">
        {column.header}
      </span>
      <div>{column.cell(row)}</div>
    </Tag>
  );
}

/**
 * Rows in columns; on a narrow screen, each row is a card with labelled values. A custom table, since Cloudscape's cuts its
 * columns off on a phone and includes the code for resizing, selecting and editing, which no list here needs (README, under Weight).
 */
export function DataTable<Row>({ label, items, columns, keyOf, empty, footer, ...sorting }: DataTableProps<Row>) {
  return (
    <div className="data">
      {/* biome-ignore lint/a11y/noRedundantRoles: see Cell. */}
      <table role="table" aria-label={label}>
        {/* biome-ignore lint/a11y/noRedundantRoles: see Cell. */}
        <thead role="rowgroup">
          {/* biome-ignore lint/a11y/noRedundantRoles: see Cell. */}
          <tr role="row">
            {columns.map((column) => (
              <ColumnHeader key={column.id} column={column} sorting={sorting} />
            ))}
          </tr>
        </thead>
        {/* biome-ignore lint/a11y/noRedundantRoles: see Cell. */}
        <tbody role="rowgroup">
          {items.map((row) => (
            // biome-ignore lint/a11y/noRedundantRoles: see Cell.
            <tr role="row" key={keyOf(row)}>
              {columns.map((column) => (
                <Cell key={column.id} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {items.length === 0 && <div className="data-empty">{empty}</div>}
      {footer !== undefined && <div className="data-footer">{footer}</div>}
    </div>
  );
}
