import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useRef, useState } from 'react';
import { asCallError, type CallError, type PortalApi } from '../api/client.ts';
import { usePortal } from '../shell/portal-context.ts';
import { logins as loginsTexts } from '../text/en/logins.ts';
import { Dialog } from './dialog.tsx';
import type { ExportRow } from './export-parts.ts';
import { Failure } from './page-states.tsx';
import { save } from './save.ts';

const texts = loginsTexts.export;

export interface ExportSource {
  /** Without extension. */
  readonly fileName: string;
  /** One page of a thousand rows. */
  readonly read: (
    api: PortalApi,
    cursor: string | null,
    signal: AbortSignal,
  ) => Promise<{ readonly rows: readonly ExportRow[]; readonly cursor: string | null }>;
}

type Format = 'csv' | 'json';

/** Follows the cursors to the end. Parts go into blobs, which browsers keep on disk, so that the size of an export does not matter. */
const collect = async (
  source: ExportSource,
  api: PortalApi,
  format: Format,
  signal: AbortSignal,
  onRows: (count: number) => void,
): Promise<{ readonly file: Blob; readonly rows: number }> => {
  const { csvPart, jsonPart } = await import('./export-parts.ts');
  const parts: Blob[] = [];
  let [cursor, rows]: [string | null, number] = [null, 0];
  do {
    const page = await source.read(api, cursor, signal);
    parts.push(new Blob([format === 'csv' ? csvPart(page.rows, rows === 0) : jsonPart(page.rows, rows === 0)]));
    rows += page.rows.length;
    ({ cursor } = page);
    onRows(rows);
  } while (cursor !== null);
  if (format === 'json') parts.push(new Blob([rows === 0 ? '[]\n' : '\n]\n']));
  return { file: new Blob(parts, { type: format === 'csv' ? 'text/csv;charset=utf-8' : 'application/json' }), rows };
};

/** Writes all rows that match a list's filter into a file, page by page. */
export const ExportButtons = ({ source }: { source: ExportSource }) => {
  const { api, announce } = usePortal();
  const [rows, setRows] = useState<number | null>(null);
  const [failure, setFailure] = useState<CallError | null>(null);
  const running = useRef<AbortController | null>(null);
  const stop = (): void => {
    running.current?.abort();
    setRows(null);
    setFailure(null);
  };
  const run = async (format: Format): Promise<void> => {
    const controller = new AbortController();
    running.current = controller;
    setRows(0);
    try {
      const exported = await collect(source, api, format, controller.signal, setRows);
      if (controller.signal.aborted) return;
      save(exported.file, `${source.fileName}.${format}`);
      announce(texts.done(exported.rows));
      setRows(null);
    } catch (error) {
      if (!controller.signal.aborted) setFailure(asCallError(error));
    }
  };
  return (
    <>
      <SpaceBetween direction="horizontal" size="xs">
        <Button onClick={() => void run('csv')}>{texts.csv}</Button>
        <Button onClick={() => void run('json')}>{texts.json}</Button>
      </SpaceBetween>
      {rows !== null && (
        <Dialog
          title={texts.title}
          close={texts.cancel}
          onClose={stop}
          footer={
            <Box float="right">
              <Button onClick={stop}>{texts.cancel}</Button>
            </Box>
          }
        >
          {failure === null ? (
            <StatusIndicator type="in-progress">{texts.rows(rows)}</StatusIndicator>
          ) : (
            <Failure failure={failure} />
          )}
        </Dialog>
      )}
    </>
  );
};
