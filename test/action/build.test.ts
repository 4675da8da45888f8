import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ACTION_FILE, buildAction, checkAction, MAX_ACTION_BYTES } from '../../action/tools/build.ts';

const handlers = 'async function onExecutePostLogin() {}\nasync function onContinuePostLogin() {}\n';
const exported = 'module.exports = { onExecutePostLogin, onContinuePostLogin };\n';

describe('the built file', () => {
  test('is one readable script far below Auth0’s limit, with a banner that says what it is', async () => {
    const { file, bytes } = await buildAction();
    const text = readFileSync(file, 'utf8');
    expect(file).toBe(ACTION_FILE);
    expect(bytes).toBe(statSync(file).size);
    expect(bytes).toBeLessThan(MAX_ACTION_BYTES / 2);
    expect(text.split('\n')[0]).toMatch(
      /^\/\/ Verified face factor \d+\.\d+\.\d+, source [0-9a-f]{16}, code [0-9a-f]{16}\. .*post-login v3/,
    );
    expect(text).toContain('decideRefresh');
  });

  test('requires only node:crypto and names no machine and no development part', async () => {
    const text = readFileSync((await buildAction()).file, 'utf8');
    const required = [...text.matchAll(/\b(?:require|import)\(\s*["'`]([^"'`]+)/g)].map(([, name]) => name);
    expect(new Set(required)).toEqual(new Set(['node:crypto']));
    expect(text).not.toMatch(/node_modules|process\.env|fetch\(|tenant\.localhost|verified\.localhost/);
    expect(text).not.toContain(process.cwd());
  });

  test('is not rebuilt while nothing changed, is restored if truncated, and is never seen incomplete', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'action-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const wanted = join(folder, 'deep/action.js');
    const [{ file }] = await Promise.all([buildAction(wanted), buildAction(wanted)]);
    const [text, { mtimeMs, ino }] = [readFileSync(file, 'utf8'), statSync(file)];
    expect(text).toBe(readFileSync((await buildAction()).file, 'utf8'));
    await buildAction(wanted);
    expect(statSync(file)).toMatchObject({ mtimeMs, ino });
    for (const broken of [text.slice(0, -10), text.replace("'", '"'), text.split('\n').slice(1).join('\n'), '']) {
      writeFileSync(file, broken);
      await buildAction(wanted);
      expect(readFileSync(file, 'utf8')).toBe(text);
    }
    expect(readdirSync(dirname(file))).toEqual(['action.js']);
  });
});

describe('the check of the build refuses', () => {
  test('nothing in a file that Auth0 accepts', () => {
    expect(() => checkAction(handlers + exported)).not.toThrow();
  });

  test.each([
    ['a file over the limit', `${handlers}${exported}//${'x'.repeat(MAX_ACTION_BYTES)}`],
    ['a package', `require('jose');\n${handlers}${exported}`],
    ['a missing handler', `${handlers}module.exports = { onExecutePostLogin };`],
    ['a further export', `${handlers}module.exports = { onExecutePostLogin, onContinuePostLogin, settings: 1 };`],
    ['a handler that is not an async function', `${handlers.replace('async ', '')}${exported}`],
    ['a script that does not load', 'throw new Error("no");'],
  ])('%s', (_, code) => {
    expect(() => checkAction(code)).toThrow();
  });
});
