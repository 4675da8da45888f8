import type { PostLoginEvent } from '../src/auth0-types.ts';
import { readSettings, SettingsError } from '../src/settings.ts';
import { InstallerError } from './installer-error.ts';

/** One setting of the Action, described for forms and files. The Action itself decides what a value means. */
export interface ActionSetting {
  readonly name: string;
  readonly label: string;
  /** One or two sentences for the admin who fills in a form. */
  readonly description: string;
  /** True: never shown, stored or logged. */
  readonly isSecret: boolean;
  readonly isRequired: boolean;
  /** What the Action does when the setting is absent, written as a value; null where no value means that. */
  readonly defaultValue: string | null;
  /** The closed list of values, where there is one. */
  readonly options: readonly { readonly value: string; readonly label: string }[] | null;
  /** A well-formed value; for secrets one that opens nothing. */
  readonly example: string;
}

const FLAG = [
  { value: 'false', label: 'No' },
  { value: 'true', label: 'Yes' },
] as const;

const text = (
  name: string,
  label: string,
  description: string,
  example: string,
  more: Partial<ActionSetting> = {},
): ActionSetting => ({
  name,
  label,
  description,
  isSecret: false,
  isRequired: false,
  defaultValue: null,
  options: null,
  example,
  ...more,
});

const flag = (name: string, label: string, description: string): ActionSetting =>
  text(name, label, description, 'true', { defaultValue: 'false', options: FLAG });

/** 43 characters that decode to 32 zero bytes. */
const NO_SECRET = 'A'.repeat(43);

/**
 * Every setting that the Action reads, in the order of its README. A test holds this list against the names that the Action
 * really asks for, and the defaults against what it does without them.
 */
export const ACTION_SETTINGS: readonly ActionSetting[] = [
  text(
    'INTEGRATION_ID',
    'Integration Id',
    'From the Identity Portal, page of the integration. Begins with int_.',
    `int_${'a'.repeat(20)}`,
    { isRequired: true },
  ),
  text(
    'SESSION_SECRET',
    'Session Secret',
    'From the Identity Portal; shown once when the integration is made or its secret is rotated. 43 characters.',
    NO_SECRET,
    { isSecret: true, isRequired: true },
  ),
  text(
    'SESSION_SECRET_PREVIOUS',
    'Previous Session Secret',
    'Only while you rotate: the old Session Secret, so that logins under way still come back.',
    NO_SECRET,
    { isSecret: true },
  ),
  text(
    'CAPTURE_URL',
    'Address of the face check',
    'Where your Verified service runs, without a path, such as https://verify.example.com.',
    'https://verify.example.com',
    { isRequired: true },
  ),
  text(
    'MODE',
    'When to ask for a face',
    'At every browser login, or only when the application asks for it.',
    'always',
    {
      defaultValue: 'always',
      options: [
        { value: 'always', label: 'At every login' },
        { value: 'on-demand', label: 'When the application asks' },
      ],
    },
  ),
  text(
    'FRESHNESS_SECONDS',
    'A face check counts for (seconds)',
    'How long a face check of the same browser session is fresh enough, up to 2592000. 0 asks at every login.',
    '3600',
    { defaultValue: '0' },
  ),
  text(
    'CLAIM_NAMESPACE',
    'Namespace of the claims',
    'Prefix of the claims in the tokens: an http(s) address that ends in a slash.',
    'https://example.com/claims/',
    { defaultValue: 'https://authid.ai/claims/' },
  ),
  text(
    'ONLY_CLIENTS',
    'Only these applications',
    'Client IDs, separated by commas: only these applications ask for a face. Blank: all.',
    'aBcDeFgHiJkLmNoPqRsTuVwXyZ012345',
  ),
  text(
    'EXCEPT_CLIENTS',
    'Not these applications',
    'Client IDs, separated by commas: these applications never ask for a face.',
    'aBcDeFgHiJkLmNoPqRsTuVwXyZ012345',
  ),
  flag(
    'ALLOW_WITHOUT_BROWSER',
    'Let flows without a browser pass',
    'Password grant, token exchange and the like pass without the claim instead of being denied.',
  ),
  flag(
    'STRICT_REFRESH',
    'Refuse refresh tokens without a face check',
    'A refresh token whose login had no face check is refused.',
  ),
  flag('DEBUG', 'Log every run', 'One line per run in the Action log: support id, protocol and mode.'),
];

/** Values of settings by name. */
export type SettingValues = Readonly<Record<string, string>>;

/** The setting of that name, or undefined. */
export const findSetting = (name: string): ActionSetting | undefined =>
  ACTION_SETTINGS.find((setting) => setting.name === name);

/**
 * Asks the Action's own code whether it would accept these values, so that a mistake shows now and not at the next login.
 * @throws InstallerError `usage` naming the setting, never its value
 */
export const checkSettings = (values: SettingValues): void => {
  for (const name of Object.keys(values)) {
    if (findSetting(name) === undefined) throw new InstallerError('usage', `The Action has no setting ${name}.`);
  }
  const event: PostLoginEvent = {
    request: {},
    user: { user_id: 'nobody' },
    client: { client_id: 'none' },
    secrets: values,
  };
  try {
    readSettings(event);
  } catch (error) {
    if (error instanceof SettingsError) throw new InstallerError('usage', `${error.message}.`);
    throw error;
  }
};
