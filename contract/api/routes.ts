/** Routes of the capture page. */
export const CAPTURE_ROUTES = [
  { name: 'openSession', method: 'GET', path: '/s/{integrationId}', lambda: 'session' },
  { name: 'returnToLogin', method: 'GET', path: '/s/return/{handle}', lambda: 'session' },
  { name: 'showHandoff', method: 'GET', path: '/s/device/{link}', lambda: 'session' },
  { name: 'openHandoff', method: 'POST', path: '/s/device', lambda: 'session' },
  { name: 'readSession', method: 'GET', path: '/api/session', lambda: 'session' },
  { name: 'endSession', method: 'POST', path: '/api/session/end', lambda: 'session' },
  { name: 'releaseAttempt', method: 'POST', path: '/api/session/release', lambda: 'session' },
  { name: 'offerHandoff', method: 'POST', path: '/api/session/handoff', lambda: 'session' },
  { name: 'confirmCode', method: 'POST', path: '/api/session/code', lambda: 'session' },
  { name: 'startEnrolLiveness', method: 'POST', path: '/api/enroll/liveness', lambda: 'enroll' },
  { name: 'completeEnrol', method: 'POST', path: '/api/enroll/complete', lambda: 'enroll' },
  { name: 'startVerifyLiveness', method: 'POST', path: '/api/verify/liveness', lambda: 'verify' },
  { name: 'completeVerify', method: 'POST', path: '/api/verify/complete', lambda: 'verify' },
] as const;

/** Routes of operators: the gateway lets nobody in without a token of the portal's issuer. */
export const PORTAL_ROUTES = [
  { name: 'portalMe', method: 'GET', path: '/api/portal/me', lambda: 'accounts' },
  { name: 'portalAudit', method: 'GET', path: '/api/portal/audit', lambda: 'accounts' },
  { name: 'portalIntegrations', method: 'GET', path: '/api/portal/integrations', lambda: 'integrations' },
  { name: 'portalAddIntegration', method: 'POST', path: '/api/portal/integrations', lambda: 'integrations' },
  {
    name: 'portalIntegration',
    method: 'GET',
    path: '/api/portal/integrations/{integrationId}',
    lambda: 'integrations',
  },
  {
    name: 'portalEditIntegration',
    method: 'PATCH',
    path: '/api/portal/integrations/{integrationId}',
    lambda: 'integrations',
  },
  {
    name: 'portalRotateSecret',
    method: 'POST',
    path: '/api/portal/integrations/{integrationId}/secrets',
    lambda: 'integrations',
  },
  {
    name: 'portalDeleteIntegration',
    method: 'POST',
    path: '/api/portal/integrations/{integrationId}/delete',
    lambda: 'integrations',
  },
  { name: 'portalUsers', method: 'GET', path: '/api/portal/integrations/{integrationId}/users', lambda: 'users' },
  { name: 'portalUser', method: 'GET', path: '/api/portal/user', lambda: 'users' },
  { name: 'portalUnlockUser', method: 'POST', path: '/api/portal/user/unlock', lambda: 'users' },
  { name: 'portalDisableUser', method: 'POST', path: '/api/portal/user/disable', lambda: 'users' },
  { name: 'portalEnableUser', method: 'POST', path: '/api/portal/user/enable', lambda: 'users' },
  { name: 'portalRequireEnrolment', method: 'POST', path: '/api/portal/user/require-enrolment', lambda: 'users' },
  { name: 'portalUserPhoto', method: 'POST', path: '/api/portal/user/photo', lambda: 'users' },
  { name: 'portalDeleteUser', method: 'POST', path: '/api/portal/user/delete', lambda: 'users' },
  {
    name: 'portalTransactions',
    method: 'GET',
    path: '/api/portal/integrations/{integrationId}/transactions',
    lambda: 'transactions',
  },
  {
    name: 'portalStatistics',
    method: 'GET',
    path: '/api/portal/integrations/{integrationId}/statistics',
    lambda: 'transactions',
  },
  { name: 'portalApiKeys', method: 'GET', path: '/api/portal/api-keys', lambda: 'automation' },
  { name: 'portalAddApiKey', method: 'POST', path: '/api/portal/api-keys', lambda: 'automation' },
  { name: 'portalRevokeApiKey', method: 'POST', path: '/api/portal/api-keys/revoke', lambda: 'automation' },
  { name: 'portalWebhooks', method: 'GET', path: '/api/portal/webhooks', lambda: 'automation' },
  { name: 'portalAddWebhook', method: 'POST', path: '/api/portal/webhooks', lambda: 'automation' },
  { name: 'portalEditWebhook', method: 'PATCH', path: '/api/portal/webhooks/{webhookId}', lambda: 'automation' },
  {
    name: 'portalRotateWebhookSecret',
    method: 'POST',
    path: '/api/portal/webhooks/{webhookId}/secrets',
    lambda: 'automation',
  },
  { name: 'portalTestWebhook', method: 'POST', path: '/api/portal/webhooks/{webhookId}/test', lambda: 'automation' },
  {
    name: 'portalDeleteWebhook',
    method: 'POST',
    path: '/api/portal/webhooks/{webhookId}/delete',
    lambda: 'automation',
  },
] as const;

/** Routes of an organisation's own backend: the function itself lets in, by API key. */
export const BACKEND_ROUTES = [
  { name: 'userStatus', method: 'GET', path: '/api/v1/integrations/{integrationId}/user', lambda: 'backend' },
  { name: 'deleteUser', method: 'DELETE', path: '/api/v1/integrations/{integrationId}/user', lambda: 'backend' },
] as const;

/** Every HTTP route of the service: OpenAPI, API Gateway and the local server are made from this table. */
export const ROUTES = [...CAPTURE_ROUTES, ...PORTAL_ROUTES, ...BACKEND_ROUTES] as const;

export type Route = (typeof ROUTES)[number];
export type CaptureRouteName = (typeof CAPTURE_ROUTES)[number]['name'];
export type CaptureLambdaName = (typeof CAPTURE_ROUTES)[number]['lambda'];
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
