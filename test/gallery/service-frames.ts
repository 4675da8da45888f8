import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { escapeHtml } from '../../lambdas/http/html-page.ts';
import { PSEUDO, pseudoOf, replaceWords } from './words.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = join(ROOT, 'dist/gallery');
const WORDS = /lambdas[\\/].*text[\\/]en\.ts$/;

/** Resolves the English catalogue to that of a language, if there is one. */
const inLanguage = (language: string): Plugin => ({
  name: 'in-language',
  setup: ({ onResolve }) => {
    onResolve({ filter: /text\/en\.ts$/ }, ({ path, resolveDir }) => {
      const english = join(resolveDir, path);
      const other = english.replace(/en\.ts$/, `${language}.ts`);
      return WORDS.test(english) && existsSync(other) ? { path: other } : null;
    });
  },
});

type Service = typeof import('../support/service-pages.ts') & { readonly PAGES: Record<string, unknown> };

/** The pages and e-mails of the service from its current sources, with the texts of a language. */
const loadService = async (language: string): Promise<Service> => {
  const { outputFiles } = await build({
    stdin: {
      contents: `export * from './service-pages.ts'; export { PAGES } from '../../lambdas/text/en.ts'; export const language = '${language}';`,
      resolveDir: join(ROOT, 'test/support'),
    },
    bundle: true,
    write: false,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    plugins: [inLanguage(language)],
    logLevel: 'silent',
  });
  const text = outputFiles[0]?.text ?? '';
  const file = join(FOLDER, `${createHash('sha256').update(text).digest('hex').slice(0, 16)}.mjs`);
  await mkdir(FOLDER, { recursive: true });
  if (!existsSync(file)) await writeFile(file, text);
  return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Service;
};

const mailDocument = (subject: string, text: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
  `<meta name="color-scheme" content="light dark"><title>${escapeHtml(subject)}</title></head>` +
  `<body style="margin:1rem;font:1rem/1.5 system-ui,sans-serif"><main><h1 style="font-size:1.1rem;overflow-wrap:anywhere">${escapeHtml(subject)}</h1>` +
  `<p style="white-space:pre-wrap;overflow-wrap:anywhere">${escapeHtml(text)}</p></main></body></html>`;

export interface ServiceFrame {
  readonly headers: Readonly<Record<string, string>>;
  readonly html: string;
}

/** One page or e-mail of the service, or null if there is none of that name. */
export const serviceFrame = async (query: URLSearchParams): Promise<ServiceFrame | null> => {
  const [name, language] = [query.get('name') ?? '', (query.get('language') ?? 'en').replaceAll(/[^a-z]/g, '')];
  const { SERVICE_PAGES, MAILS, PAGES } = await loadService(language);
  const isPseudo = language === PSEUDO;
  if (query.get('group') === 'mail') {
    const mail = MAILS[name]?.();
    if (mail === undefined) return null;
    const [subject, text] = isPseudo ? [pseudoOf(mail.subject), pseudoOf(mail.text)] : [mail.subject, mail.text];
    return { headers: { 'content-type': 'text/html; charset=utf-8' }, html: mailDocument(`${subject}`, `${text}`) };
  }
  if (isPseudo && !done.has(PAGES)) replaceWords(PAGES, (_, word) => pseudoOf(word));
  done.add(PAGES);
  const answer = SERVICE_PAGES[name]?.();
  if (answer === undefined) return null;
  const headers = Object.fromEntries(Object.entries(answer.headers ?? {}).map(([key, value]) => [key, String(value)]));
  // The gallery frames the page; its form must not submit itself.
  const policy = `${headers['content-security-policy']?.replace("frame-ancestors 'none'", "frame-ancestors 'self'")}; sandbox allow-same-origin allow-scripts`;
  const html = (answer.body ?? '').replace(
    '<html lang="en"',
    `<html lang="en" dir="${query.get('direction') === 'rtl' ? 'rtl' : 'ltr'}"`,
  );
  return { headers: { ...headers, 'content-security-policy': policy }, html };
};

/** Catalogues that are already in the pseudo-language. */
const done = new WeakSet<object>();
