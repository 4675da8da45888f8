import { MAX_BODY_BYTES, MAX_LONG_BODY_BYTES } from './body-limits.ts';
import type { RoutePermission } from './portal/permissions.ts';

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
  { name: 'startEnrollLiveness', method: 'POST', path: '/api/enroll/liveness', lambda: 'enroll' },
  { name: 'completeEnroll', method: 'POST', path: '/api/enroll/complete', lambda: 'enroll' },
  { name: 'startVerifyLiveness', method: 'POST', path: '/api/verify/liveness', lambda: 'verify' },
  { name: 'completeVerify', method: 'POST', path: '/api/verify/complete', lambda: 'verify' },
] as const;

/** A route of operators says who may call it; one test makes every call with every role and compares (test/lambdas/portal/access.test.ts). */
interface PortalRouteEntry {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: `/api/portal/${string}`;
  readonly lambda: string;
  readonly permission: RoutePermission;
  /** Where bodies may be longer than elsewhere. */
  readonly maxBodyBytes?: number;
}

/** Routes of operators: the gateway lets nobody in without a token of the portal's issuer. */
export const PORTAL_ROUTES = [
  { name: 'portalMe', method: 'GET', path: '/api/portal/me', lambda: 'accounts', permission: 'look' },
  {
    name: 'portalNewcomer',
    method: 'GET',
    path: '/api/portal/newcomer',
    lambda: 'accounts',
    permission: 'newcomer',
  },
  {
    name: 'portalFoundAccount',
    method: 'POST',
    path: '/api/portal/account',
    lambda: 'accounts',
    permission: 'newcomer',
  },
  { name: 'portalAudit', method: 'GET', path: '/api/portal/audit', lambda: 'accounts', permission: 'manage' },
  {
    name: 'portalIntegrations',
    method: 'GET',
    path: '/api/portal/integrations',
    lambda: 'integrations',
    permission: 'look',
  },
  {
    name: 'portalAddIntegration',
    method: 'POST',
    path: '/api/portal/integrations',
    lambda: 'integrations',
    permission: 'secure',
    maxBodyBytes: MAX_LONG_BODY_BYTES,
  },
  {
    name: 'portalIntegration',
    method: 'GET',
    path: '/api/portal/integrations/{integrationId}',
    lambda: 'integrations',
    permission: 'look',
  },
  {
    name: 'portalEditIntegration',
    method: 'PATCH',
    path: '/api/portal/integrations/{integrationId}',
    lambda: 'integrations',
    permission: 'manage',
    maxBodyBytes: MAX_LONG_BODY_BYTES,
  },
  {
    name: 'portalConsents',
    method: 'GET',
    path: '/api/portal/integrations/{integrationId}/consents',
    lambda: 'integrations',
    permission: 'look',
  },
  { name: 'portalConsent', method: 'GET', path: '/api/portal/consent', lambda: 'integrations', permission: 'look' },
  {
    name: 'portalRotateSecret',
    method: 'POST',
    path: '/api/portal/integrations/{integrationId}/secrets',
    lambda: 'integrations',
    permission: 'secure',
  },
  {
    name: 'portalDeleteIntegration',
    method: 'POST',
    path: '/api/portal/integrations/{integrationId}/delete',
    lambda: 'integrations',
    permission: 'secure',
  },
  { name: 'portalAccount', method: 'GET', path: '/api/portal/account', lambda: 'accounts', permission: 'look' },
  { name: 'portalEditAccount', method: 'PATCH', path: '/api/portal/account', lambda: 'accounts', permission: 'manage' },
  { name: 'portalPeople', method: 'GET', path: '/api/portal/people', lambda: 'accounts', permission: 'look' },
  {
    name: 'portalInvite',
    method: 'POST',
    path: '/api/portal/people/invitations',
    lambda: 'accounts',
    permission: 'secure',
  },
  {
    name: 'portalRevokeInvitation',
    method: 'POST',
    path: '/api/portal/people/invitations/revoke',
    lambda: 'accounts',
    permission: 'secure',
  },
  {
    name: 'portalAcceptInvitation',
    method: 'POST',
    path: '/api/portal/invitations/accept',
    lambda: 'accounts',
    permission: 'newcomer',
  },
  {
    name: 'portalChangeRole',
    method: 'POST',
    path: '/api/portal/people/role',
    lambda: 'accounts',
    permission: 'secure',
  },
  {
    name: 'portalRemovePerson',
    method: 'POST',
    path: '/api/portal/people/remove',
    lambda: 'accounts',
    permission: 'secure',
  },
  { name: 'portalLeave', method: 'POST', path: '/api/portal/people/leave', lambda: 'accounts', permission: 'look' },
  {
    name: 'portalConnection',
    method: 'GET',
    path: '/api/portal/integrations/{integrationId}/connection',
    lambda: 'integrations',
    permission: 'look',
  },
  {
    name: 'portalUsers',
    method: 'GET',
    path: '/api/portal/integrations/{integrationId}/users',
    lambda: 'users',
    permission: 'look',
  },
  { name: 'portalUser', method: 'GET', path: '/api/portal/user', lambda: 'users', permission: 'look' },
  { name: 'portalUnlockUser', method: 'POST', path: '/api/portal/user/unlock', lambda: 'users', permission: 'manage' },
  { name: 'portalDeleteUser', method: 'POST', path: '/api/portal/user/delete', lambda: 'users', permission: 'erase' },
  {
    name: 'portalDisableUser',
    method: 'POST',
    path: '/api/portal/user/disable',
    lambda: 'users',
    permission: 'manage',
  },
  { name: 'portalEnableUser', method: 'POST', path: '/api/portal/user/enable', lambda: 'users', permission: 'manage' },
  {
    name: 'portalRequireEnrollment',
    method: 'POST',
    path: '/api/portal/user/require-enrollment',
    lambda: 'users',
    permission: 'manage',
  },
  {
    // The same by its former path: pages of the release before stay open, and take a face away by it.
    name: 'portalRequireEnrolment',
    method: 'POST',
    path: '/api/portal/user/require-enrolment',
    lambda: 'users',
    permission: 'manage',
  },
  { name: 'portalInviteUser', method: 'POST', path: '/api/portal/user/invite', lambda: 'users', permission: 'manage' },
  {
    name: 'portalUninviteUser',
    method: 'POST',
    path: '/api/portal/user/uninvite',
    lambda: 'users',
    permission: 'manage',
  },
  { name: 'portalUserPhoto', method: 'POST', path: '/api/portal/user/photo', lambda: 'users', permission: 'reveal' },
  {
    name: 'portalTransactions',
    method: 'GET',
    path: '/api/portal/integrations/{integrationId}/transactions',
    lambda: 'transactions',
    permission: 'look',
  },
  {
    name: 'portalStatistics',
    method: 'GET',
    path: '/api/portal/integrations/{integrationId}/statistics',
    lambda: 'transactions',
    permission: 'look',
  },
  { name: 'portalApiKeys', method: 'GET', path: '/api/portal/api-keys', lambda: 'automation', permission: 'manage' },
  { name: 'portalAddApiKey', method: 'POST', path: '/api/portal/api-keys', lambda: 'automation', permission: 'secure' },
  {
    name: 'portalRevokeApiKey',
    method: 'POST',
    path: '/api/portal/api-keys/revoke',
    lambda: 'automation',
    permission: 'manage',
  },
  { name: 'portalWebhooks', method: 'GET', path: '/api/portal/webhooks', lambda: 'automation', permission: 'manage' },
  {
    name: 'portalAddWebhook',
    method: 'POST',
    path: '/api/portal/webhooks',
    lambda: 'automation',
    permission: 'secure',
    maxBodyBytes: MAX_LONG_BODY_BYTES,
  },
  {
    name: 'portalEditWebhook',
    method: 'PATCH',
    path: '/api/portal/webhooks/{webhookId}',
    lambda: 'automation',
    permission: 'secure',
    maxBodyBytes: MAX_LONG_BODY_BYTES,
  },
  {
    name: 'portalRotateWebhookSecret',
    method: 'POST',
    path: '/api/portal/webhooks/{webhookId}/secrets',
    lambda: 'automation',
    permission: 'secure',
  },
  {
    name: 'portalTestWebhook',
    method: 'POST',
    path: '/api/portal/webhooks/{webhookId}/test',
    lambda: 'automation',
    permission: 'manage',
  },
  {
    name: 'portalDeleteWebhook',
    method: 'POST',
    path: '/api/portal/webhooks/{webhookId}/delete',
    lambda: 'automation',
    permission: 'secure',
  },
] as const satisfies readonly PortalRouteEntry[];

/** Routes of an organisation's own backend: the function itself lets in, by API key. */
export const BACKEND_ROUTES = [
  { name: 'userStatus', method: 'GET', path: '/api/v1/integrations/{integrationId}/user', lambda: 'backend' },
  { name: 'deleteUser', method: 'DELETE', path: '/api/v1/integrations/{integrationId}/user', lambda: 'backend' },
  {
    name: 'inviteUser',
    method: 'POST',
    path: '/api/v1/integrations/{integrationId}/user/invitation',
    lambda: 'backend',
  },
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

/** Largest request body that a route reads, in bytes; for what is no route, the common limit. */
export const maxBodyBytesOf = (routeKey: string): number => {
  const route = ROUTES.find(({ method, path }) => `${method} ${path}` === routeKey);
  return route !== undefined && 'maxBodyBytes' in route ? route.maxBodyBytes : MAX_BODY_BYTES;
};
