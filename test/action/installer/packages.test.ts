import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { compileFunction } from 'node:vm';
import { parse } from '@cdktf/hcl2json';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ACTION_SETTINGS } from '../../../action/installer/action-settings.ts';
import { checkSettings } from '../../../action/installer/check-settings.ts';
import { buildAction } from '../../../action/tools/build.ts';
import { PACKAGES_FOLDER, packageTexts } from '../../../action/tools/packages/build-packages.ts';
import { MARKETPLACE_CODE, marketplaceSpec } from '../../../action/tools/packages/marketplace-package.ts';

const texts = packageTexts();
const textOf = (path: string): string => {
  const text = texts[path];
  if (text === undefined) throw new Error(`no ${path}`);
  return text;
};
const NAMES = ACTION_SETTINGS.map(({ name }) => name);

test('the files in the repository are exactly those generated from the settings', async () => {
  const entries = await readdir(PACKAGES_FOLDER, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(PACKAGES_FOLDER, join(entry.parentPath, entry.name)));
  expect(files.filter((file) => file !== 'README.md').sort()).toEqual(Object.keys(texts).sort());
  for (const [path, text] of Object.entries(texts)) {
    expect(await readFile(join(PACKAGES_FOLDER, path), 'utf8'), path).toBe(text);
  }
});

describe('Marketplace', () => {
  const field = z.strictObject({
    name: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
    label: z.string().min(2),
    description: z.string().min(10),
    default_value: z.string().optional(),
  });
  const option = z.strictObject({ value: z.string(), label: z.string() });
  /** The form of configuration.json in the template's README. */
  const Configuration = z.strictObject({
    secrets: z.array(field),
    configuration: z.array(field.extend({ options: z.array(option).optional() })),
    dependencies: z.array(z.strictObject({ name: z.string(), version: z.string() })),
  });
  const configuration = Configuration.parse(JSON.parse(textOf('marketplace/integration/configuration.json')));

  test('has every setting once, and secrets as secrets', () => {
    const [secret, plain] = [configuration.secrets, configuration.configuration].map((list) => list.map((f) => f.name));
    expect([...(secret ?? []), ...(plain ?? [])].sort()).toEqual([...NAMES].sort());
    expect(secret).toEqual(['SESSION_SECRET', 'SESSION_SECRET_PREVIOUS']);
  });

  test('a form left at its defaults, with the required fields filled in, is accepted by the Action', () => {
    const filled = [...configuration.secrets, ...configuration.configuration].flatMap(({ name, default_value }) => {
      const setting = ACTION_SETTINGS.find((known) => known.name === name);
      const value = setting?.isRequired ? setting.example : default_value;
      return value === undefined ? [] : [[name, value]];
    });
    expect(() => checkSettings(Object.fromEntries(filled))).not.toThrow();
  });

  test('its Jest test passes against the built Action', async () => {
    const code = await readFile((await buildAction()).file, 'utf8');
    const module: { exports: Record<string, unknown> } = { exports: {} };
    const require = createRequire(import.meta.url);
    compileFunction(code, ['module', 'exports', 'require', 'console'])(module, module.exports, require, { log() {} });
    const runs: (() => Promise<void>)[] = [];
    const describeAll = (_title: string, body: () => void) => body();
    const it = (_title: string, body: () => Promise<void>) => void runs.push(body);
    const spec = marketplaceSpec()[MARKETPLACE_CODE.replace(/\.js$/, '.spec.js')] ?? '';
    compileFunction(spec, ['require', 'describe', 'it', 'expect'])(() => module.exports, describeAll, it, expect);
    expect(runs).toHaveLength(2);
    for (const run of runs) await run();
  });

  test('the guide has the sections of the template, names every field and leaves no gap', () => {
    const guide = textOf('marketplace/integration/installation_guide.md');
    for (const title of ['Prerequisites', 'Set up Verified', 'Add the Auth0 Action', 'Results', 'Troubleshooting']) {
      expect(guide).toContain(`\n## ${title}\n`);
    }
    for (const { label } of ACTION_SETTINGS) expect(guide).toContain(`**${label}**`);
    expect(guide).not.toContain('TODO');
  });
});

describe('Terraform', () => {
  const main = async () => parse('main.tf', textOf('terraform/main.tf'));
  const variables = async () => parse('variables.tf', textOf('terraform/variables.tf'));

  test('has one variable per setting; secrets are sensitive, and only required settings have no default', async () => {
    const { variable } = (await variables()) as { variable: Record<string, readonly Record<string, unknown>[]> };
    for (const { name, formerName, isSecret, isRequired, defaultValue, options } of ACTION_SETTINGS) {
      const found = variable[name.toLowerCase()]?.[0];
      expect(found, name).toBeDefined();
      expect(found?.['sensitive'] ?? false, name).toBe(isSecret);
      // Of two names for one setting, null says which was not given.
      const written = formerName === null ? (defaultValue ?? '') : null;
      expect(found?.['default'], name).toBe(isRequired ? undefined : written);
      expect(found?.['validation'] !== undefined, name).toBe(options !== null);
    }
    const former = ACTION_SETTINGS.flatMap(({ formerName }) => (formerName === null ? [] : [formerName.toLowerCase()]));
    expect(former).toEqual(['enrol_at_login']);
    for (const name of former) expect(variable[name]?.[0], name).toMatchObject({ default: null });
    expect(Object.keys(variable)).toHaveLength(NAMES.length + former.length + 1);
  });

  test('creates the Action and appends it to the flow, without managing the whole flow', async () => {
    const { resource, locals } = (await main()) as {
      resource: Record<string, Record<string, readonly Record<string, unknown>[]>>;
      locals: readonly { readonly settings: Record<string, string> }[];
    };
    expect(Object.keys(resource).sort()).toEqual(['auth0_action', 'auth0_trigger_action']);
    expect(resource['auth0_action']?.['face_factor']?.[0]).toMatchObject({
      runtime: 'node22',
      deploy: true,
      supported_triggers: [{ id: 'post-login', version: 'v3' }],
    });
    expect(resource['auth0_trigger_action']?.['face_factor']?.[0]).toMatchObject({ trigger: 'post-login' });
    const expected = Object.fromEntries(NAMES.map((name) => [name, `\${var.${name.toLowerCase()}}`]));
    // Callers that use the former name keep their value, and both together are refused.
    const enrollAtLogin = ['$', '{coalesce(var.enroll_at_login, var.enrol_at_login, "true")}'].join('');
    expect(locals[0]?.settings).toEqual({ ...expected, ENROLL_AT_LOGIN: enrollAtLogin });
    expect(resource['auth0_action']?.['face_factor']?.[0]).toMatchObject({
      lifecycle: [
        {
          precondition: [{ error_message: 'enroll_at_login and enrol_at_login, its former name, differ: give one.' }],
        },
      ],
    });
  });
});

describe('Actions Template', () => {
  const configValue = z.object({ label: z.string().min(2), defaultValue: z.string().min(2) });
  /** The fields and limits of auth0/opensource-marketplace, scripts/templates/validate-templates.js. */
  const Template = z.strictObject({
    id: z.uuid(),
    name: z.string().min(3),
    triggers: z.array(z.enum(['POST_LOGIN'])),
    useCases: z.array(z.enum(['MULTIFACTOR', 'ACTION_FEATURE', 'ENRICH_PROFILE', 'ACCESS_CONTROL'])),
    public: z.literal(true),
    description: z.string().min(3),
    runtime: z.string(),
    secrets: z.array(configValue),
    sourceUrl: z.url(),
    modules: z.array(z.object({ name: z.string(), version: z.string() })),
    notes: z.string(),
  });

  test('its manifest passes the schema and explains every setting', () => {
    const path = Object.keys(texts).find((name) => name.endsWith('manifest.yaml')) ?? '';
    const yaml: { load(text: string): unknown } = createRequire(import.meta.url)('js-yaml');
    const manifest = Template.parse(yaml.load(textOf(path)));
    for (const name of NAMES) expect(manifest.notes).toContain(`\`${name}\``);
    for (const { isRequired, name } of ACTION_SETTINGS) {
      if (isRequired) expect(manifest.secrets.map(({ label }) => label)).toContain(name);
    }
  });
});
