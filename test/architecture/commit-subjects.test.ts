import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../support/local-aws.ts';

const CHECK = fileURLToPath(new URL('../../.githooks/check-subject.mjs', import.meta.url));
const HOOK = fileURLToPath(new URL('../../.githooks/commit-msg', import.meta.url));

let folder: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterAll(() => remove());

/** The hook's complaint about a message; null if it accepts the commit. */
const refusalOf = async (message: string): Promise<string | null> => {
  const file = join(folder, 'COMMIT_EDITMSG');
  await writeFile(file, message);
  const { status, stderr } = spawnSync(HOOK, [file], { encoding: 'utf8' });
  return status === 0 ? null : stderr;
};
const git = (...args: readonly string[]): void => {
  const who = ['-c', 'user.name=somebody', '-c', 'user.email=somebody@example.com', '-c', 'core.hooksPath=/dev/null'];
  const { status, stderr } = spawnSync('git', [...who, ...args], { cwd: folder, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
};

test.each([
  'feat: a',
  'fix(local): one sentence however often the database ends',
  'feat(api)!: keys have scopes\n\nA body may be as long as it likes, and its lines are not looked at by this check at all, however long.',
  `docs: ${'é'.repeat(66)}`,
  '\n# a comment of git\ntest: the first line that is none',
  'Merge what AWS limits and refuses',
  'Revert "feat: a"',
  'fixup! feat: a',
])('%j is a subject', async (message) => {
  expect(await refusalOf(message)).toBeNull();
});

test.each([
  [`docs: ${'e'.repeat(67)}`, /73 characters, 72 at most/],
  ['Fix the thing', /type: what changes/],
  ['fixed: the thing', /types: feat, fix/],
  ['fix:the thing', /type: what changes/],
  ['fix(Some Part): the thing', /type: what changes/],
  ['', /type: what changes/],
])('%j is refused', async (message, why) => {
  expect(await refusalOf(message)).toMatch(why);
});

test('every commit of a range is checked, except merges', () => {
  git('init', '--quiet', '--initial-branch', 'main');
  git('commit', '--quiet', '--allow-empty', '--message', 'chore: begin');
  git('checkout', '--quiet', '-b', 'side');
  git('commit', '--quiet', '--allow-empty', '--message', 'This is no subject');
  git('commit', '--quiet', '--allow-empty', '--message', 'feat: this is one');
  git('checkout', '--quiet', 'main');
  git('merge', '--quiet', '--no-ff', '--message', 'whatever a merge says', 'side');
  const check = (range: string) =>
    spawnSync(process.execPath, [CHECK, '--range', range], { cwd: folder, encoding: 'utf8' });
  expect(check('HEAD^..HEAD')).toMatchObject({ status: 1, stderr: expect.stringMatching(/^This is no subject\n/) });
  expect(check('side^..side').status).toBe(0);
});
