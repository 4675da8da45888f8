import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Plugin } from 'vite';
import { NOTICES_FILE_NAME } from '../contract/api/portal/sign-in.ts';
import { moduleOf, thirdPartyNotices } from '../lib/third-party-notices.ts';

export interface NoticesOptions {
  /** Path of the list of the page's modules: next to the pages' folders, so that it is not served. */
  readonly modulesFile: string;
  /** Packages whose files are copied next to the page, unseen by the bundler. */
  readonly copied: readonly string[];
}

/**
 * Writes the notices of the packages that are really in a page next to it, and links that file from the document as its license:
 * no browser loads it automatically (HTML standard, link type "license").
 */
export const notices = ({ modulesFile, copied }: NoticesOptions): Plugin => {
  let base = '/';
  return {
    name: 'third-party-notices',
    configResolved: (config) => {
      base = config.base;
    },
    transformIndexHtml: {
      order: 'post',
      handler: () => [
        { tag: 'link', attrs: { rel: 'license', href: `${base}${NOTICES_FILE_NAME}` }, injectTo: 'head' },
      ],
    },
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
      const modules = [...new Set([...chunks, ...copied.map(moduleOf)])].sort();
      mkdirSync(dirname(modulesFile), { recursive: true });
      writeFileSync(modulesFile, JSON.stringify(modules));
      this.emitFile({ type: 'asset', fileName: NOTICES_FILE_NAME, source: thirdPartyNotices(modules) });
    },
  };
};
