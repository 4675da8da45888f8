/** One host name label: letters, digits and inner hyphens, at most 63 (RFC 1035 section 2.3.1, RFC 1123 section 2.1). */
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const DOMAIN = new RegExp(`^(?=.{4,253}$)${LABEL}(?:\\.${LABEL})*\\.[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$`);

/**
 * True if `host` may be registered as an Auth0 domain: lower-case ASCII host name of two labels or more. A port, path,
 * user-info, trailing dot, IP address or non-ASCII character is refused, so that a URL built from it is unambiguous.
 */
export const isAuth0Domain = (host: unknown): host is string => typeof host === 'string' && DOMAIN.test(host);
