import { PORTAL_PAGE_PATH, type PortalConfig } from '../../contract/api/portal/sign-in.ts';
import { CAPTURE_PAGE_PATH } from '../../contract/api/session-handle.ts';
import type { Origin } from './distribution.ts';
import { distributionMessage, type EdgeAnswer } from './edge-answer.ts';
import { type LocalNames, localizeHeaders } from './local-names.ts';
import { readStaticFile } from './static-files.ts';

export interface PageOptions {
  /** Folder of the built capture page. */
  readonly capturePages: string;
  /** Headers of the pages, by path below the capture page; CloudFront's part in production. */
  readonly captureHeaders: (path: string) => Readonly<Record<string, string>>;
  /** The same for the portal, and its config.json. */
  readonly portal: {
    readonly pages: string;
    readonly headers: (path: string) => Readonly<Record<string, string>>;
    readonly config: PortalConfig;
  };
  readonly names: () => LocalNames;
  /** Script that runs before the capture page's own. */
  readonly captureScript: string;
}

type Found = { readonly type: string; readonly body: Buffer | string } | null;

/** As S3 refuses a reader without list permission: it does not disclose whether the file exists. */
const answer = (file: Found, headers: Readonly<Record<string, string>>): EdgeAnswer => {
  if (file !== null) return { status: 200, headers: { ...headers, 'content-type': file.type }, body: file.body };
  const refused = distributionMessage(403, 'Access Denied');
  const { 'cache-control': _ofTheFile, ...policy } = headers;
  return { ...refused, headers: { ...policy, ...refused.headers } };
};

/** The bucket of the built pages, and the headers that the distribution adds. */
export const pageFiles = (options: PageOptions): Origin => {
  const { capturePages, captureHeaders, portal, names, captureScript } = options;
  const captureFile = async (path: string): Promise<Found> => {
    const file = await readStaticFile(capturePages, path.slice(CAPTURE_PAGE_PATH.length));
    if (!file?.type.startsWith('text/html')) return file;
    // The only change to the built page.
    const body = file.body.toString().replace('<head>', `<head><script src="${captureScript}"></script>`);
    return { type: file.type, body };
  };
  const portalFile = (path: string): Promise<Found> | Found => {
    const below = path.slice(PORTAL_PAGE_PATH.length);
    if (below !== 'config.json') return readStaticFile(portal.pages, below);
    return { type: 'application/json', body: JSON.stringify(portal.config) };
  };
  return async ({ uri }) => {
    const path = decodeURIComponent(uri);
    if (path.startsWith(CAPTURE_PAGE_PATH))
      return answer(await captureFile(path), localizeHeaders(captureHeaders(path), names()));
    if (path.startsWith(PORTAL_PAGE_PATH)) return answer(await portalFile(path), portal.headers(path));
    return answer(null, {});
  };
};
