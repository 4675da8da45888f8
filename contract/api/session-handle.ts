/** Path of the capture page; the session's handle follows `#`, which browsers never send to a server. */
export const CAPTURE_PAGE_PATH = '/capture/';

/**
 * Identifies the session among those whose cookies the browser holds (tabs are independent). It is not a credential: without the
 * `__Host-` cookie of the same session it gives no access. As a custom header it also keeps out forms of other sites.
 */
export const SESSION_HANDLE_HEADER = 'x-verified-session';
/** 16 base64url characters. */
export const SESSION_HANDLE_PATTERN = /^[A-Za-z0-9_-]{16}$/;
/** Name of the cookie that holds the session's secret. */
export const sessionCookieName = (handle: string): string => `__Host-verified-${handle}`;
