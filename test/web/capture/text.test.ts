import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { en } from '../../../web/capture/text/en.ts';
import { enBroken, enCamera, enWaiting } from '../../../web/capture/text/en-camera.ts';

const FOLDER = fileURLToPath(new URL('../../../web/capture/', import.meta.url));

const leaves = (value: unknown, path: readonly string[] = []): readonly (readonly [string, string])[] => {
  if (typeof value === 'function') return [[path.join('.'), String(value('x'))]];
  if (typeof value !== 'object' || value === null) return [[path.join('.'), String(value)]];
  return Object.entries(value).flatMap(([name, member]) => leaves(member, [...path, name]));
};

test('every text has content, in plain characters, without codes or placeholders', () => {
  const texts = leaves({ ...en, enCamera, enWaiting, enBroken });
  expect(texts.length).toBeGreaterThan(100);
  const bad = texts.filter(([, text]) => text.trim().length < 2 || /undefined|null|TODO|[{}<>]|[a-z]_[a-z]/.test(text));
  expect(bad).toEqual([]);
});

test('no text says that nothing is lost: the cost of a failure has its own text', () => {
  expect(leaves(en).filter(([, text]) => /nothing is lost/i.test(text))).toEqual([]);
});

test('no text is unused', async () => {
  const files = (await readdir(FOLDER)).filter((name) => /\.tsx?$/.test(name));
  const code = (await Promise.all(files.map((name) => readFile(join(FOLDER, name), 'utf8')))).join('\n');
  const top = Object.keys(en).filter((name) => !new RegExp(`\\ben\\.${name}\\b`).test(code));
  expect(top).toEqual([]);
  const intro = Object.keys(en.intro).filter((name) => name !== 'enroll' && name !== 'verify');
  expect(intro.filter((name) => !code.includes(`en.intro.${name}`))).toEqual([]);
});

test('the page has no text outside the catalogue', async () => {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.tsx'));
  for (const name of files) {
    const code = await readFile(join(FOLDER, name), 'utf8');
    // Text between tags, and labels for screen readers.
    expect(code.match(/>\s*[A-Za-z][a-z]+ [a-z]+[^<>{}=]*</g) ?? [], name).toEqual([]);
    expect(code.match(/aria-label="[^"]+"|title="[A-Z][^"]+"/g) ?? [], name).toEqual([]);
  }
});

test('the liveness component uses the catalogue’s texts: every hint that it knows, and no other name', async () => {
  // Not exported by the package.
  const entry = createRequire(import.meta.url).resolve('@aws-amplify/ui-react-liveness');
  const file = join(entry, '../esm/components/FaceLivenessDetector/displayText.mjs');
  const { defaultLivenessDisplayText } = await import(pathToFileURL(file).href);
  const known = Object.keys(defaultLivenessDisplayText);
  expect(Object.keys(enCamera).filter((name) => !known.includes(name))).toEqual([]);
  expect(known.filter((name) => name.startsWith('hint') && !(name in enCamera))).toEqual([]);
});
