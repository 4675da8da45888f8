import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Where webhooks may be sent. */
export interface Destinations {
  /** What is wrong with an address that an operator typed, as a text for the form; null: nothing. */
  readonly faultOf: (url: string) => string | null;
  /** Whether a connection may be made to this IP address, as the name was resolved just now. */
  readonly mayConnect: (address: string) => boolean;
}

/** Names that no public DNS serves, or that point into the network of whoever resolves them. */
const LOCAL_NAME = /(^|\.)(localhost|local|internal|home|lan|corp|arpa|test|invalid|onion)$/;
const HOST_NAME = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

const faultOf = (text: string): string | null => {
  if (!URL.canParse(text)) return 'is not an address';
  const url = new URL(text);
  const host = url.hostname.toLowerCase();
  if (url.protocol !== 'https:') return 'must begin with https://';
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  if (url.port !== '') return 'must use port 443';
  if (url.hash !== '') return 'must not hold a #fragment';
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0) return 'must hold a host name, no IP address';
  if (!HOST_NAME.test(host) || LOCAL_NAME.test(host)) return 'must hold a public host name';
  return null;
};

/**
 * True for addresses of the public internet alone: no loopback, private, link-local (cloud metadata), shared (CGNAT), multicast,
 * reserved or documentation range, and no IPv6 address that represents an IPv4 one (mapped, NAT64, 6to4, Teredo). IPv6 has to be in
 * 2000::/3, all that IANA has allocated for global unicast.
 */
export const isPublicAddress = (address: string): boolean => {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || ((parsed as ipaddr.IPv6).parts[0] ?? 0) >> 13 === 1;
};

/** HTTPS on port 443 of public hosts. */
export const publicDestinations: Destinations = { faultOf, mayConnect: isPublicAddress };
