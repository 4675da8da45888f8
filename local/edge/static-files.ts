import { readFile } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.wasm': 'application/wasm',
  '.bin': 'application/octet-stream',
  '.txt': 'text/plain; charset=utf-8',
};

/** A file below `folder`, or null if there is none; a path that leaves the folder finds nothing. */
export const readStaticFile = async (
  folder: string,
  path: string,
): Promise<{ readonly type: string; readonly body: Buffer } | null> => {
  const root = resolve(folder);
  const file = resolve(root, path);
  if (!file.startsWith(root + sep)) return null;
  try {
    return { type: TYPES[extname(file)] ?? 'application/octet-stream', body: await readFile(file) };
  } catch {
    return null;
  }
};
