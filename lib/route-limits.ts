import { ROUTES, type RouteName } from '../contract/api/routes.ts';

/** Rate limit of a route for all callers together; API Gateway answers 429 above it (token bucket, best effort). */
export interface RouteLimit {
  readonly perSecond: number;
  /** Concurrent calls before the rate applies. */
  readonly burst: number;
}

/** Requests of the API that one login makes: open, read, start, complete, return. */
const REQUESTS_A_LOGIN = 5;
/** Concurrent requests of a page that opens. */
const LEAST_BURST = 5;

/** Routes that share a reason; each route has its own limit. */
interface Rule {
  readonly routes: readonly RouteName[];
  /** Derived from the logins per second of the whole API, or a fixed number. */
  readonly perSecond: { readonly timesLogins: number } | { readonly calls: number };
}

/**
 * Routes that cost more, or are worth more to an attacker, than the limit of the whole API allows for; all others have
 * that one. docs/deploy.md gives the reason of each, and a test compares. The core's own rules bound what one user, link or key can do
 * (attempts, locks, one use of a link, invitations per day, requests per minute); the web ACL bounds one address.
 *
 * All callers share a limit, and it may count calls that are refused later, also those without a token. So none is below twice what
 * the web ACL allows one address: otherwise one address could block the route for everyone without being noticed. For the same reason
 * the backend API has none here: keys have their own limits, and its function has low concurrency.
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

/** The routes with their own limit, and that limit. @param requestsPerSecond limit of the whole API */
export const routeLimits = (requestsPerSecond: number): ReadonlyMap<RouteName, RouteLimit> =>
  new Map(
    RULES.flatMap(({ routes, perSecond: rule }) => {
      const perSecond = rateOf(rule, requestsPerSecond);
      const limit = { perSecond, burst: Math.max(2 * perSecond, LEAST_BURST) };
      return routes.map((name) => [name, limit] as const);
    }),
  );

/**
 * The stage's `RouteSettings`. A route listed here inherits none of the default settings, so all relevant ones are repeated.
 * Source: CloudFormation, AWS::ApiGatewayV2::Stage; the members are spelled as in the service's own API.
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
