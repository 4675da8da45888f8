import { VIEWER_ADDRESS_HEADER } from '../contract/api/front-door.ts';
import { ACTION_FILE_NAME, NOTICES_FILE_NAME, PORTAL_PAGE_PATH } from '../contract/api/portal/sign-in.ts';
import { CAPTURE_PAGE_PATH } from '../contract/api/session-handle.ts';
import { notFoundPage } from '../lambdas/http/html-page.ts';

/**
 * Rules that the distribution applies before a request reaches the pages or the API: the stack deploys them, and the local front door
 * applies them too. This file loads no AWS library, so that a local start need not load one.
 */
export interface DistributionRules {
  /** Checked in this order; the first match applies. */
  readonly behaviors: readonly PathBehavior[];
  /** For a path that matches none. */
  readonly otherwise: Behavior;
  /**
   * Seconds for which an error of the origin is cached and served to everyone who requests the same host and path, regardless of
   * cookie and query; by status. A status that is missing here is cached for CloudFront's default, 10 seconds.
   * Source: CloudFront developer guide, "Control how long CloudFront caches errors".
   */
  readonly keptErrorSeconds: Readonly<Record<number, number>>;
}

export interface Behavior {
  readonly origin: 'pages' | 'api';
  readonly methods: readonly string[];
  /** Source of the CloudFront Function that sees each request first. */
  readonly viewerRequest: string;
}

export interface PathBehavior extends Behavior {
  /** e.g. `/api/*`, where the star matches anything. */
  readonly pattern: string;
}

/**
 * The statuses whose caching time a distribution can set. CloudFront caches no others, unless the origin requests it.
 * Source: CloudFront API reference, CustomErrorResponse, ErrorCode; developer guide, "HTTP 4xx and 5xx status codes that CloudFront caches".
 */
export const KEPT_ERRORS = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504] as const;

/** CloudFront's GET_HEAD and ALL. */
const READ = ['GET', 'HEAD'];
const ALL = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'];

/** The viewer's address as the distribution sees it; a header of this name that a client sent is overwritten. */
const VIEWER_ADDRESS_CODE = `function handler(event) {
  event.request.headers['${VIEWER_ADDRESS_HEADER}'] = { value: event.viewer.ip };
  return event.request;
}`;

/** Folders of built files, and the files next to them. For another name the bucket would answer with its own words. */
const FOLDERS = ['assets', 'models'];
const FILES = ['index.html', 'config.json', NOTICES_FILE_NAME, ACTION_FILE_NAME];

/**
 * The answer for an address that has nothing, given by the function itself: the distribution's own error pages would replace the API's
 * answers too. With its own headers, since those of a page may not be added to it. Source: CloudFront developer guide, "CloudFront
 * Functions event structure", Response object.
 */
const notFoundAnswer = () => {
  const { headers = {}, body = '' } = notFoundPage(PORTAL_PAGE_PATH);
  return {
    statusCode: 404,
    statusDescription: 'Not Found',
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value: String(value) }])),
    body: { encoding: 'text', data: body },
  };
};

/**
 * A page is one document: every path below it that does not name a file returns that document, and its name without a slash redirects
 * there, since the headers of a page apply only below its slash. CloudFront chooses those headers by the path without dot segments, but
 * requests the path from the bucket as it came: a path for which the two differ is not found. The root leads to the portal: users never
 * come to it, only operators do. There is nothing else.
 */
const pagePathsCode = (pages: readonly string[]): string => `var PAGES = ${JSON.stringify(pages)};
var FOLDERS = ${JSON.stringify(FOLDERS)};
var FILES = ${JSON.stringify(FILES)};
var NOT_FOUND = ${JSON.stringify(notFoundAnswer())};
function redirect(statusCode, statusDescription, path) {
  return { statusCode: statusCode, statusDescription: statusDescription, headers: { location: { value: path } } };
}
function handler(event) {
  var request = event.request;
  if (request.uri === '/') return redirect(302, 'Found', '${PORTAL_PAGE_PATH}');
  var parts = request.uri.split('/');
  var isPlain = !/\\/(\\/|(\\.|%2e){1,2}(\\/|$))|\\\\|%5c|%2f/i.test(request.uri);
  if (!isPlain || PAGES.indexOf(parts[1]) === -1) return NOT_FOUND;
  if (parts.length === 2) return redirect(301, 'Moved Permanently', '/' + parts[1] + '/');
  var name = parts[parts.length - 1];
  if (name.indexOf('.') === -1) request.uri = '/' + parts[1] + '/index.html';
  else if (parts.length === 3 ? FILES.indexOf(name) === -1 : FOLDERS.indexOf(parts[2]) === -1) return NOT_FOUND;
  return request;
}`;

/** Names of the deployed pages: the part between the slashes of their paths. */
const PAGES = [CAPTURE_PAGE_PATH, PORTAL_PAGE_PATH].map((path) => path.slice(1, -1));

/** @param pages names of the pages */
export const distributionRules = (pages: readonly string[] = PAGES): DistributionRules => {
  const calls: Behavior = { origin: 'api', methods: ALL, viewerRequest: VIEWER_ADDRESS_CODE };
  const files: Behavior = { origin: 'pages', methods: READ, viewerRequest: pagePathsCode(pages) };
  return {
    behaviors: [
      { pattern: '/api/*', ...calls },
      { pattern: '/s/*', ...calls },
      ...pages.map((page) => ({ pattern: `/${page}/*`, ...files })),
    ],
    otherwise: files,
    // A refusal of one user must not be served to another, and an outage must not outlast itself.
    keptErrorSeconds: Object.fromEntries(KEPT_ERRORS.map((status) => [status, 0])),
  };
};
