import { describe, expect, test } from 'vitest';
import { isPublicAddress, publicDestinations } from '../../../lambdas/core/webhooks/destination.ts';

describe('T63 an address that webhooks may connect to', () => {
  test.each([
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['loopback', '::1'],
    ['unspecified', '0.0.0.0'],
    ['unspecified', '::'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['unique local', 'fd00::1'],
    ['unique local, IMDS of EC2', 'fd00:ec2::254'],
    ['link-local, cloud metadata', '169.254.169.254'],
    ['link-local, Lambda', '169.254.100.1'],
    ['link-local', 'fe80::1'],
    ['shared (CGNAT)', '100.64.0.1'],
    ['shared (CGNAT), Alibaba’s metadata', '100.100.100.200'],
    ['multicast', '224.0.0.1'],
    ['multicast', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['this network', '0.1.2.3'],
    ['benchmarking', '198.18.0.1'],
    ['documentation', '192.0.2.1'],
    ['documentation', '2001:db8::1'],
    ['protocol assignments', '192.0.0.8'],
    ['IPv4-mapped', '::ffff:127.0.0.1'],
    ['IPv4-mapped, in hex', '::ffff:7f00:1'],
    ['IPv4-mapped and public', '::ffff:93.184.215.14'],
    ['IPv4-compatible', '::127.0.0.1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['NAT64, local prefix', '64:ff9b:1::1'],
    ['6to4', '2002:7f00:1::1'],
    ['Teredo', '2001::1'],
    ['site-local, deprecated', 'fec0::1'],
    ['not given out', '4000::1'],
    ['discard', '100::1'],
    ['no address', 'localhost'],
    ['no address', ''],
  ])('is not one that is %s: %s', (_kind, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.each(['93.184.215.14', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450:4001::200e'])(
    'is a public one: %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

describe('T63 what an operator may type', () => {
  test.each([
    'http://hooks.example.com/',
    'ftp://hooks.example.com/',
    'file:///etc/passwd',
    'https://hooks.example.com:8443/',
    'https://user:secret@hooks.example.com/',
    'https://user@hooks.example.com/',
    'https://hooks.example.com/#part',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://localhost/',
    'https://api.localhost/',
    'https://metadata.google.internal/',
    'https://intranet/',
    'https://printer.local/',
    'https://1.0.0.127.in-addr.arpa/',
    'https://hooks.example.com./',
    'not an address',
    '',
  ])('is not %s', (url) => {
    expect(publicDestinations.faultOf(url)).toMatch(/^(must|is) /);
  });

  test.each([
    'https://hooks.example.com/verified?tenant=1',
    'https://hooks.example.com:443/',
    'https://a-b.xn--bcher-kva.example/',
    'HTTPS://HOOKS.EXAMPLE.COM/',
  ])('is %s', (url) => {
    expect(publicDestinations.faultOf(url)).toBeNull();
  });
});
