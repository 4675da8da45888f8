import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAuth0Domain } from '../../../contract/api/portal/auth0-domain.ts';
import { continueUrl } from '../../../lambdas/core/model/auth0-domain.ts';

const GOOD = [
  'tenant.auth0.com',
  'tenant.eu.auth0.com',
  'login.example.com',
  'xn--bcher-kva.example',
  'a-b.c0',
  'tenant.localhost',
];
const BAD: readonly unknown[] = [
  '',
  'localhost',
  'com',
  'Tenant.auth0.com',
  'tenant.auth0.com.',
  '.tenant.auth0.com',
  'tenant..auth0.com',
  '-tenant.auth0.com',
  'tenant-.auth0.com',
  'tenant.auth0.com:443',
  'tenant.auth0.com/continue',
  'tenant.auth0.com?x',
  'tenant.auth0.com#x',
  'https://tenant.auth0.com',
  '//tenant.auth0.com',
  'user@tenant.auth0.com',
  'tenant.auth0.com@evil.example',
  'tenant.auth0.com\\@evil.example',
  'tenant.auth0.com\\.evil.example',
  'tenant.auth0.com%2f.evil.example',
  'tenant.auth0.com\r\nx: y',
  'tenant.auth0.com\n',
  ' tenant.auth0.com',
  'tenant.auth0.com\t',
  'tenant_x.auth0.com',
  'tenаnt.auth0.com',
  'tenant\u3002auth0.com',
  'tenant.auth0\uff0ecom',
  'bücher.example',
  '127.0.0.1',
  '127.1',
  '0x7f.0.0.1',
  '0x7f000001',
  '1.2.3.0x4',
  '2130706433',
  '[::1]',
  '::1',
  'a.b',
  `${'a'.repeat(64)}.example.com`,
  `${'abcdefghi.'.repeat(26)}com`,
  null,
  undefined,
  7,
  ['tenant.auth0.com'],
  { toString: () => 'tenant.auth0.com' },
];

test.each(GOOD)('T32 %s may be registered', (host) => {
  expect(isAuth0Domain(host)).toBe(true);
  expect(continueUrl(host, 'abc')).toBe(`https://${host}/continue?state=abc`);
});

test.each(BAD.map((host) => [host]))('T32 %j may not be registered, and nothing is sent there', (host) => {
  expect(isAuth0Domain(host)).toBe(false);
  expect(() => continueUrl(host as string, 'abc')).toThrow(TypeError);
});

const hostLike = fc.oneof(
  fc.domain(),
  fc.ipV4(),
  fc.string(),
  fc.string({ unit: fc.constantFrom(...'ab1.-:/@\\%#?[] \n0x') }),
);

test('T32 whatever host passes, a browser reads the address as that host, https, /continue and one state', () => {
  let passed = 0;
  fc.assert(
    fc.property(hostLike, fc.string({ unit: 'binary-ascii', minLength: 1 }), (host, state) => {
      if (!isAuth0Domain(host)) return;
      passed += 1;
      const url = new URL(continueUrl(host, state));
      expect(url).toMatchObject({
        protocol: 'https:',
        host,
        pathname: '/continue',
        username: '',
        password: '',
        hash: '',
      });
      expect([...url.searchParams]).toEqual([['state', state]]);
    }),
    { numRuns: 5000 },
  );
  expect(passed).toBeGreaterThan(500);
});
