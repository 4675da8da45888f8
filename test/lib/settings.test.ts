import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentedSettings, settingsSchema } from '../../docs/tools/settings-schema.ts';
import { loginPrefix, RESERVED_WORDS } from '../../lib/login-prefix.ts';
import { LIVENESS_REGIONS, REGIONS } from '../../lib/regions.ts';
import { SERVICE_FUNCTIONS } from '../../lib/service-functions.ts';
import { readSettings, SETTING_NAMES } from '../../lib/settings.ts';

const read = (given: Readonly<Record<string, unknown>>) => readSettings((name) => given[name]);
const DEPLOY_PAGE = readFileSync(new URL('../../docs/deploy.md', import.meta.url), 'utf8');
const ID = '01234567-89ab-cdef-0123-456789abcdef';
const CERTIFICATE = `arn:aws:acm:us-east-1:111122223333:certificate/${ID}`;
const WEB_ACL = `arn:aws:wafv2:us-east-1:111122223333:global/webacl/Our_firewall-1/${ID}`;

describe('settings of a deployment', () => {
  test('are all optional: the defaults are a stage for trials that any account can deploy', () => {
    const defaults = read({});
    expect(defaults).toMatchObject({ stage: 'dev', region: 'eu-west-1', livenessRegion: 'eu-west-1' });
    expect(defaults).toMatchObject({ portalSignUp: false, waf: false });
    // A new account may have no more than 10: nothing can be reserved there.
    expect(defaults.accountConcurrency).toBeUndefined();
  });

  test.each(LIVENESS_REGIONS)('run Face Liveness in %s if the stack is there', (region) => {
    expect(read({ region }).livenessRegion).toBe(region);
  });

  test('let faces be processed in another region than they are kept in', () => {
    const settings = read({ region: 'eu-north-1', livenessRegion: 'eu-west-1' });
    expect(settings).toMatchObject({ region: 'eu-north-1', livenessRegion: 'eu-west-1' });
  });

  test('take words and digits of a command line as well as the values of a file', () => {
    const words = { waf: 'on', portalSignUp: 'false', requestsPerSecond: '50', logRetentionDays: '30' };
    const values = { waf: true, portalSignUp: false, requestsPerSecond: 50, logRetentionDays: 30 };
    expect(read(words)).toEqual(read(values));
    expect(read(values)).toMatchObject(values);
  });

  test.each([
    [{ region: 'eu-north-1' }, /livenessRegion: eu-north-1 has no Face Liveness; choose one of us-east-1/],
    // Rekognition is there, Face Liveness is not.
    [{ region: 'eu-central-1' }, /livenessRegion: eu-central-1 has no Face Liveness/],
    [{ livenessRegion: 'eu-north-1' }, /livenessRegion: Face Liveness exists in us-east-1/],
    [{ region: 'eu-nowhere-1' }, /region: there is no region "eu-nowhere-1"/],
    [{ region: 'us-gov-west-1' }, /region: us-gov-west-1 is in the partition aws-us-gov; .*commercial/],
    [{ region: 'cn-north-1' }, /region: cn-north-1 is in the partition aws-cn; .*commercial/],
    [
      { domainName: 'verify.example.com' },
      /certificateArn: domainName needs a certificate: set its ARN, or hostedZoneId/,
    ],
    [{ certificateArn: CERTIFICATE }, /certificateArn: is the certificate of domainName, which is not set/],
    [{ hostedZoneId: 'Z0123456789ABCDEFGHIJ' }, /hostedZoneId: is the hosted zone of domainName, which is not set/],
    [
      { domainName: 'verify.example.com', hostedZoneId: '/hostedzone/Z0123456789ABCDEFGHIJ' },
      /hostedZoneId: must be the id of a hosted zone/,
    ],
    [
      { domainName: 'verify.example.com', certificateArn: CERTIFICATE.replace('us-east-1', 'eu-west-1') },
      /certificateArn: must be the whole ARN of a certificate in us-east-1/,
    ],
    [
      { domainName: 'verify.example.com', certificateArn: CERTIFICATE, account: '444455556666' },
      /certificateArn: is in another account/,
    ],
    [{ webAclArn: WEB_ACL.replace('global', 'regional') }, /webAclArn: must be the whole ARN of a global/],
    [{ webAclArn: WEB_ACL, account: '444455556666' }, /webAclArn: is in another account/],
    [{ oidcIssuer: 'https://issuer.example.com' }, /oidcAudience: oidcIssuer and oidcAudience belong together/],
    [{ oidcIssuer: 'http://issuer.example.com', oidcAudience: 'a' }, /oidcIssuer: must be an https address/],
    [{ oidcIssuer: 'https://issuer.example.com?a', oidcAudience: 'a' }, /oidcIssuer: must have no query/],
    [{ waf: 'on', webAclArn: WEB_ACL }, /waf: creates a web ACL, but webAclArn names one already/],
    [{ waf: 'yes' }, /waf: must be true or false/],
    [{ waf: 1 }, /waf: must be true or false/],
    [{ monthlyBudgetUsd: '100' }, /monthlyBudgetUsd: notifies alarmEmail, which is not set/],
    [{ frontDoorGeneration: '0' }, /frontDoorGeneration/],
    [{ frontDoorGeneration: true }, /frontDoorGeneration: must be a whole number/],
    [{ frontDoorGeneration: null }, /frontDoorGeneration: must be a whole number/],
    [{ stage: 'Prod!' }, /stage: must be 1 to 16 characters/],
    [{ stage: 'prod-' }, /stage: must be 1 to 16 characters/],
    [{ stage: '' }, /^[^\n]*\n {2}stage: is empty; is the variable that should hold it unset\?\n[^\n]*$/],
    [{ alarmEmail: '' }, /alarmEmail: is empty/],
    [{ logRetentionDays: '31' }, /logRetentionDays/],
    [{ alarmEmail: 'nobody' }, /alarmEmail: must be an e-mail address/],
    [{ requestsPerSecond: '0' }, /requestsPerSecond/],
    [{ requestsPerSecond: '1e2' }, /requestsPerSecond: must be a whole number/],
  ])('%j is refused by name', (given, message) => {
    expect(() => read(given)).toThrow(message);
  });

  test('that are invalid are all named together', () => {
    expect(() => read({ stage: '-', region: 'x' })).toThrow(/stage: .*\n.*region: /);
  });

  test('accept every commercial region of AWS, and no other', () => {
    expect(REGIONS).toEqual(expect.arrayContaining(['eu-north-1', 'ap-southeast-2', ...LIVENESS_REGIONS]));
    for (const region of REGIONS) expect(read({ region, livenessRegion: 'eu-west-1' }).region).toBe(region);
    expect(REGIONS.filter((region) => /^(cn|us-gov|us-iso|eu-iso|eusc)/.test(region))).toEqual([]);
  });
});

describe('a stage', () => {
  const Stage = fc.stringMatching(/^[a-z][a-z0-9-]{0,15}$/);

  test.each(RESERVED_WORDS)('may not contain %s, which Cognito reserves', (word) => {
    for (const stage of [word, `${word}-1`, `x${word}`])
      expect(() => read({ stage })).toThrow(`stage: "${word}" must not be part of it: Cognito`);
  });

  test('that is accepted gives a login domain that Cognito accepts', () => {
    fc.assert(
      fc.property(Stage, (stage) => {
        fc.pre(!stage.endsWith('-') && !RESERVED_WORDS.some((word) => stage.includes(word)));
        const prefix = loginPrefix(read({ stage }).stage, '111122223333');
        // CreateUserPoolDomain of the API reference.
        expect(prefix).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
        expect(prefix).not.toMatch(/aws|amazon|cognito/);
      }),
    );
  });
});

describe('a host name', () => {
  const withHost = (domainName: string) => read({ domainName, certificateArn: CERTIFICATE });
  const Label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
  const Host = fc
    .tuple(fc.array(Label, { minLength: 1, maxLength: 3 }), fc.stringMatching(/^[a-z]{2,20}$/))
    .map(([labels, last]) => [...labels, last].join('.'));

  test('of DNS is accepted', () => {
    fc.assert(
      fc.property(Host, (host) => {
        expect(withHost(host).domainName).toBe(host);
      }),
    );
  });

  test('with a part that DNS forbids is refused', () => {
    const Wrong = fc.oneof(
      Label.map((label) => `-${label}`),
      Label.map((label) => `${label}-`),
      Label.map((label) => label.padEnd(64, 'x')),
      fc.tuple(Label, fc.constantFrom('_', ' ', 'A', 'ä', '*', '/')).map(([label, bad]) => label.slice(0, 60) + bad),
      fc.constant(''),
    );
    fc.assert(
      fc.property(Wrong, Host, (label, host) => {
        expect(() => withHost(`${label}.${host}`)).toThrow(/domainName: must be/);
        expect(() => withHost(`${host}.${label}`)).toThrow(/domainName: must be/);
      }),
    );
  });

  test.each(['localhost', '192.0.2.1', `${'a.'.repeat(126)}com`, '-a.b-', 'https://verify.example.com'])(
    '%s is refused',
    (host) => expect(() => withHost(host)).toThrow(/domainName: must be/),
  );
});

test.each([
  ['certificateArn', CERTIFICATE, { domainName: 'verify.example.com' }],
  ['webAclArn', WEB_ACL, {}],
])('%s is taken whole, and refused with anything cut off or added', (name, arn, others) => {
  expect(read({ ...others, [name]: arn })).toMatchObject({ [name]: arn });
  for (let length = 1; length < arn.length; length += 1) {
    expect(() => read({ ...others, [name]: arn.slice(0, length) })).toThrow(`${name}: must be the whole ARN`);
    expect(() => read({ ...others, [name]: arn.slice(length) })).toThrow(`${name}: must be the whole ARN`);
  }
  for (const added of [`${arn}/`, ` ${arn}`, `${arn}\n`])
    expect(() => read({ ...others, [name]: added })).toThrow(`${name}: must be the whole ARN`);
});

test('T77 shares of the functions are reserved only where Lambda allows it: 100 stay unreserved', () => {
  const reserved = SERVICE_FUNCTIONS.reduce((sum, { maxConcurrency }) => sum + maxConcurrency, 0);
  const enough = reserved + 100;
  expect(read({ accountConcurrency: enough }).accountConcurrency).toBe(enough);
  const [, shares, needed] = /shares are (\d+), [^.]*\bneeds (\d+)\./.exec(DEPLOY_PAGE.replaceAll('\n', ' ')) ?? [];
  expect([shares, needed].map(Number)).toEqual([reserved, enough]);
  for (const too of [10, 50, 100, reserved, enough - 1])
    expect(() => read({ accountConcurrency: String(too) })).toThrow(
      `accountConcurrency: ${too} is too little: the functions reserve ${reserved}, and Lambda keeps 100 for others. Ask for ${enough}`,
    );
});

describe('docs/deploy.md', () => {
  test('explains every setting, and no other, with its default', () => {
    const documented = documentedSettings(DEPLOY_PAGE);
    expect(documented.map(({ name }) => name).sort()).toEqual([...SETTING_NAMES].sort());
    expect(DEPLOY_PAGE.match(/^\| `\w+` \|/gm)).toHaveLength(SETTING_NAMES.length);
    const defaults = read({});
    for (const { name, defaultValue } of documented) {
      const value = defaults[name as keyof typeof defaults];
      const written = value === undefined ? /^(none|that of|CloudFront)/ : /^`(.+)`$/;
      expect(defaultValue, name).toMatch(written);
      if (value !== undefined && name !== 'livenessRegion') expect(defaultValue, name).toBe(`\`${value}\``);
    }
  });

  test('names the regions of Face Liveness', () => {
    const { effect = '' } = documentedSettings(DEPLOY_PAGE).find(({ name }) => name === 'livenessRegion') ?? {};
    const named = effect.match(/\b[a-z]{2}-[a-z]+-\d\b/g);
    expect(named?.sort()).toEqual([...LIVENESS_REGIONS].sort());
  });

  // Changed on purpose? `npm run snapshots` rewrites the file.
  test('and the settings together are the schema by which editors check the files of stages', async () => {
    await expect(settingsSchema(DEPLOY_PAGE)).toMatchFileSnapshot('../../stages/settings.schema.json');
  });
});
