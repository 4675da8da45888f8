import { expect, test } from 'vitest';
import { ACTION_SETTINGS, withCurrentNames } from '../../../action/installer/action-settings.ts';
import { checkSettings } from '../../../action/installer/check-settings.ts';
import { readSettings, type Settings } from '../../../action/src/settings.ts';

const examples = Object.fromEntries(ACTION_SETTINGS.map(({ name, example }) => [name, example]));
const required = Object.fromEntries(
  ACTION_SETTINGS.filter(({ isRequired }) => isRequired).map(({ name, example }) => [name, example]),
);
const read = (secrets: object): Settings =>
  readSettings({ request: {}, user: { user_id: 'u' }, client: { client_id: 'c' }, secrets: { ...secrets } });

test('the list contains exactly the settings that the Action reads', () => {
  const asked = new Set<string>();
  const secrets = new Proxy<Record<string, unknown>>(examples, {
    get: (target, name) => {
      asked.add(String(name));
      return Reflect.get(target, name);
    },
  });
  readSettings({ request: {}, user: { user_id: 'u' }, client: { client_id: 'c' }, secrets });
  const names = ACTION_SETTINGS.flatMap(({ name, formerName }) => (formerName === null ? [name] : [name, formerName]));
  expect([...asked].sort()).toEqual(names.sort());
});

test('an explicit default changes nothing for the Action', () => {
  const defaults = Object.fromEntries(
    ACTION_SETTINGS.flatMap(({ name, defaultValue }) => (defaultValue === null ? [] : [[name, defaultValue]])),
  );
  expect(read({ ...required, ...defaults })).toEqual(read(required));
});

test.each(ACTION_SETTINGS)(
  '$name: its example differs from its default and is accepted',
  ({ name, example, defaultValue }) => {
    expect(() => checkSettings({ ...required, [name]: example })).not.toThrow();
    if (name !== 'MODE') expect(example).not.toBe(defaultValue);
  },
);

test.each(ACTION_SETTINGS.filter(({ isRequired }) => isRequired))('$name is required', ({ name }) => {
  const { [name]: _gone, ...rest } = required;
  expect(() => checkSettings(rest)).toThrow(`setting ${name} is missing or malformed`);
});

test.each(ACTION_SETTINGS.filter(({ options }) => options !== null))(
  '$name: every option is accepted, anything else refused',
  ({ name, options }) => {
    for (const { value } of options ?? []) expect(() => checkSettings({ ...required, [name]: value })).not.toThrow();
    expect(() => checkSettings({ ...required, [name]: 'perhaps' })).toThrow(name);
  },
);

test.each(ACTION_SETTINGS.filter(({ formerName }) => formerName !== null))(
  '$name: is read under $formerName as well, and different values under both names are refused',
  ({ name, formerName, example, defaultValue }) => {
    const former = formerName ?? '';
    expect(read({ ...required, [former]: example })).toEqual(read({ ...required, [name]: example }));
    expect(read({ ...required, [former]: example })).not.toEqual(read(required));
    expect(read({ ...required, [name]: example, [former]: example })).toEqual(read({ ...required, [name]: example }));
    expect(read({ ...required, [name]: ' ', [former]: example })).toEqual(read({ ...required, [name]: example }));
    const both = { ...required, [name]: example, [former]: defaultValue ?? '' };
    expect(() => checkSettings(both)).toThrow(`setting ${name} contradicts ${former}`);
    expect(() => withCurrentNames(both)).toThrow(`${former} is the former name of ${name}`);
    expect(withCurrentNames({ [former]: example })).toEqual({ [name]: example });
    expect(withCurrentNames({ [former]: '', [name]: example })).toEqual({ [name]: example });
  },
);

test('a refusal names the setting and never its value', () => {
  const secret = 'not-a-secret-of-the-right-form';
  expect(() => checkSettings({ ...required, SESSION_SECRET: secret })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining(secret), reason: 'usage' }),
  );
  expect(() => checkSettings({ ...required, NO_SUCH: 'x' })).toThrow('no setting NO_SUCH');
});
