/** Names that production reaches by DNS and TLS, and their local addresses. */
export interface LocalNames {
  /** e.g. `{ from: 'https://tenant.localhost/', to: 'http://tenant.localhost:4002/' }` */
  readonly origins: readonly { readonly from: string; readonly to: string }[];
}

/**
 * Replaces production names in a page: the service always answers to `https://{domain}/continue`, and the local tenant has
 * neither port 443 nor a certificate. This is the only place that bridges the difference.
 */
export const localize = (text: string, names: LocalNames): string =>
  names.origins.reduce((result, { from, to }) => result.replaceAll(from, to), text);

type HeaderValues = Readonly<Record<string, string | number | boolean>>;

/** The same for headers, since the content security policy names AWS's streaming host. */
export const localizeHeaders = (headers: HeaderValues, names: LocalNames): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), localize(String(value), names)]),
  );
