/**
 * Headers of the capture page and its assets, for CloudFront and for the local server. The policy was tested with the
 * unmodified liveness component: no inline script or style, no other origin than AWS's liveness stream.
 */
export const capturePageHeaders = (options: {
  readonly livenessRegion: string;
  /** Path of the file; names with a hash never change. */
  readonly path: string;
}): Readonly<Record<string, string>> => ({
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' wss://streaming-rekognition.${options.livenessRegion}.amazonaws.com`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'cache-control': options.path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
});
