import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ROOT } from './root.ts';

/** How a bundler reports a place in a source file: esbuild's `location`, Vite's and Rolldown's `loc`. */
interface Place {
  readonly file?: string | undefined;
  readonly line: number;
  readonly column: number;
}
interface Fault {
  readonly message?: string;
  readonly text?: string;
  readonly errors?: readonly Fault[];
  readonly location?: Place | null;
  readonly loc?: Place;
  readonly id?: string;
}

const withoutFrame = (text: string): string => {
  const lines = stripVTControlCharacters(text).split('\n');
  return (lines.map((line) => line.trim()).find((line) => line !== '') ?? '').replace(/^\[[^\]]*\]\s*/, '');
};

/** Why something was not built, in one line: `web/capture/app.tsx:12:4: Expected ";"`. */
export const inOneLine = (error: unknown): string => {
  const whole = error as Fault;
  const fault = whole.errors?.[0] ?? whole;
  const place = fault.location ?? fault.loc;
  const file = place?.file ?? fault.id ?? whole.id;
  const where =
    file === undefined ? '' : relative(ROOT, file.startsWith('/') ? (file.split('?')[0] ?? '') : `${ROOT}${file}`);
  const at = place === undefined || place === null ? '' : `:${place.line}:${place.column}`;
  const text = withoutFrame(fault.text ?? fault.message ?? String(error));
  return where === '' ? text : `${where}${at}: ${text}`;
};
