import { StartError } from '../aws-wire/listen.ts';

/** What the system's error codes for files mean to the person at the terminal. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'it is on a read-only file system',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EEXIST: 'there is a file in its place',
  EISDIR: 'there is a folder in the place of a file',
  ELOOP: 'its path is a loop of links',
  ENAMETOOLONG: 'its path is too long',
  EBUSY: 'something else is using it',
  EIO: 'the disk reports an error',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};

/** SQLite's messages, as the database passes them on (sqlite.org/rescode.html). */
const DATABASE_MESSAGES: Readonly<Record<string, string>> = {
  'database or disk is full': 'ENOSPC',
  'attempt to write a readonly database': 'EROFS',
  'disk I/O error': 'EIO',
};

interface FileFault {
  readonly code: string;
  readonly path?: string | undefined;
  readonly cause: Error;
}

const faultOf = (error: NodeJS.ErrnoException): FileFault | null => {
  const { code, path, syscall, message } = error;
  if (code !== undefined && code in REASONS) return { code, path, cause: error };
  // Node's own mkdir reports this for a folder on a read-only file system.
  if (code === 'ENOENT' && syscall === 'mkdir') return { code: 'EROFS', path, cause: error };
  const known = Object.keys(DATABASE_MESSAGES).find((one) => message.includes(one));
  return known === undefined ? null : { code: DATABASE_MESSAGES[known] ?? '', cause: error };
};

/** What the file system reported, as the error itself or as its cause. */
const fileFaultOf = (error: unknown): FileFault | null => {
  for (let one = error; one instanceof Error; one = one.cause) {
    const fault = faultOf(one);
    if (fault !== null) return fault;
  }
  return null;
};

/**
 * Turns what the person at the terminal can fix into one sentence. Any other error is a fault of the program and is returned unchanged.
 * @param folder the data folder
 */
export const asStartError = (error: unknown, folder: string): unknown => {
  if (error instanceof StartError) return error;
  const fault = fileFaultOf(error);
  if (fault === null) return error;
  const { code, path, cause } = fault;
  const where = path === undefined || path === folder ? '' : `, at ${path}`;
  return new StartError(
    `The platform cannot keep its files in ${folder}: ${REASONS[code]} (${code}${where}); fix that, or name another folder with VERIFIED_DATA.`,
    { cause },
  );
};
