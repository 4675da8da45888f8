import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { LIVENESS_REGIONS, readSettings, SETTING_NAMES } from '../../lib/settings.ts';

const read = (given: Readonly<Record<string, unknown>>) => readSettings((name) => given[name]);

describe('settings of a deployment', () => {
  test('are all optional: the defaults are a stage for trials', () => {
    expect(read({})).toMatchObject({
      stage: 'dev',
      region: 'eu-west-1',
      livenessRegion: 'eu-west-1',
      reservedConcurrency: true,
      portalSignUp: false,
    });
  });

  test.each(LIVENESS_REGIONS)('run Face Liveness in %s if the stack is there', (region) => {
    expect(read({ region }).livenessRegion).toBe(region);
  });

  test.each([
    [{ region: 'eu-north-1' }, /livenessRegion: eu-north-1 has no Face Liveness; choose one of us-east-1/],
    [{ livenessRegion: 'eu-north-1' }, /livenessRegion: Face Liveness exists in us-east-1/],
    [{ domainName: 'verify.example.com' }, /certificateArn: domainName and certificateArn belong together/],
    [
      { domainName: 'verify.example.com', certificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/x' },
      /certificateArn: must be in us-east-1/,
    ],
    [{ oidcIssuer: 'https://issuer.example.com' }, /oidcAudience: oidcIssuer and oidcAudience belong together/],
    [
      { waf: 'on', webAclArn: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/x/y' },
      /waf: creates a web ACL, but webAclArn names one already/,
    ],
    [{ monthlyBudgetUsd: '100' }, /monthlyBudgetUsd: notifies alarmEmail, which is not set/],
    [{ frontDoorGeneration: '0' }, /frontDoorGeneration/],
    [{ stage: 'Prod!' }, /stage: must be 1 to 16 characters/],
    [{ logRetentionDays: '31' }, /logRetentionDays/],
    [{ alarmEmail: 'nobody' }, /alarmEmail/],
    [{ requestsPerSecond: '0' }, /requestsPerSecond/],
  ])('%j is refused by name', (given, message) => {
    expect(() => read(given)).toThrow(message);
  });

  test('that are invalid are all named together', () => {
    expect(() => read({ stage: '-', region: 'x' })).toThrow(/stage: .*\n.*region: /);
  });

  test('are all explained in docs/deploy.md, and no others', async () => {
    const text = await readFile(new URL('../../docs/deploy.md', import.meta.url), 'utf8');
    const explained = [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(explained.sort()).toEqual([...SETTING_NAMES].sort());
    const defaults = read({});
    for (const [, name = '', given = ''] of text.matchAll(/^\| `(\w+)` \| ([^|]+) \| [^|]{20,} \|$/gm)) {
      const value = defaults[name as keyof typeof defaults];
      const written = value === undefined ? /^(none|that of|CloudFront)/ : /^`(.+)`$/;
      expect(given, name).toMatch(written);
      if (name === 'livenessRegion') continue;
      const shown = typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);
      if (value !== undefined) expect(given, name).toBe(`\`${shown}\``);
    }
    expect(text.match(/^\| `\w+` \| [^|]+ \| [^|]{20,} \|$/gm)).toHaveLength(SETTING_NAMES.length);
  });
});
