import { buildAction } from '../../action/tools/build.ts';
import { buildPages } from '../../web/build.ts';
import type { EdgeFront } from '../edge/start-edge.ts';
import { type Functions, loadLambdas } from './load-lambdas.ts';

/** Headers of each page's files, by path. */
export type PageHeaders = Readonly<Record<'capture' | 'portal', (path: string) => Readonly<Record<string, string>>>>;

/** What the platform runs that is built from the sources: built once, or again whenever a file is saved (local/dev). */
export interface Built {
  readonly functions: () => Functions;
  /** Folders of files that are served unchanged. */
  readonly pages: { readonly capture: string; readonly portal: string };
  readonly action: { readonly file: string; readonly bytes: number };
  /** Answers for the pages instead of those folders. */
  readonly front?: EdgeFront;
  /**
   * Called once the tenant is running, with the way to install a new Action in it.
   * @param install false: an admin changed or deleted the tenant's Action, which is kept as it is
   */
  readonly onTenant?: (install: () => Promise<boolean>) => void;
  close(): Promise<void>;
}

/** As deployed: the pages and the Action from their builds, the functions from their entry files. */
export const buildOnce = async (): Promise<Built> => {
  const [action, pages, functions] = await Promise.all([buildAction(), buildPages(), loadLambdas()]);
  return { action, pages, functions: () => functions, close: async () => {} };
};
