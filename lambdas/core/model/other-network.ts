import { BlockList, isIPv4, isIPv6 } from 'node:net';

const sameRange = (a: string, b: string, prefix: number, family: 'ipv4' | 'ipv6'): boolean => {
  const range = new BlockList();
  range.addSubnet(a, prefix, family);
  return range.check(b, family);
};

/** Addresses with a zone (RFC 4007) mean nothing outside their own machine, and BlockList refuses them. */
const isGlobalForm = (ip: string): boolean => isIPv6(ip) && !ip.includes('%');

/**
 * True if the login was started from a different network than the one that opens the page: a sign of a forwarded link. It is a hint to the
 * user and never a verdict, since phones change networks. IPv6 is compared by its /64, the usual block of one customer. Different
 * families say nothing.
 */
export const isOtherNetwork = (loginIp: string | undefined, callerIp: string): boolean => {
  if (loginIp === undefined) return false;
  if (isIPv4(loginIp) && isIPv4(callerIp)) return !sameRange(loginIp, callerIp, 32, 'ipv4');
  if (isGlobalForm(loginIp) && isGlobalForm(callerIp)) return !sameRange(loginIp, callerIp, 64, 'ipv6');
  return false;
};
