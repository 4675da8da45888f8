import { relative } from 'node:path';
import type { EnvironmentModuleNode, Plugin } from 'vite';
import { ROOT } from './root.ts';

const SCRIPT = '/@shown-reports';
const EVENT = 'verified:shown';

/** Runs in the page: reports that a change is shown, or that the page was reloaded for one. */
const REPORTS = `
const page = location.pathname.split('/')[1];
const report = () => requestAnimationFrame(() => setTimeout(() => import.meta.hot.send('${EVENT}', { page })));
import.meta.hot.on('vite:afterUpdate', report);
addEventListener('load', report);
`;

/** The pages that a module is part of. */
const pagesOf = (modules: readonly EnvironmentModuleNode[]): ReadonlySet<string> => {
  const [seen, pages] = [new Set(modules), new Set<string>()];
  // Iterating over a set includes the elements added during the loop.
  for (const module of seen) {
    const page = /^\/(\w+)\/main\.tsx/.exec(module.url)?.[1];
    if (page !== undefined) pages.add(page);
    for (const importer of module.importers) seen.add(importer);
  }
  return pages;
};

/** Reports each change of a page's source once the open page shows it, with the time since the file was saved. */
export const shownReports = (say: (line: string) => void): Plugin => {
  let waiting: { readonly files: Set<string>; readonly pages: Set<string>; readonly since: number } | null = null;
  return {
    name: 'shown-reports',
    resolveId: (id) => (id === SCRIPT ? id : null),
    load: (id) => (id === SCRIPT ? REPORTS : null),
    transformIndexHtml: () => [{ tag: 'script', attrs: { type: 'module', src: SCRIPT }, injectTo: 'head' }],
    configureServer: (server) => {
      server.ws.on(EVENT, ({ page }: { page: string }) => {
        if (waiting === null || !waiting.pages.has(page)) return;
        const names = [...waiting.files].map((file) => relative(ROOT, file)).join(', ');
        say(`↻ ${page}: shown in ${Math.round(performance.now() - waiting.since)} ms (${names})`);
        waiting = null;
      });
    },
    hotUpdate({ file, modules, server }) {
      if (this.environment.name !== 'client' || modules.length === 0) return;
      const pages = pagesOf(modules);
      if (server.ws.clients.size === 0)
        return say(`↻ ${[...pages].join(' and ')}: no page is open (${relative(ROOT, file)})`);
      waiting ??= { files: new Set(), pages: new Set(), since: performance.now() };
      waiting.files.add(file);
      for (const page of pages) waiting.pages.add(page);
    },
  };
};
