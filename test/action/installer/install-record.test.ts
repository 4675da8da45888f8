import { readFile } from 'node:fs/promises';
import { compileFunction } from 'node:vm';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  isSameCode,
  readInstalledCode,
  recordOf,
  secretFingerprint,
  withRecord,
} from '../../../action/installer/install-record.ts';
import { buildAction, checkAction } from '../../../action/tools/build.ts';
import packageJson from '../../../package.json' with { type: 'json' };

const SECRET = 'S'.repeat(43);
const values = { INTEGRATION_ID: `int_${'b'.repeat(20)}`, MODE: 'always', SESSION_SECRET: SECRET };
let code: string;
beforeAll(async () => {
  code = await readFile((await buildAction()).file, 'utf8');
});

test('what is written is read back, and the code counts as unchanged', () => {
  const record = recordOf(values);
  const installed = readInstalledCode(withRecord(code, record));
  expect(installed).toMatchObject({ version: packageJson.version, isIntact: true, record });
  expect(readInstalledCode(code)).toMatchObject({ isIntact: true, record: null });
});

test('T71 the record contains no secret, only a fingerprint that differs between integrations', () => {
  const text = withRecord(code, recordOf(values));
  expect(text).not.toContain(SECRET);
  expect(secretFingerprint('int_a', SECRET)).not.toBe(secretFingerprint('int_b', SECRET));
  expect(secretFingerprint('int_a', SECRET)).toMatch(/^[0-9a-f]{16}$/);
});

test('Auth0 accepts the code with its record', () => {
  expect(() => checkAction(withRecord(code, recordOf(values)))).not.toThrow();
});

test('no value of a setting can leave the comment and become code', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const text = withRecord('', { settings: { A: `${value}\u2028throw 1;\n\r` }, secrets: {} });
      expect(() => compileFunction(text)()).not.toThrow();
      expect(readInstalledCode(text).record?.settings['A']).toBe(`${value}\u2028throw 1;\n\r`);
    }),
    { numRuns: 200 },
  );
});

test('line ends altered by a form or an editor are no change', () => {
  const text = withRecord(code, recordOf(values));
  for (const altered of [text.trimEnd(), text.replaceAll('\n', '\r\n'), `${text}\n`]) {
    expect(isSameCode(altered, text)).toBe(true);
    expect(readInstalledCode(altered)).toEqual(readInstalledCode(text));
  }
  expect(readInstalledCode(code.trimEnd()).isIntact).toBe(true);
  expect(isSameCode(text.replace('async', 'async  '), text)).toBe(false);
});

describe('code changed by hand is detected', () => {
  test.each([
    ['in the middle', (text: string) => text.replace('async', 'async ')],
    ['after the record', (text: string) => `${text}exports.onExecutePostLogin = async () => {};\n`],
    ['in the record', (text: string) => text.replace('{"settings"', '{"nothing"')],
  ])('%s', (_where, change) => {
    expect(readInstalledCode(change(withRecord(code, recordOf(values)))).isIntact).toBe(false);
  });
});

test('a tenant can contain anything', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(readInstalledCode(text)).toMatchObject({ version: null, isIntact: false });
    }),
  );
});
