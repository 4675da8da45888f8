import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StartError } from '../../../local/aws-wire/listen.ts';
import { asStartError } from '../../../local/platform/as-start-error.ts';
import { prepareDataFolder } from '../../../local/platform/data-folder.ts';
import { runProduct } from '../../support/product.ts';

const run = promisify(execFile);
const PORT = '4870';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verified-start-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A start that has to fail: its final sentence, without the tools' own warnings. */
const failingStart = async (data: string, options: readonly string[] = []) => {
  const product = runProduct({ VERIFIED_DATA: data, VERIFIED_PORT: PORT, NODE_NO_WARNINGS: '1' }, options);
  const exitCode = await product.ended;
  const lines = product
    .said()
    .split('\n')
    .map((line) => line.trim());
  expect(product.said()).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  return { exitCode, sentence: lines.filter((line) => line !== '').at(-1) ?? '' };
};

describe('a start that cannot succeed', () => {
  test('a file where the data folder should be', async () => {
    await writeFile(join(folder, 'file'), '');
    const data = join(folder, 'file/below');
    expect(await failingStart(data)).toEqual({
      exitCode: 1,
      sentence: `The platform cannot keep its files in ${data}: a part of its path is a file, not a folder (ENOTDIR); fix that, or name another folder with VERIFIED_DATA.`,
    });
  });

  test('a port that is taken, after which the folder is free again', async () => {
    const taken = createServer().listen(Number(PORT) + 1, '127.0.0.1');
    try {
      const { exitCode, sentence } = await failingStart(join(folder, 'data'));
      expect(exitCode).toBe(1);
      expect(sentence).toBe(
        `Port ${Number(PORT) + 1} for Verified is taken: stop the program that uses it, or choose other ports with VERIFIED_PORT.`,
      );
      expect(await readdir(join(folder, 'data/dynamodb'))).not.toContain('in-use.pid');
    } finally {
      taken.close();
    }
  });

  test('unknown options', async () => {
    const { exitCode, sentence } = await failingStart(join(folder, 'data'), ['--rest']);
    expect(exitCode).toBe(1);
    expect(sentence).toBe("Unknown option '--rest'; the options are --reset, --demo-data, --reload and --as-deployed.");
  });

  test('options that exclude each other', async () => {
    const { exitCode, sentence } = await failingStart(join(folder, 'data'), ['--reload', '--as-deployed']);
    expect(exitCode).toBe(1);
    expect(sentence).toBe('--reload follows the sources and --as-deployed the templates made from them: choose one.');
  });

  test('damaged parts of the folder', async () => {
    const data = join(folder, 'data');
    await mkdir(data);
    await writeFile(join(data, 'seed.json'), '{"integrationId":');
    const { exitCode, sentence } = await failingStart(data);
    expect(exitCode).toBe(1);
    expect(sentence).toMatch(/^The data folder is damaged: .* "npm start -- --reset" starts from scratch\.$/);
  });
});

/** Only root may mount, and not everywhere. */
const canMount = await (async () => {
  const probe = await mkdtemp(join(tmpdir(), 'verified-mount-'));
  try {
    await run('mount', ['-t', 'tmpfs', 'tmpfs', probe]);
    await run('umount', [probe]);
    return true;
  } catch {
    return false;
  } finally {
    await rm(probe, { recursive: true, force: true });
  }
})();

describe.runIf(canMount)('on a separate file system', () => {
  const onFileSystem = async (options: string) => {
    const place = join(folder, 'place');
    await mkdir(place);
    await run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place]);
    try {
      return await failingStart(join(place, 'data'));
    } finally {
      await run('umount', [place]);
    }
  };

  test('a full disk', async () => {
    const { exitCode, sentence } = await onFileSystem('size=8m');
    expect(exitCode).toBe(1);
    expect(sentence).toMatch(/^The disk of \S+ is full: \d MB are left, and a start needs 32 MB; free some, or/);
  });

  test('a read-only disk', async () => {
    const { exitCode, sentence } = await onFileSystem('ro');
    expect(exitCode).toBe(1);
    expect(sentence).toMatch(/: it is on a read-only file system \(EROFS\); fix that, or name another folder/);
  });
});

describe('what the file system reports', () => {
  const errno = (code: string, path?: string) =>
    Object.assign(new Error(`${code}: as tests say`), { code, ...(path === undefined ? {} : { path }) });

  test('becomes a sentence, even as the cause of another error', () => {
    const full = new Error('DynamoDB PutItem failed', { cause: new Error('backend: database or disk is full') });
    for (const [error, words] of [
      [errno('ENOSPC'), 'the disk is full (ENOSPC)'],
      [errno('EEXIST', '/data'), 'there is a file in its place (EEXIST)'],
      [errno('EACCES', '/data/kms/keys.json'), 'this user may not write there (EACCES, at /data/kms/keys.json)'],
      [new Error('outer', { cause: errno('EDQUOT') }), 'the disk quota is used up (EDQUOT)'],
      [full, 'the disk is full (ENOSPC)'],
    ] as const) {
      const sentence = asStartError(error, '/data');
      expect(sentence).toBeInstanceOf(StartError);
      expect((sentence as Error).message).toContain(words);
    }
  });

  test('is the only kind that does: a fault of the program keeps its stack trace', () => {
    for (const error of [new TypeError('x is not a function'), errno('ERR_INVALID_ARG_TYPE'), 'text', null])
      expect(asStartError(error, '/data')).toBe(error);
    const own = new StartError('as it is');
    expect(asStartError(own, '/data')).toBe(own);
  });

  test('is checked before anything starts', async () => {
    await expect(prepareDataFolder(folder, async () => 33 * 1024 * 1024)).resolves.toBeUndefined();
    await expect(prepareDataFolder(folder, async () => 1_500_000)).rejects.toThrow(
      '1 MB are left, and a start needs 32 MB',
    );
    expect(await readdir(folder)).toEqual([]);
  });
});
