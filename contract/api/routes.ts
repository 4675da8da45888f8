/** Every HTTP route of the service, from one table: OpenAPI, API Gateway and the local server are made from it. */
export const ROUTES = [
  { name: 'openSession', method: 'GET', path: '/s/{integrationId}', lambda: 'session' },
  { name: 'returnToLogin', method: 'GET', path: '/s/return/{handle}', lambda: 'session' },
  { name: 'readSession', method: 'GET', path: '/api/session', lambda: 'session' },
  { name: 'endSession', method: 'POST', path: '/api/session/end', lambda: 'session' },
  { name: 'releaseAttempt', method: 'POST', path: '/api/session/release', lambda: 'session' },
  { name: 'startEnrolLiveness', method: 'POST', path: '/api/enroll/liveness', lambda: 'enroll' },
  { name: 'completeEnrol', method: 'POST', path: '/api/enroll/complete', lambda: 'enroll' },
  { name: 'startVerifyLiveness', method: 'POST', path: '/api/verify/liveness', lambda: 'verify' },
  { name: 'completeVerify', method: 'POST', path: '/api/verify/complete', lambda: 'verify' },
] as const;

export type Route = (typeof ROUTES)[number];
export type RouteName = Route['name'];
export type LambdaName = Route['lambda'];

/** Where the capture page lives; the session's handle stands behind `#`, which browsers never send to a server. */
export const CAPTURE_PAGE_PATH = '/capture/';

/**
 * Names the session among those whose cookies the browser holds (tabs are independent). It is no credential: without the
 * `__Host-` cookie of the same session it opens nothing. As a custom header it also keeps other sites' forms out.
 */
export const SESSION_HANDLE_HEADER = 'x-verified-session';
/** 16 base64url characters. */
export const SESSION_HANDLE_PATTERN = /^[A-Za-z0-9_-]{16}$/;
/** Name of the cookie that holds the session's secret. */
export const sessionCookieName = (handle: string): string => `__Host-verified-${handle}`;

/** Largest request body that any route reads, in bytes. */
export const MAX_BODY_BYTES = 8 * 1024;
