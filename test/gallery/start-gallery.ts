import { realpath } from 'node:fs/promises';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { createServer, type ViteDevServer } from 'vite';
import { listen, type RunningPart } from '../../local/aws-wire/listen.ts';
import { DEFINE, WITHOUT_WEB_FONTS } from '../../web/build.ts';
import { serviceFrame } from './service-frames.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const GALLERY = join(ROOT, 'test/gallery');
const CACHE = join(ROOT, 'dist/gallery/vite');
/** Folders with the sources of screens. */
const SHOWN = ['test', 'web', 'contract'].map((folder) => join(ROOT, folder));

const sendServiceFrame = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const frame = await serviceFrame(new URL(request.url ?? '/', 'http://gallery.localhost').searchParams);
  if (frame === null) {
    response.statusCode = 404;
    response.end();
    return;
  }
  for (const [name, value] of Object.entries(frame.headers)) response.setHeader(name, value);
  response.end(frame.html);
};

const isOf = (request: IncomingMessage, path: string): boolean => request.url?.split('?')[0] === path;

/** The list from its current sources. */
const sendGroups = async (vite: ViteDevServer, response: ServerResponse): Promise<void> => {
  const { SCREEN_GROUPS } = await vite.ssrLoadModule('/screen-groups.ts');
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(SCREEN_GROUPS));
};

/** Answers a call of a screen of the portal. */
const sendAnswer = async (vite: ViteDevServer, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { searchParams: query } = new URL(request.url ?? '/', 'http://gallery.localhost');
  const { cannedAnswer } = await vite.ssrLoadModule('/canned-answers.ts');
  const [answers, role, method, path] = ['answers', 'role', 'method', 'path'].map((name) => query.get(name));
  const { status, body } = cannedAnswer(answers, role, method, path);
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.end(body === null ? undefined : JSON.stringify(body));
};

/**
 * Every screen and state of the product on one page, from the sources as they are saved.
 * @param port 0 for any free one
 * @throws StartError if the port is taken
 */
export const startGallery = async (port: number): Promise<RunningPart> => {
  const upgrades = createHttpServer();
  const vite = await createServer({
    root: GALLERY,
    configFile: false,
    appType: 'mpa',
    cacheDir: CACHE,
    logLevel: 'error',
    plugins: [react()],
    css: WITHOUT_WEB_FONTS,
    define: DEFINE,
    optimizeDeps: { entries: ['*.html'] },
    server: {
      middlewareMode: true,
      cors: false,
      ws: { server: upgrades },
      fs: { allow: [...SHOWN, CACHE, await realpath(join(ROOT, 'node_modules'))] },
    },
  });
  const server = createHttpServer((request, response) => {
    const fail = (error: unknown): void => {
      response.statusCode = 500;
      response.end(String(error));
    };
    if (isOf(request, '/made-by-the-service')) sendServiceFrame(request, response).catch(fail);
    else if (isOf(request, '/screens.json')) sendGroups(vite, response).catch(fail);
    else if (isOf(request, '/answers')) sendAnswer(vite, request, response).catch(fail);
    else vite.middlewares(request, response);
  });
  server.on('upgrade', (...args) => void upgrades.emit('upgrade', ...args));
  try {
    const part = await listen(server, port, 'the gallery', 'another with VERIFIED_GALLERY_PORT');
    return {
      url: part.url,
      close: async () => {
        await part.close();
        await vite.close();
      },
    };
  } catch (error) {
    await vite.close();
    throw error;
  }
};
