import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IntegrationOptionsSchema } from '../../../contract/api/portal/integration-options.ts';
import { deriveSessionKeys, isIntegrationId, isSessionSecret } from '../../../contract/protocol/derive-keys.ts';
import { openPii, sealPii } from '../../../contract/protocol/seal-pii.ts';
import { supportIdOf } from '../../../contract/protocol/support-id.ts';
import { SUPPORT_ID_PATTERN } from '../../../contract/protocol/support-id-pattern.ts';
import { defaultConsent } from '../../../lambdas/core/integrations/default-consent.ts';
import { maskAccount } from '../../../lambdas/core/model/mask-account.ts';
import { isOtherNetwork } from '../../../lambdas/core/model/other-network.ts';

const ID = 'int_aaaaaaaaaaaaaaaaaaaa';
const SECRET = Buffer.alloc(32, 1).toString('base64url');

describe('keys', () => {
  test('T4 the three keys of a secret differ, and with them those of another integration', () => {
    const keys = [ID, 'int_bbbbbbbbbbbbbbbbbbbb'].flatMap((id) => Object.values(deriveSessionKeys(SECRET, id)));
    expect(new Set(keys).size).toBe(6);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{64}$/);
  });
  test.each(['', 'password', 'x'.repeat(42), 'x'.repeat(44), `${'x'.repeat(42)}=`, `${'x'.repeat(42)}+`, null, 7])(
    'T3 %s is not a Session Secret, and the refusal does not quote it',
    (secret) => {
      expect(isSessionSecret(secret)).toBe(false);
      let message = '';
      try {
        deriveSessionKeys(secret as string, ID);
      } catch (error) {
        message = String(error);
      }
      expect(message).toContain('TypeError');
      if (typeof secret === 'string' && secret !== '') expect(message).not.toContain(secret);
    },
  );
  test.each(['int_', 'int_AAAAAAAAAAAAAAAAAAAA', `${ID}a`, `${ID}\n`, 'int_aaaaaaaaaaaaaaaaaaa1', '__proto__', null])(
    'T11 %j is not an Integration Id',
    (id) => {
      expect(isIntegrationId(id)).toBe(false);
    },
  );
});

test('sealed personal data opens only with its key, its jti and every bit unchanged', () => {
  const { pii: key, request } = deriveSessionKeys(SECRET, ID);
  const sealed = sealPii({ email: 'alice@example.com', name: 'Alice' }, key, 'jti-1');
  expect(openPii(sealed, key, 'jti-1')).toEqual({ email: 'alice@example.com', name: 'Alice' });
  expect(() => openPii(sealed, key, 'jti-2')).toThrow();
  expect(() => openPii(sealed, request, 'jti-1')).toThrow();
  const bytes = Buffer.from(sealed, 'base64url');
  for (let index = 0; index < bytes.length; index += 1) {
    const altered = Buffer.from(bytes);
    altered[index] = (altered[index] ?? 0) ^ 1;
    expect(() => openPii(altered.toString('base64url'), key, 'jti-1'), `byte ${index}`).toThrow();
  }
  for (const short of ['', 'AA', bytes.subarray(0, 20).toString('base64url')]) {
    expect(() => openPii(short, key, 'jti-1')).toThrow();
  }
});

test('a support id can be read out loud whatever it is derived from', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (tx) => {
      expect(SUPPORT_ID_PATTERN.test(supportIdOf(tx))).toBe(true);
    }),
  );
});

describe('the hint of an account', () => {
  test.each([
    [{ email: 'alice@example.com', name: 'Alice Anderson' }, 'a•••@example.com'],
    [{ email: '"a@b"@example.com' }, '"•••@example.com'],
    [{ email: '😀x@example.com' }, '😀•••@example.com'],
    [{ email: '@example.com', name: 'Alice Anderson' }, 'Alice A.'],
    [{ name: '  Alice   van  Dyk ' }, 'Alice D.'],
    [{ name: 'Alice' }, 'Alice'],
    [{ name: '   ' }, null],
    [{ email: '' }, null],
    [{}, null],
  ])('%j is shown as %s', (pii, hint) => {
    expect(maskAccount(pii)).toBe(hint);
  });
  test('T72 Auth0 uses the address as the name if no name is known: it is masked there too', () => {
    expect(maskAccount({ name: 'alice@example.com' })).toBe('a•••@example.com');
    expect(maskAccount({ name: 'Alice alice@example.com' })).not.toContain('alice@');
  });
  test('T72 never shows more than one character before the @, and never more than 160 in all', () => {
    const local = fc.string({ unit: fc.constantFrom(...'abcdef0123456789.+_-'), minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(local, fc.domain(), fc.boolean(), (name, domain, inName) => {
        const address = `${name}@${domain}`;
        const hint = maskAccount(inName ? { name: address } : { email: address }) ?? '';
        expect(hint).not.toContain(`${name}@`);
        expect(hint.split('•••')[0]).toHaveLength(1);
        expect(hint.length).toBeLessThanOrEqual(160);
      }),
    );
  });
});

describe('T16 another network', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7', false],
    ['203.0.113.7', '203.0.113.8', true],
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', false],
    ['2001:db8:1:2::1', '2001:0DB8:0001:0002::1', false],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', true],
    ['203.0.113.7', '2001:db8::1', false],
    [undefined, '203.0.113.7', false],
    ['', '203.0.113.7', false],
    ['unknown', '203.0.113.7', false],
    ['203.0.113.7, 198.51.100.1', '203.0.113.7', false],
  ])('%s and %s: %s', (login, caller, expected) => {
    expect(isOtherNetwork(login, caller)).toBe(expected);
  });
  test('an address of any form never stops a login', () => {
    const address = fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.constantFrom('fe80::1%eth0', '::ffff:203.0.113.7'));
    fc.assert(
      fc.property(address, address, (a, b) => {
        expect(typeof isOtherNetwork(a, b)).toBe('boolean');
      }),
      { numRuns: 2000 },
    );
    expect(isOtherNetwork('fe80::1%eth0', 'fe80::1%eth0')).toBe(false);
  });
});

describe('integration options', () => {
  const options = {
    name: 'Bank',
    domains: ['tenant.auth0.com'],
    consent: defaultConsent('Bank'),
    branding: { displayName: 'Bank' },
  };
  const accepts = (change: object): boolean => IntegrationOptionsSchema.safeParse({ ...options, ...change }).success;
  const lockout = { enabled: true, maxFailedAttempts: 5, windowSeconds: 3600, lockSeconds: 1800 };
  /** Bounds: lowest, highest, and the step to just outside. */
  const numbers = [
    ['livenessThreshold', 80, 100, 1e-6],
    ['similarityThreshold', 95, 100, 1e-6],
    ['attemptsPerSession', 1, 5, 1],
    ['sessionTimeoutSeconds', 120, 1800, 1],
  ] as const;
  test.each(numbers)('T41 %s holds its bounds, and only numbers pass', (name, low, high, step) => {
    for (const value of [low, high]) expect(accepts({ [name]: value })).toBe(true);
    const wrong = [
      low - step,
      high + step,
      0,
      0.99,
      -1,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      String(high),
      null,
      [high],
      true,
    ];
    for (const value of wrong.filter((each) => each !== low))
      expect(accepts({ [name]: value }), String(value)).toBe(false);
  });
  test.each([
    ['maxFailedAttempts', 1, 10],
    ['windowSeconds', 60, 86_400],
    ['lockSeconds', 30, 86_400],
  ] as const)('T41 lockout.%s holds its bounds', (name, low, high) => {
    for (const value of [low, high]) expect(accepts({ lockout: { ...lockout, [name]: value } })).toBe(true);
    for (const value of [low - 1, high + 1, low + 0.5, String(low), null]) {
      expect(accepts({ lockout: { ...lockout, [name]: value } })).toBe(false);
    }
  });
  test('T41 flags are booleans: a string is never read as one', () => {
    for (const name of ['enabled', 'allowSelfEnrollment', 'noticesByEmail', 'verificationEvents']) {
      for (const value of ['false', 'true', 'no', 0, 1, null]) expect(accepts({ [name]: value })).toBe(false);
    }
    expect(accepts({ lockout: { ...lockout, enabled: 'false' } })).toBe(false);
  });
  test('T68 unknown members, also of parts, are refused', () => {
    expect(accepts({ accountId: 'acc_other' })).toBe(false);
    expect(accepts({ keys: [] })).toBe(false);
    expect(accepts({ branding: { displayName: 'Bank', html: '<b>' } })).toBe(false);
  });
  test('T64 links are https and colors are colors', () => {
    for (const supportUrl of ['javascript:alert(1)', 'http://x.example', 'data:text/html,x', '//x', 'https:']) {
      expect(accepts({ branding: { displayName: 'Bank', supportUrl } }), supportUrl).toBe(false);
    }
    for (const accentColor of ['red', '#FFF', '#12345g', '#123456;background:url(x)', '#123456\n']) {
      expect(accepts({ branding: { displayName: 'Bank', accentColor } }), accentColor).toBe(false);
    }
    expect(
      accepts({ branding: { displayName: 'Bank', supportUrl: 'https://x.example/h', accentColor: '#a0b1c2' } }),
    ).toBe(true);
  });
  test('T69 names are one line of printable text', () => {
    for (const displayName of ['Bank\r\nBcc: x@y.example', 'Bank\u0000', 'Bank\u001b[31m', '', '   ', 'x'.repeat(81)]) {
      expect(accepts({ branding: { displayName } }), JSON.stringify(displayName)).toBe(false);
      expect(accepts({ name: displayName }), JSON.stringify(displayName)).toBe(false);
    }
  });
  test('T32 only host names are domains, one to ten of them', () => {
    expect(accepts({ domains: [] })).toBe(false);
    expect(accepts({ domains: Array(11).fill('tenant.auth0.com') })).toBe(false);
    expect(accepts({ domains: ['tenant.auth0.com', 'https://tenant.auth0.com'] })).toBe(false);
  });
});

describe('T75 the default consent', () => {
  test('is within the bounds for every organization, and names who, purpose, retention and the alternative', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 80 }), fc.integer({ min: 1, max: 1095 }), (name, days) => {
        const consent = defaultConsent(name, days);
        expect(IntegrationOptionsSchema.shape.consent.parse(consent)).toEqual(consent);
        for (const needed of [name, `${days} days`, 'deleted', 'another method'])
          expect(consent.text).toContain(needed);
      }),
    );
  });
});
