import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ACTION_SETTINGS } from '../../action/installer/action-settings.ts';
import { APP_METADATA } from '../../action/src/settings-of-login.ts';
import { AMR_CLAIM, DEFAULT_CLAIM_NAMESPACE, FACE_AT_CLAIM, ON_DEMAND_ACR } from '../../contract/protocol/claims.ts';
import { DENY_CODES } from '../../contract/protocol/outcomes.ts';
import { FACE_ACR } from '../../docs/snippets/second-factor.ts';
import { STEP_UP_DOC, withSnippets } from '../../docs/tools/include-snippets.ts';
import packageJson from '../../package.json' with { type: 'json' };

/** Whether a name, which may end with a star, matches a package. */
const matchesGlob = (name: string, glob: string): boolean =>
  glob.endsWith('*') ? name.startsWith(glob.slice(0, -1)) : name === glob;

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

test('docs/step-up.md shows the snippets of docs/snippets (npx tsx docs/tools/include-snippets.ts)', async () => {
  const text = await readFile(STEP_UP_DOC, 'utf8');
  for (const name of ['second-factor.ts', 'api.ts', 'web-app.ts', 'id-token.ts', 'spa.ts']) {
    expect(text).toContain(`<!-- snippet: ${name} -->`);
  }
  expect(text).toBe(await withSnippets(text));
});

test('README shows how to start and how to test as one line each; CI runs the second', async () => {
  const readme = await read('README.md');
  for (const line of ['npm ci && npm start', 'npm ci && npm test'])
    expect(readme).toContain(`\`\`\`sh\n${line}\n\`\`\``);
  expect((await read('.ci/run')).trim().split('\n').at(-1)).toBe('npm ci && npm test');
});

test('CI on GitHub runs the line of the README, on every Node that package.json names, with actions pinned to a commit', async () => {
  const workflow = await read('.github/workflows/ci.yml');
  expect(workflow).toContain('      - run: npm ci && npm test\n');
  const [, versions = ''] = /^ +node: \[([\d, ]+)\]$/m.exec(workflow) ?? [];
  const engines = packageJson.engines.node.split(' || ').map((range) => /\d+/.exec(range)?.[0]);
  expect(versions.split(', ')).toEqual(engines);
  expect(engines).toContain((await read('.nvmrc')).trim());
  const uses = workflow.match(/uses: .*/g) ?? [];
  expect(uses.length).toBeGreaterThanOrEqual(4);
  expect(uses.filter((line) => !/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  expect(workflow.match(/^ *permissions:[\s\S]*?(?=\n\n)/gm)).toEqual(['permissions:\n  contents: read']);
  expect(workflow.match(/timeout-minutes: \d+/g)).toHaveLength(2);
});

test('the changelog contains the version of package.json', async () => {
  const [, newest] =
    /^## \[(\d+\.\d+\.\d+)\] - (?:Unreleased|\d{4}-\d{2}-\d{2})$/m.exec(await read('CHANGELOG.md')) ?? [];
  expect(newest).toBe(packageJson.version);
});

test('the snippets request what the Action recognizes', () => {
  expect(FACE_ACR).toBe(ON_DEMAND_ACR);
});

describe.each(['docs/auth0.md', 'action/README.md'])('%s', (path) => {
  test.each(DENY_CODES)('explains %s', async (code) => {
    const row = (await read(path)).split('\n').find((line) => line.startsWith(`| \`${code}\` |`));
    expect(row?.split('|').filter((cell) => cell.trim() !== '').length).toBeGreaterThanOrEqual(3);
  });
});

test('action/README.md explains every setting, and every entry of an application', async () => {
  const text = await read('action/README.md');
  for (const { name, defaultValue } of ACTION_SETTINGS) {
    const row = text.split('\n').find((line) => line.startsWith('| `') && line.includes(`\`${name}\``));
    expect(row, name).toBeDefined();
    if (defaultValue !== null) expect(row, name).toContain(`\`${defaultValue}\``);
  }
  for (const name of Object.values(APP_METADATA)) expect(text).toContain(`| \`${name}\` |`);
});

test('docs/step-up.md names the claims and the parameter', async () => {
  const text = await read('docs/step-up.md');
  for (const name of [AMR_CLAIM, FACE_AT_CLAIM]) expect(text).toContain(`\`${DEFAULT_CLAIM_NAMESPACE}${name}\``);
  expect(text).toContain(`\`${ON_DEMAND_ACR}\``);
});

test('docs/dependencies.md says of every package why it is there, under Shipped or under Development as in package.json', async () => {
  const [, shipped = '', development = ''] = (await read('docs/dependencies.md')).split(/^## /m);
  const namedIn = (section: string): readonly string[] =>
    section
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
  const missing = (section: string, packages: object): readonly string[] => {
    const names = namedIn(section);
    return Object.keys(packages).filter((name) => !names.some((each) => matchesGlob(name, each)));
  };
  expect(missing(shipped, packageJson.dependencies)).toEqual([]);
  expect(missing(development, { ...packageJson.devDependencies, ...packageJson.optionalDependencies })).toEqual([]);
  const all = { ...packageJson.dependencies, ...packageJson.devDependencies, ...packageJson.optionalDependencies };
  const gone = [...namedIn(shipped), ...namedIn(development)].filter(
    (each) => !Object.keys(all).some((name) => matchesGlob(name, each)),
  );
  expect(gone).toEqual([]);
});
