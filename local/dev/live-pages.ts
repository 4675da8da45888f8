import { randomBytes } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { createLogger, createServer, type Logger, type ViteDevServer } from 'vite';
import { DEFINE, WITHOUT_WEB_FONTS } from '../../web/build.ts';
import type { EdgeFront } from '../edge/start-edge.ts';
import { inOneLine } from './one-line.ts';
import { ROOT } from './root.ts';
import { shownReports } from './shown-reports.ts';

/** A page as the local edge serves it. */
export interface LivePage {
  /** Its folder below `web`, and its name in addresses. */
  readonly name: 'capture' | 'portal';
  readonly headers: (path: string) => Readonly<Record<string, string>>;
  /** Scripts that run before its own. */
  readonly scripts: readonly string[];
  /** Addresses below the page whose files have no source file. */
  readonly files: RegExp;
}

const WEB = join(ROOT, 'web');
const CACHE = join(ROOT, 'dist/dev/vite');
/** Vite writes this placeholder into the page; each answer replaces it with its own nonce. */
const NONCE = 'nonce-of-this-answer';

/**
 * The page's policy with what Vite adds during development: scripts and styles in the document, by the nonce of this one answer,
 * and the socket that reports changes. Nothing else is looser than in a deployment.
 */
const developmentPolicy = (policy: string, nonce: string, host: string): string =>
  policy
    .replace(/(script-src|style-src) /g, `$1 'nonce-${nonce}' `)
    .replace('connect-src ', `connect-src ws://${host} `);

/** One line for whatever Vite reports; `shownReports` reports the updates. */
const oneLineLogger = (say: (line: string) => void): Logger => {
  let last = '';
  const report = (text: string): void => {
    if (text !== last) say(text);
    last = text;
  };
  return {
    ...createLogger('silent'),
    warn: (text) => report(inOneLine(new Error(text))),
    warnOnce: (text) => report(inOneLine(new Error(text))),
    error: (text, options) => report(`✗ ${inOneLine(options?.error ?? new Error(text))}; the pages are unchanged`),
    info: () => {
      last = '';
    },
  };
};

const startVite = async (upgrades: ReturnType<typeof createHttpServer>, say: (line: string) => void) =>
  createServer({
    root: WEB,
    configFile: false,
    appType: 'custom',
    cacheDir: CACHE,
    customLogger: oneLineLogger(say),
    plugins: [react(), shownReports(say)],
    css: WITHOUT_WEB_FONTS,
    define: DEFINE,
    html: { cspNonce: NONCE },
    optimizeDeps: { entries: ['*/index.html'] },
    server: {
      middlewareMode: true,
      cors: false,
      ws: { server: upgrades },
      // What pages are made of, and nothing else in the folder: the platform's data may be in it. Packages may be a link.
      fs: { allow: [WEB, join(ROOT, 'contract'), CACHE, await realpath(join(ROOT, 'node_modules'))] },
    },
  });

const documentOf = async (vite: ViteDevServer, { name, scripts }: LivePage, nonce: string): Promise<string> => {
  const path = `/${name}/index.html`;
  const source = await readFile(join(WEB, path), 'utf8');
  const first = scripts.map((script) => `<script src="${script}"></script>`).join('');
  // The document answers for every address below the page, so its own scripts are named from the root.
  const html = source.replace('<head>', `<head>${first}`).replaceAll('"./', `"/${name}/`);
  return (await vite.transformIndexHtml(path, html)).replaceAll(NONCE, nonce);
};

/** Answers with the page's document and its policy. */
const sendDocument = async (
  vite: ViteDevServer,
  page: LivePage,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const nonce = randomBytes(16).toString('base64url');
  const html = await documentOf(vite, page, nonce);
  for (const [header, value] of Object.entries(page.headers(`/${page.name}/index.html`))) {
    const isPolicy = header.toLowerCase() === 'content-security-policy';
    response.setHeader(header, isPolicy ? developmentPolicy(value, nonce, request.headers.host ?? '') : value);
  }
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.setHeader('cache-control', 'no-store');
  response.end(html);
};

const endWith = (response: ServerResponse, status: number): void => {
  response.statusCode = status;
  response.end();
};

/** Null: not part of the pages. `document`: a page itself, not a file of one. */
const wantedOf = (pages: readonly LivePage[], { method, url = '/' }: IncomingMessage) => {
  const path = url.split('?')[0] ?? '/';
  const page = pages.find(({ name }) => path.startsWith(`/${name}/`));
  const isForPages = page === undefined ? path.startsWith('/@') : !page.files.test(path);
  if (!isForPages || (method !== 'GET' && method !== 'HEAD')) return null;
  const isFile = (path.split('/').at(-1) ?? '').includes('.');
  return page === undefined || isFile ? { document: null } : { document: page };
};

/**
 * The pages from their sources, by Vite behind the local edge: what is saved is replaced in the open page, and what does not
 * compile is shown on top of it. `npm start` does not use this.
 * @param say gets one line for each change that was shown, or could not be
 */
export const livePages = async (pages: readonly LivePage[], say: (line: string) => void) => {
  const upgrades = createHttpServer();
  const vite = await startVite(upgrades, say);
  const front: EdgeFront = {
    take: (request, response) => {
      const wanted = wantedOf(pages, request);
      if (wanted === null) return false;
      if (wanted.document === null) vite.middlewares(request, response, () => endWith(response, 404));
      else
        sendDocument(vite, wanted.document, request, response).catch((error: unknown) => {
          say(`✗ ${inOneLine(error)}`);
          endWith(response, 500);
        });
      return true;
    },
    upgrade: (...args) => void upgrades.emit('upgrade', ...args),
  };
  return { front, watcher: vite.watcher, close: () => vite.close() };
};
