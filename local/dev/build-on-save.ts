import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { buildAction } from '../../action/tools/build.ts';
import { ACTION_FILE_NAME } from '../../contract/api/portal/sign-in.ts';
import { copyModels } from '../../web/build.ts';
import { CAPTURE_SCRIPT } from '../edge/start-edge.ts';
import type { Built, PageHeaders } from '../platform/built.ts';
import { type LivePage, livePages } from './live-pages.ts';
import { type RenewedPart, renewOnSave } from './renew-on-save.ts';
import { renewedFunctions } from './renewed-functions.ts';
import { ROOT } from './root.ts';

/** Folders of the files that pages load and that have no source file. */
const FILES = { capture: join(ROOT, 'dist/dev/pages/capture'), portal: join(ROOT, 'dist/dev/pages/portal') } as const;
const WATCHED = ['action', 'contract', 'lambdas', 'lib', 'local'].map((folder) => join(ROOT, folder));

const pagesOf = (headers: PageHeaders): readonly LivePage[] => [
  { name: 'capture', headers: headers.capture, scripts: [CAPTURE_SCRIPT], files: /^\/capture\/models\// },
  {
    name: 'portal',
    headers: headers.portal,
    scripts: [],
    files: new RegExp(`^/portal/(config\\.json|${ACTION_FILE_NAME.replaceAll('.', '\\.')})$`),
  },
];

/** For the tenant, and for operators to copy. */
const buildActionFiles = async () => {
  const built = await buildAction();
  await cp(built.file, join(FILES.portal, ACTION_FILE_NAME));
  return built;
};

/**
 * The product during development: pages, functions and the Action follow their sources, while data, sessions and sign-ins stay.
 * What does not compile is reported in one line, and the previous version keeps running. Types are not checked: `npm run check`.
 * @param say gets the lines for the terminal
 */
export const buildOnSave = async (headers: PageHeaders, say: (line: string) => void): Promise<Built> => {
  const [pages, functions, action] = await Promise.all([
    livePages(pagesOf(headers), say),
    renewedFunctions(),
    buildActionFiles(),
    copyModels(FILES.capture),
  ]);
  let install: (() => Promise<boolean>) | null = null;
  const parts: readonly RenewedPart[] = [
    {
      name: 'functions',
      sources: /^(lambdas|contract)\/|^local\/(platform\/load-lambdas|webhooks\/)/,
      renew: async () => {
        const names = await functions.renew();
        return names.length === 0 ? null : `${names.join(', ')} loaded`;
      },
    },
    {
      name: 'Action',
      sources: /^(action\/src|contract\/protocol)\//,
      renew: async () => {
        await buildActionFiles();
        const isInstalled = (await install?.()) ?? true;
        return isInstalled ? 'installed in the tenant' : 'built; an admin changed the tenant’s copy, which is kept';
      },
    },
  ];
  pages.watcher.add(WATCHED);
  renewOnSave(pages.watcher, parts, say);
  return {
    functions: functions.current,
    pages: FILES,
    action,
    front: pages.front,
    onTenant: (installInTenant) => {
      install = installInTenant;
    },
    close: async () => {
      await pages.close();
      await functions.close();
    },
  };
};
