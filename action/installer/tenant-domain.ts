import { InstallerError } from './installer-error.ts';

const DOMAIN =
  /^(?=.{1,253}(?::\d{1,5})?$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::\d{1,5})?$/;

/**
 * Reads `--domain` in its usual forms: with or without `https://`, with a slash at the end, in capitals.
 * @returns host, and port if it has one
 * @throws InstallerError `usage`
 */
export const readDomain = (text: string | undefined): string => {
  if (text === undefined || text.trim() === '') {
    throw new InstallerError('usage', 'Which tenant? Give --domain your-tenant.eu.auth0.com or set AUTH0_DOMAIN.');
  }
  const domain = text
    .trim()
    .toLowerCase()
    .replace(/^https:\/\//, '')
    .replace(/\/$/, '');
  if (!DOMAIN.test(domain)) {
    throw new InstallerError('usage', '--domain must be a host name such as your-tenant.eu.auth0.com.');
  }
  return domain;
};

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '127.0.0.1';

/**
 * The `fetch` by which a tenant is reached: https, except for loopback names (RFC 6761 section 6.3), which are plain http to
 * 127.0.0.1 as for the Action's own CAPTURE_URL: such requests never leave this machine, and no certificate could be had.
 */
export const tenantFetch =
  (realFetch: typeof fetch): typeof fetch =>
  (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.protocol === 'https:' && isLoopback(url.hostname)) {
      url.protocol = 'http:';
      url.hostname = '127.0.0.1';
      return realFetch(url, init);
    }
    return realFetch(input, init);
  };
