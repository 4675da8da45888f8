import { ROUTES, type RouteName } from '../contract/api/routes.ts';

/** How often a route may be called by all callers together; API Gateway answers 429 above it (token bucket, best effort). */
export interface RouteLimit {
  readonly perSecond: number;
  /** Calls at once, before the rate counts. */
  readonly burst: number;
}

/** Requests of the API that one login makes: open, read, start, complete, return. */
const REQUESTS_A_LOGIN = 5;
/** What a page that opens may ask at once. */
const LEAST_BURST = 5;

/** Some routes that share a reason; each route has the limit for itself. */
interface Rule {
  readonly routes: readonly RouteName[];
  /** From the logins a second that the whole API carries, or a number of its own. */
  readonly perSecond: { readonly timesLogins: number } | { readonly calls: number };
}

/**
 * Routes that are dearer, or worth more to somebody who means harm, than the limit of the whole API allows for; all others have
 * that one. docs/deploy.md gives the reason of each, and a test compares. What one person, link or key can do is bounded by the
 * rules themselves (attempts, locks, one use of a link, invitations a day, requests a minute); one address is bounded by the web ACL.
 *
 * A limit is shared by all callers and may count calls that are refused later, also those without a token. So none is below twice what
 * the web ACL leaves one address: else one address could keep everybody from the route without being noticed. For the same reason the
 * backend API has none here: keys have limits of their own, and its function few copies.
 */
const RULES: readonly Rule[] = [
  { routes: ['openSession'], perSecond: { timesLogins: 2 } },
  { routes: ['startEnrollLiveness', 'startVerifyLiveness'], perSecond: { timesLogins: 1.5 } },
  { routes: ['confirmCode', 'offerHandoff', 'openHandoff', 'showHandoff'], perSecond: { timesLogins: 1 } },
  { routes: ['portalFoundAccount', 'portalAcceptInvitation'], perSecond: { calls: 20 } },
  {
    routes: [
      'portalInvite',
      'portalAddIntegration',
      'portalRotateSecret',
      'portalDeleteIntegration',
      'portalAddApiKey',
      'portalAddWebhook',
      'portalRotateWebhookSecret',
      'portalTestWebhook',
    ],
    perSecond: { calls: 15 },
  },
  { routes: ['portalUserPhoto'], perSecond: { calls: 15 } },
  { routes: ['portalUsers', 'portalTransactions', 'portalStatistics', 'portalAudit'], perSecond: { calls: 20 } },
];

const rateOf = (rule: Rule['perSecond'], requestsPerSecond: number): number =>
  'calls' in rule
    ? Math.min(rule.calls, requestsPerSecond)
    : Math.ceil((rule.timesLogins * requestsPerSecond) / REQUESTS_A_LOGIN);

/** The routes that have a limit of their own, and it. @param requestsPerSecond limit of the whole API */
export const routeLimits = (requestsPerSecond: number): ReadonlyMap<RouteName, RouteLimit> =>
  new Map(
    RULES.flatMap(({ routes, perSecond: rule }) => {
      const perSecond = rateOf(rule, requestsPerSecond);
      const limit = { perSecond, burst: Math.max(2 * perSecond, LEAST_BURST) };
      return routes.map((name) => [name, limit] as const);
    }),
  );

/**
 * The stage's `RouteSettings`. A route that stands here inherits nothing of the default settings, so all that matters is said again.
 * Source: CloudFormation, AWS::ApiGatewayV2::Stage; the members are written as the service's own API writes them.
 */
export const routeSettings = (requestsPerSecond: number) => {
  const limits = routeLimits(requestsPerSecond);
  return Object.fromEntries(
    ROUTES.flatMap(({ name, method, path }) => {
      const limit = limits.get(name);
      if (limit === undefined) return [];
      return [[`${method} ${path}`, { ThrottlingRateLimit: limit.perSecond, ThrottlingBurstLimit: limit.burst }]];
    }),
  );
};
