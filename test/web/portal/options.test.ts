import { describe, expect, test } from 'vitest';
import { IntegrationOptionsSchema } from '../../../contract/api/portal/integration-options.ts';
import { choicesOf, OPTION_TABLE, schemaOptions } from '../../../web/portal/pages/integrations/option-table.ts';
import {
  baseOfChange,
  changedOptions,
  checkValues,
  defaultOptions,
  errorsFrom,
  optionsOf,
  valuesOf,
  withConsentVersion,
} from '../../../web/portal/pages/integrations/option-values.ts';
import { durationText, optionErrors, optionTexts } from '../../../web/portal/text/en/options.ts';

const REQUIRED = {
  name: 'Shop',
  domains: ['shop.eu.auth0.com', 'login.shop.example'],
  consent: { version: '2026-11', text: 'We compare your face with the one you enrolled here.', retentionDays: 365 },
  branding: { displayName: 'Shop' },
};
const OPTIONS = IntegrationOptionsSchema.parse(REQUIRED);
const values = valuesOf(OPTIONS);

test('every option of the schema has its field, its label and its help, and no other has', () => {
  const paths = schemaOptions().map(([path]) => path);
  expect(OPTION_TABLE.map(({ path }) => path).sort()).toEqual([...paths].sort());
  for (const path of paths) {
    expect(optionTexts[path]?.label, path).toBeTruthy();
    expect(optionTexts[path]?.help, path).toBeTruthy();
    expect(Object.keys(optionTexts[path]?.choices ?? {}), path).toEqual(choicesOf(path));
  }
});

test('a new integration starts with every default of the schema', () => {
  expect(optionsOf(valuesOf({ ...defaultOptions(), ...REQUIRED }))).toEqual(OPTIONS);
});

test('untouched options come out of the fields unchanged', () => {
  expect(optionsOf(values)).toEqual(OPTIONS);
  expect(checkValues(values)).toEqual({});
});

describe('a change', () => {
  test('contains only the changed fields, with their previous values', () => {
    const changed = { ...values, 'lockout.maxFailedAttempts': '3', 'branding.supportUrl': 'https://shop.example/' };
    expect(changedOptions(values, changed)).toEqual({
      lockout: { maxFailedAttempts: 3 },
      branding: { supportUrl: 'https://shop.example/' },
    });
    expect(baseOfChange(values, changed)).toEqual({
      lockout: { maxFailedAttempts: 5 },
      branding: { supportUrl: null },
    });
  });

  test('of the consent text names its previous version and does not send the text twice', () => {
    const changed = {
      ...values,
      'consent.text': 'Other words, which are long enough to be taken.',
      'consent.version': 'v2',
    };
    expect(changedOptions(values, changed)).toEqual({ consent: { text: changed['consent.text'], version: 'v2' } });
    expect(baseOfChange(values, changed)).toEqual({ consent: { version: '2026-11' } });
  });

  test('that reuses a version name for another text is reported as that, not as a violated bound', () => {
    expect(errorsFrom([{ pointer: '#/options/consent/version', detail: 'is the name of an earlier text' }])).toEqual({
      'consent.version': optionErrors.usedVersion,
    });
  });

  test.each([
    ['name', ''],
    ['domains', 'https://shop.eu.auth0.com'],
    ['domains', ''],
    ['attemptsPerSession', 'many'],
    ['attemptsPerSession', ''],
    ['livenessThreshold', '79'],
    ['branding.accentColor', 'red'],
    ['branding.supportUrl', 'http://shop.example'],
    ['consent.text', 'too short'],
  ])('of %s to “%s” is refused at its own field', (path, value) => {
    expect(Object.keys(checkValues({ ...values, [path]: value }))).toEqual([path]);
  });

  test('that the service refuses is shown at the field of its pointer', () => {
    const errors = [
      { pointer: '#/options/domains/0', detail: '' },
      { pointer: '#/options/lockout/lockSeconds', detail: '' },
    ];
    expect(Object.keys(errorsFrom(errors)).sort()).toEqual(['domains', 'lockout.lockSeconds']);
  });
});

test('times are shown and typed in minutes and stored in seconds, and bounds are readable', () => {
  expect(values['sessionTimeoutSeconds']).toBe('10');
  expect(valuesOf({ lockout: { lockSeconds: 45 } })['lockout.lockSeconds']).toBe('0.75');
  expect(changedOptions(values, { ...values, sessionTimeoutSeconds: '2.5' })).toEqual({ sessionTimeoutSeconds: 150 });
  expect(checkValues({ ...values, 'lockout.lockSeconds': '1441' })).toEqual({
    'lockout.lockSeconds': 'Enter a time from 30 seconds to 1 day, in minutes.',
  });
  expect([90, 120, 5400, 7200, 172_800].map(durationText)).toEqual([
    '90 seconds',
    '2 minutes',
    '90 minutes',
    '2 hours',
    '2 days',
  ]);
});

test('T75 a changed consent text is a new version, also twice a day; a version that the operator entered stays', () => {
  const changed = { ...values, 'consent.text': `${values['consent.text']} Now in other words.` };
  expect(withConsentVersion(values, values, '2026-12-01')['consent.version']).toBe('2026-11');
  const first = withConsentVersion(values, changed, '2026-12-01');
  expect(first['consent.version']).toBe('2026-12-01');
  const again = withConsentVersion(first, { ...first, 'consent.text': `${first['consent.text']}!` }, '2026-12-01');
  expect(again['consent.version']).toBe('2026-12-01.2');
  const named = withConsentVersion(values, { ...changed, 'consent.version': 'v7' }, '2026-12-01');
  expect(named['consent.version']).toBe('v7');
});
