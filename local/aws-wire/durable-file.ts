import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const TEMPORARY = '.tmp';

const hasCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException | null)?.code === code;

/** Makes a new or removed file name itself survive a power cut. Windows has no such call for folders. */
const syncFolder = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const writeTemporary = async (path: string, bytes: Uint8Array | string): Promise<string> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}${TEMPORARY}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return temporary;
};

/** Writes a file so that a crash at any moment leaves the old or the new one, never a partial one. Readable by its owner only. */
export const writeDurably = async (path: string, bytes: Uint8Array | string): Promise<void> => {
  const temporary = await writeTemporary(path, bytes);
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
};

/** Like `writeDurably`, for a file that must not exist yet: exactly one of several parallel writers gets true. */
export const createDurably = async (path: string, bytes: Uint8Array | string): Promise<boolean> => {
  const temporary = await writeTemporary(path, bytes);
  try {
    // Unlike a rename, a link fails if the name is taken.
    await link(temporary, path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(dirname(path));
  return true;
};

/** Removes a file durably; no error if there is none. */
export const removeDurably = async (path: string): Promise<void> => {
  try {
    await rm(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  await syncFolder(dirname(path));
};

/** Removes what killed writers left unfinished in `folder`; creates the folder if necessary. */
export const openFolder = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const left = (await readdir(folder)).filter((file) => file.endsWith(TEMPORARY));
  await Promise.all(left.map((file) => rm(join(folder, file), { force: true })));
};

/** The file's bytes, or null if there is none. */
export const readIfExists = async (path: string): Promise<Buffer | null> => {
  try {
    return await readFile(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
};
