import Papa from 'papaparse';

/** Rows for export: flat, by column. */
export type ExportRow = Readonly<Record<string, string | number | boolean | null>>;

/**
 * Rows as CSV (RFC 4180: CRLF, quotes where needed), with a header in the first part. A cell that a spreadsheet would read as a
 * formula gets a leading apostrophe: External IDs and names come from outside (OWASP, CSV Injection).
 */
export const csvPart = (rows: readonly ExportRow[], isFirst: boolean): string => {
  if (rows.length === 0) return '';
  return `${Papa.unparse([...rows], { header: isFirst, newline: '\r\n', escapeFormulae: /^\s*[=+\-@\t\r\n＝＋－＠]/ })}\r\n`;
};

/** Rows as members of one JSON array; the caller closes it. */
export const jsonPart = (rows: readonly ExportRow[], isFirst: boolean): string =>
  rows.map((row, index) => `${isFirst && index === 0 ? '[\n' : ',\n'}${JSON.stringify(row)}`).join('');
