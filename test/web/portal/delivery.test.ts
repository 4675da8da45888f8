import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { buildAction, checkAction } from '../../../action/tools/build.ts';
import { ACTION_FILE_NAME } from '../../../contract/api/portal/sign-in.ts';
import { distributionRules } from '../../../lib/distribution-rules.ts';
import { viewerFunction } from '../../../local/edge/viewer-function.ts';
import { buildPages } from '../../../web/build.ts';
import { portalPageHeaders } from '../../../web/portal/security-headers.ts';

let pages: Awaited<ReturnType<typeof buildPages>>;
let portal: string;
let html: string;
let assets: readonly { readonly name: string; readonly bytes: Buffer }[];
beforeAll(async () => {
  pages = await buildPages();
  ({ portal } = pages);
  html = await readFile(join(portal, 'index.html'), 'utf8');
  const names = await readdir(join(portal, 'assets'));
  assets = await Promise.all(
    names.map(async (name) => ({ name, bytes: await readFile(join(portal, 'assets', name)) })),
  );
});

test('T64 T65 the headers of the portal, whole', () => {
  expect(
    portalPageHeaders({ issuerOrigins: ['https://tenant.eu.auth0.com'], path: '/portal/' }),
  ).toMatchInlineSnapshot(`
    {
      "cache-control": "no-cache",
      "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self' https://tenant.eu.auth0.com; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "permissions-policy": "camera=(), microphone=(), geolocation=()",
      "referrer-policy": "no-referrer",
      "strict-transport-security": "max-age=63072000; includeSubDomains",
      "x-content-type-options": "nosniff",
    }
  `);
});

test('the Action is next to the pages, byte for byte the file that the installer uploads', async () => {
  const { file } = await buildAction();
  const served = await readFile(join(portal, ACTION_FILE_NAME));
  expect(served.equals(await readFile(file))).toBe(true);
  checkAction(served.toString());
});

test.each(['capture', 'portal'] as const)(
  'every built file of the %s page is where the distribution looks for it',
  async (page) => {
    const pass = viewerFunction(distributionRules().otherwise.viewerRequest);
    const entries = await readdir(pages[page], { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const uri = `/${page}/${relative(pages[page], file).replaceAll('\\', '/')}`;
      expect(pass({ uri, headers: {} }, { method: 'GET', ip: '203.0.113.9' })).toMatchObject({ uri });
    }
  },
);

test('the portal needs no inline script or style, no web font and no other origin', () => {
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=/i);
  expect(html.match(/(?:src|href)="([^"]+)"/g)?.every((link) => link.includes('="/portal/'))).toBe(true);
  expect(assets.filter(({ bytes }) => bytes.includes('data:font')).map(({ name }) => name)).toEqual([]);
});
