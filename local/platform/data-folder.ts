import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { removeDurably, writeDurably } from '../aws-wire/durable-file.ts';
import { StartError } from '../aws-wire/listen.ts';

/** Enough for a start and a few hundred faces; below this, the database and everything after it would fail halfway. */
const MIN_FREE_BYTES = 32 * 1024 * 1024;
const PROBE = 'probe';

const freeBytesAt = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

/**
 * Creates the data folder, and finds out before anything else starts whether files can be written there.
 * @param freeBytes how much fits
 * @throws StartError if too little fits; what the file system reports for a first file, see `asStartError`
 */
export const prepareDataFolder = async (folder: string, freeBytes = freeBytesAt): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const free = await freeBytes(folder);
  if (free < MIN_FREE_BYTES) {
    const [has, needs] = [free, MIN_FREE_BYTES].map((bytes) => Math.floor(bytes / (1024 * 1024)));
    throw new StartError(
      `The disk of ${folder} is full: ${has} MB are left, and a start needs ${needs} MB; free some, or name another folder with VERIFIED_DATA.`,
    );
  }
  await writeDurably(join(folder, PROBE), 'Checks at start that files can be written here.\n');
  await removeDurably(join(folder, PROBE));
};
