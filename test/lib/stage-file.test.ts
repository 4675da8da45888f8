import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SETTING_NAMES, type SettingName } from '../../lib/settings.ts';
import { readStage } from '../../lib/stage-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'verified-stages-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (stage: string, content: unknown) =>
  writeFileSync(join(folder, `${stage}.json`), typeof content === 'string' ? content : JSON.stringify(content));
/** Reads a stage as a command does. */
const read = (stage: string, given: Readonly<Record<string, unknown>> = {}) =>
  readStage({ stage, stages: folder, ...given });
const refusalOf = (stage: string, given: Readonly<Record<string, unknown>> = {}): string => {
  try {
    read(stage, given);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
};

/** A value of each setting that a file may hold, all of them valid together. */
const VALUES = {
  region: 'ap-southeast-2',
  account: '111122223333',
  livenessRegion: 'ap-northeast-1',
  multiRegionKeys: false,
  primaryIntegrationKeyArn: `arn:aws:kms:ap-northeast-1:111122223333:key/mrk-${'a'.repeat(32)}`,
  primaryFaceKeyArn: `arn:aws:kms:ap-northeast-1:111122223333:key/mrk-${'b'.repeat(32)}`,
  domainName: 'verify.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef',
  hostedZoneId: 'Z0123456789ABCDEFGHIJ',
  waf: true,
  wafRequestsPerAddress: 500,
  alarmEmail: 'oncall@example.com',
  noticeSender: 'login@example.com',
  monthlyBudgetUsd: 500,
  dailyLivenessLimit: 100,
  livenessSessionsAtOnce: 75,
  accountConcurrency: 1000,
  requestsPerSecond: 50,
  logRetentionDays: 30,
  cloudTrail: true,
  oidcIssuer: 'https://login.example.com/',
  oidcAudience: 'portal',
  portalSignUp: true,
  frontDoorGeneration: 3,
} as const;

describe('the settings of a stage', () => {
  test('are those of its file; $schema is for editors', () => {
    write('prod', { $schema: './settings.schema.json', ...VALUES });
    expect(read('prod')).toEqual({ ...VALUES, stage: 'prod' });
    const missing = SETTING_NAMES.filter((name) => !(name in VALUES));
    expect(missing).toEqual(['stage', 'webAclArn']);
  });

  test('may be given on the command line too, if they are those of the file', () => {
    write('prod', VALUES);
    const words = Object.entries(VALUES).map(([name, value]) => [name, String(value)] as const);
    fc.assert(
      fc.property(fc.subarray(words), (given) => {
        expect(read('prod', Object.fromEntries(given))).toEqual(read('prod'));
      }),
    );
  });

  test('given past the file are refused, with the line to write', () => {
    write('prod', { alarmEmail: 'oncall@example.com', waf: false });
    const refusal = refusalOf('prod', {
      alarmEmail: 'other@example.com',
      waf: 'on',
      requestsPerSecond: '20',
      alarmMail: 'x',
    });
    expect(refusal).toMatch(/^The settings of stage prod are those of .*prod\.json\./);
    expect(refusal.split('\n').slice(1)).toEqual([
      '  alarmEmail: is "oncall@example.com" in the file; write "alarmEmail": "other@example.com" there, or leave it out here',
      '  waf: is false in the file; write "waf": true there, or leave it out here',
      '  requestsPerSecond: is not in the file; write "requestsPerSecond": 20 there, or leave it out here',
      '  alarmMail: there is no such setting',
    ]);
  });

  test('never change by what is given: it is refused, or it is the file', () => {
    write('prod', VALUES);
    const Given = fc.dictionary(
      fc.oneof(fc.constantFrom(...SETTING_NAMES.filter((name) => name !== 'stage')), fc.stringMatching(/^[a-z]{1,8}$/)),
      fc.oneof(fc.constantFrom('on', 'off', '1', '', 'eu-west-1', '30'), fc.string()),
    );
    const own = read('prod');
    fc.assert(
      fc.property(Given, (given) => {
        const foreign = Object.entries(given).some(
          ([name, value]) => String(VALUES[name as Exclude<SettingName, 'stage' | 'webAclArn'>]) !== value,
        );
        try {
          expect(read('prod', given)).toEqual(own);
        } catch (error) {
          expect(String(error)).toMatch(/change nothing/);
          expect(foreign).toBe(true);
        }
      }),
    );
  });
});

describe('a stage without a file', () => {
  test('is refused, with the file to write', () => {
    const refusal = refusalOf('new', { alarmEmail: 'oncall@example.com', waf: 'on' });
    expect(refusal).toMatch(
      /^Stage new has no settings: there is no \S*new\.json\. If it was deployed before, restore/,
    );
    const file = /^\{[\s\S]*^\}$/m.exec(refusal)?.[0] ?? '';
    write('new', file);
    // What is proposed works, and contains what was asked for.
    expect(read('new', { alarmEmail: 'oncall@example.com', waf: 'on' })).toMatchObject({
      stage: 'new',
      region: 'eu-west-1',
      alarmEmail: 'oncall@example.com',
      waf: true,
    });
    expect(JSON.parse(file).$schema).toMatch(/stages\/settings\.schema\.json$/);
  });

  test('is dev where the command names none, and says so', () => {
    expect(() => readStage({ stages: folder })).toThrow(
      /^Stage dev has no settings: .*dev\.json\. Without a stage on the command line it is dev\./,
    );
  });

  test('is not another one because a variable is unset', () => {
    write('dev', {});
    expect(() => read('')).toThrow(/stage: is empty; is the variable that should hold it unset\?/);
    expect(() => read('dev', { stages: '' })).toThrow(/stages: is empty; is the variable/);
  });

  test('by default is looked for in stages/', () => {
    expect(() => readStage({ stage: 'never-written' })).toThrow(/there is no stages\/never-written\.json/);
    expect(() => readStage({ stage: 'never-written' })).toThrow('"$schema": "./settings.schema.json"');
  });

  test('cannot be named by a path', () => {
    mkdirSync(join(folder, 'deeper'), { recursive: true });
    write('deeper/prod', {});
    for (const stage of ['deeper/prod', '../prod', 'prod.json']) expect(() => read(stage)).toThrow(/stage: must be/);
  });
});

describe('a file', () => {
  test.each<[string, unknown, RegExp]>([
    ['that is no JSON', '{ "region": "eu-west-1", }', /bad\.json is not JSON: /],
    ['that holds a list', [], /bad\.json must hold one object/],
    ['that holds null', 'null', /bad\.json must hold one object/],
    [
      'with a setting that does not exist',
      { alarmMail: 'a@example.com' },
      /bad\.json is wrong:\n {2}alarmMail: there is no/,
    ],
    [
      'with a setting of an earlier release',
      { reservedConcurrency: 'off' },
      /reservedConcurrency: there is no such setting/,
    ],
    ['that names the stage', { stage: 'bad' }, /stage: is not set in the file, since its name says it; remove it/],
    [
      'with a wrong value',
      { region: 'eu-nowhere-1' },
      /^The settings in \S*bad\.json are wrong:\n {2}region: there is no region/,
    ],
  ])('%s is refused by name', (_what, content, message) => {
    write('bad', content);
    expect(() => read('bad')).toThrow(message);
  });
});
