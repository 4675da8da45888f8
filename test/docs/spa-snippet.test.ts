import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { decodeJwt } from 'jose';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtAction, builtActionWorld, faceCheckAnswer } from '../local/tenant/built-action.ts';
import { ALICE, API, type TenantWorld } from '../local/tenant/tenant-world.ts';
import { launchChromium } from '../support/chromium.ts';

const AMR = 'https://authid.ai/claims/amr';

let server: Server;
let app: string;
let tenant: TenantWorld;
let browser: Browser;
/** Outcome of the next face check, instead of a success. */
let outcome: object = {};
let settings: Record<string, string>;

/** Answers like the service's return page: with a self-submitting form. */
const facePage = (address: URL): string => {
  const { url, token } = faceCheckAnswer(address, tenant.issuer, outcome);
  const form = `<form method="post" action="${url}"><input name="result_token" value="${token}"></form>`;
  return `${form}<script>document.forms[0].submit()</script>`;
};

const bundlePage = async (): Promise<string> => {
  const entry = fileURLToPath(new URL('./spa-page.ts', import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
};

beforeAll(async () => {
  const script = await bundlePage();
  server = createServer((request, response) => {
    if (request.url?.startsWith('/s/')) {
      return response.setHeader('content-type', 'text/html').end(facePage(new URL(request.url, app)));
    }
    if (request.url === '/page.js') return response.setHeader('content-type', 'text/javascript').end(script);
    const data = `data-domain="${tenant.issuer.slice(0, -1)}" data-client-id="spa" data-audience="${API}"`;
    const html = `<!doctype html><body ${data}><script type="module" src="/page.js"></script></body>`;
    return response.setHeader('content-type', 'text/html').end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  app = `http://spa.localhost:${port}`;
  settings = { MODE: 'on-demand', CAPTURE_URL: `http://verify.localhost:${port}` };
  tenant = await builtActionWorld(settings, {
    apis: [{ audience: API, scopes: [] }],
    clients: [
      {
        clientId: 'spa',
        clientSecret: null,
        name: 'Single-page app',
        redirectUris: [`${app}/callback`],
        logoutUris: [app],
        webOrigins: [app],
        metadata: {},
      },
    ],
  });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await tenant?.close();
  server?.close();
});

/** What the page shows, once it contains `text`. */
const shown = async (page: Page, text: string | RegExp): Promise<unknown> =>
  JSON.parse((await page.locator('output', { hasText: text }).textContent()) ?? '');

test('docs/snippets/spa.ts: login without a face, step-up, silent renewal that keeps the claim, and a refusal that ends', async () => {
  const page = await browser.newPage();
  await page.goto(app);
  await page.click('text=renew');
  // Nobody is logged in: a user has to act, and nothing starts automatically.
  expect(await shown(page, /^null$/)).toBeNull();

  await page.click('text=log in');
  await page.fill('#email', ALICE.email);
  await page.fill('#password', ALICE.password);
  await page.click('main button');
  expect(await shown(page, '/home')).toEqual({ kind: 'back', returnTo: '/home', factor: null });

  const strict = await builtAction({ ...settings, STRICT_REFRESH: 'true' });
  tenant.setActionSecrets(strict.name, strict.secrets);
  await page.click('text=renew');
  expect(await shown(page, /^null$/)).toBeNull();

  await page.click('text=step up');
  expect(await shown(page, '/transfer')).toEqual({
    kind: 'back',
    returnTo: '/transfer',
    factor: { at: expect.any(Number), event: 'verified' },
  });

  await page.click('text=renew');
  expect(decodeJwt(String(await shown(page, '"ey')))[AMR]).toBe('MFA');

  outcome = { res: 'no_match', event: null, vat: null };
  await page.click('text=step up');
  expect(await shown(page, 'refused')).toEqual({
    kind: 'refused',
    text: expect.stringMatching(/^face_not_verified: .*Support id/),
  });
  expect(page.url()).toContain('/callback');
});
