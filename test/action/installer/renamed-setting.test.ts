import { expect, test } from 'vitest';
import {
  desireInstalled,
  desireRotated,
  desireUpgraded,
  type SecretSource,
} from '../../../action/installer/desired-action.ts';
import { readInstalledCode, secretFingerprint, withRecord } from '../../../action/installer/install-record.ts';
import { describeChanges, statusOf } from '../../../action/installer/report.ts';
import type { TenantAction } from '../../../action/installer/tenant-actions.ts';

const INTEGRATION_ID = `int_${'b'.repeat(20)}`;
const [SECRET, NEXT] = ['S'.repeat(43), 'N'.repeat(43)];
const CODE = 'exports.onExecutePostLogin = async () => {};\n';
const SETTINGS = { INTEGRATION_ID, CAPTURE_URL: 'https://verify.example.com' };

/** As installed by the previous release, with a setting that has since been renamed. */
const FOUND: TenantAction = {
  id: 'action',
  name: 'Verified face factor',
  triggers: ['post-login'],
  code: withRecord(CODE, {
    settings: { ...SETTINGS, ENROL_AT_LOGIN: 'false' },
    secrets: { SESSION_SECRET: secretFingerprint(INTEGRATION_ID, SECRET) },
  }),
  runtime: 'node22',
  buildStatus: 'built',
  isDraftDeployed: true,
  deployedVersion: 1,
  secretNames: ['INTEGRATION_ID', 'CAPTURE_URL', 'ENROL_AT_LOGIN', 'SESSION_SECRET'],
};
const source = (secrets: Readonly<Record<string, string>>): SecretSource => ({
  given: (name) => secrets[name],
  require: async (name) => {
    const value = secrets[name];
    if (value === undefined) throw new Error(`${name} is asked for`);
    return value;
  },
});
const install = (settings: Readonly<Record<string, string>>, secrets: Readonly<Record<string, string>> = {}) =>
  desireInstalled(FOUND, { code: CODE, settings, isForced: false }, source(secrets));

test.each([{}, { ENROL_AT_LOGIN: 'false' }, { ENROLL_AT_LOGIN: 'false' }])(
  'an installation under the former name is unchanged, and no secret is requested: %j',
  async (settings) => {
    const desired = await install(settings);
    expect(desired.draft.secrets).toBeNull();
    expect(describeChanges(FOUND.name, FOUND, desired)).toEqual([]);
    expect(describeChanges(FOUND.name, FOUND, desireUpgraded(FOUND, CODE))).toEqual([]);
  },
);

test.each([{ ENROL_AT_LOGIN: 'true' }, { ENROLL_AT_LOGIN: 'true' }])(
  'a change by either name is written under the current one, and reported: %j',
  async (settings) => {
    const desired = await install(settings, { SESSION_SECRET: SECRET });
    expect(desired.draft.secrets).toEqual({ ...SETTINGS, ENROLL_AT_LOGIN: 'true', SESSION_SECRET: SECRET });
    expect(describeChanges(FOUND.name, FOUND, desired)).toEqual([
      '+ ENROLL_AT_LOGIN = true',
      '- ENROL_AT_LOGIN (was false)',
    ]);
  },
);

test.each([{ ENROL_AT_LOGIN: '' }, { ENROLL_AT_LOGIN: '' }])('either name removes it: %j', async (settings) => {
  const { draft } = await install(settings, { SESSION_SECRET: SECRET });
  expect(draft.secrets).toEqual({ ...SETTINGS, SESSION_SECRET: SECRET });
});

test('two different values are refused', async () => {
  const both = install({ ENROL_AT_LOGIN: 'true', ENROLL_AT_LOGIN: 'false' }, { SESSION_SECRET: SECRET });
  await expect(both).rejects.toThrow('ENROL_AT_LOGIN is the former name of ENROLL_AT_LOGIN');
});

test('a rotation keeps the settings', async () => {
  const desired = await desireRotated(FOUND, CODE, source({ SESSION_SECRET: NEXT, SESSION_SECRET_PREVIOUS: SECRET }));
  expect(desired.draft.secrets).toMatchObject({ ENROLL_AT_LOGIN: 'false' });
  expect(desired.draft.secrets).not.toHaveProperty('ENROL_AT_LOGIN');
  expect(readInstalledCode(desired.draft.code).record?.settings).toMatchObject({ ENROLL_AT_LOGIN: 'false' });
});

test('the status mentions the former name, but not as a problem', () => {
  const { hints } = statusOf(FOUND.name, FOUND, [], CODE);
  expect(hints).toContainEqual(expect.stringContaining('ENROL_AT_LOGIN is called ENROLL_AT_LOGIN now'));
});
