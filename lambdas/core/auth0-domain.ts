/** One host name label: letters, digits and inner hyphens, at most 63 (RFC 1035 section 2.3.1, RFC 1123 section 2.1). */
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const DOMAIN = new RegExp(`^(?=.{4,253}$)${LABEL}(?:\\.${LABEL})*\\.[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$`);

/**
 * True if `host` may be registered as an Auth0 domain: lower-case ASCII host name of two labels or more. A port, path,
 * user-info, trailing dot, IP address or non-ASCII character is refused, so that a URL built from it has no second reading.
 */
export const isAuth0Domain = (host: unknown): host is string => typeof host === 'string' && DOMAIN.test(host);

/**
 * The one address a result may be posted to. Scheme and path are fixed, the host is a registered domain, the state goes
 * into the query alone and comes back byte for byte.
 * @param domain must satisfy `isAuth0Domain`
 * @throws TypeError otherwise: a result must never leave for an unchecked host
 */
export const continueUrl = (domain: string, state: string): string => {
  if (!isAuth0Domain(domain)) throw new TypeError('not a registered Auth0 domain');
  return `https://${domain}/continue?state=${encodeURIComponent(state)}`;
};
