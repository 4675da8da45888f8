import { StartError } from '../aws-wire/listen.ts';

/** What the system's words for a failed file mean, and what can be done about it. */
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

/** The error, or the one that it was made from, that the file system gave. */
const fileErrorOf = (error: unknown): NodeJS.ErrnoException | null => {
  for (let one = error; one instanceof Error; one = one.cause) {
    const { code } = one as NodeJS.ErrnoException;
    if (code !== undefined && code in REASONS) return one;
  }
  return null;
};

/**
 * What the person at the terminal can mend, in one sentence; any other error is a fault of the program and stays as it is.
 * @param folder the data folder
 */
export const asStartError = (error: unknown, folder: string): unknown => {
  if (error instanceof StartError) return error;
  const cause = fileErrorOf(error);
  if (cause === null) return error;
  const { code = '', path } = cause;
  const where = path === undefined || path === folder ? '' : `, at ${path}`;
  return new StartError(
    `The platform cannot keep its files in ${folder}: ${REASONS[code]} (${code}${where}); mend that, or name another folder with VERIFIED_DATA.`,
    { cause },
  );
};
