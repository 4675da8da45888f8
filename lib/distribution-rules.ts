import { VIEWER_ADDRESS_HEADER } from '../contract/api/front-door.ts';
import { PORTAL_PAGE_PATH } from '../contract/api/portal/sign-in.ts';
import { CAPTURE_PAGE_PATH } from '../contract/api/session-handle.ts';

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

/**
 * A page is one document: every path below it that does not name a file returns that document, and its name without a slash redirects
 * there, since the headers of a page apply only below its slash. CloudFront chooses those headers by the path without dot segments, but
 * requests the path from the bucket as it came: a path for which the two differ is not found. There is nothing else, and nothing at the root.
 */
const pagePathsCode = (pages: readonly string[]): string => `function handler(event) {
  var request = event.request;
  var parts = request.uri.split('/');
  var isPlain = !/\\/(\\/|(\\.|%2e){1,2}(\\/|$))|\\\\|%5c|%2f/i.test(request.uri);
  if (!isPlain || ${JSON.stringify(pages)}.indexOf(parts[1]) === -1) return { statusCode: 404, statusDescription: 'Not Found' };
  if (parts.length === 2) {
    var location = { value: '/' + parts[1] + '/' };
    return { statusCode: 301, statusDescription: 'Moved Permanently', headers: { location: location } };
  }
  if (parts[parts.length - 1].indexOf('.') === -1) request.uri = '/' + parts[1] + '/index.html';
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
