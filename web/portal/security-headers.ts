/**
 * Headers of the portal's pages and assets, for CloudFront and for the local server. Scripts, styles and fonts come only from
 * this origin. Cloudscape sets styles through the object model, which a policy does not forbid; `style` attributes in
 * markup, inline scripts, frames and forms are not needed and not allowed.
 */
export const portalPageHeaders = (options: {
  /** Origins of the issuer that the pages sign in at: its metadata and its token endpoint. */
  readonly issuerOrigins: readonly string[];
  /** Path of the file; names with a hash never change. */
  readonly path: string;
}): Readonly<Record<string, string>> => ({
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    `connect-src ${["'self'", ...options.issuerOrigins].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'cache-control': options.path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
});
