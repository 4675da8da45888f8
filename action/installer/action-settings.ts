import { ENROLL_AT_LOGIN } from '../src/settings.ts';
import { InstallerError } from './installer-error.ts';

/** One setting of the Action, described for forms and files. The Action itself decides what a value means. */
export interface ActionSetting {
  readonly name: string;
  /** Its former name, which the Action still reads; null if there is none. */
  readonly formerName: string | null;
  readonly label: string;
  /** One or two sentences for the admin who fills in a form. */
  readonly description: string;
  /** True: never shown, stored or logged. */
  readonly isSecret: boolean;
  readonly isRequired: boolean;
  /** The value that an absent setting is equivalent to; null if there is none. */
  readonly defaultValue: string | null;
  /** The closed list of values, if there is one. */
  readonly options: readonly { readonly value: string; readonly label: string }[] | null;
  /** A well-formed value; for secrets one that is valid nowhere. */
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
  formerName: null,
  label,
  description,
  isSecret: false,
  isRequired: false,
  defaultValue: null,
  options: null,
  example,
  ...more,
});

const flag = (
  name: string,
  label: string,
  description: string,
  isOn = false,
  formerName: string | null = null,
): ActionSetting =>
  text(name, label, description, String(!isOn), { defaultValue: String(isOn), options: FLAG, formerName });

/** 43 characters that decode to 32 zero bytes. */
const NO_SECRET = 'A'.repeat(43);

/**
 * Every setting that the Action reads, in the order of its README. A test compares this list with the names that the Action
 * really reads, and the defaults with its behavior without them.
 */
export const ACTION_SETTINGS: readonly ActionSetting[] = [
  text(
    'INTEGRATION_ID',
    'Integration Id',
    'From the integration’s page in the Identity Portal. Begins with int_.',
    `int_${'a'.repeat(20)}`,
    { isRequired: true },
  ),
  text(
    'SESSION_SECRET',
    'Session Secret',
    'From the Identity Portal; shown once, when the integration is created or its secret is rotated. 43 characters.',
    NO_SECRET,
    { isSecret: true, isRequired: true },
  ),
  text(
    'SESSION_SECRET_PREVIOUS',
    'Previous Session Secret',
    'Only during a rotation: the old Session Secret, so that logins in progress can still complete.',
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
    'A face check is valid for (seconds)',
    'How long a face check in the same browser session is fresh enough, up to 2592000. 0 asks at every login.',
    '3600',
    { defaultValue: '0' },
  ),
  text(
    'STEP_UP_FRESHNESS_SECONDS',
    'A face check is valid for a step-up (seconds)',
    'The same for applications that ask for the face themselves, up to 2592000. 0 requires a new check each time.',
    '300',
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
    'Client IDs, separated by commas: only logins to these applications ask for a face. Blank: all.',
    'aBcDeFgHiJkLmNoPqRsTuVwXyZ012345',
  ),
  text(
    'EXCEPT_CLIENTS',
    'Not these applications',
    'Client IDs, separated by commas: logins to these applications never ask for a face.',
    'aBcDeFgHiJkLmNoPqRsTuVwXyZ012345',
  ),
  text(
    'ONLY_ORGANIZATIONS',
    'Only these organizations',
    'IDs or names, separated by commas: only logins to these always ask for a face, others when the application asks.',
    'org_aBcDeFgHiJkLmNoP',
  ),
  text(
    'EXCEPT_ORGANIZATIONS',
    'Not these organizations',
    'IDs or names, separated by commas: logins to these ask for a face only when the application asks.',
    'org_aBcDeFgHiJkLmNoP',
  ),
  text(
    'ONLY_ROLES',
    'Only these roles',
    'Names, separated by commas: only users with one of them are asked at every login, others when the application asks.',
    'Teller, Administrator',
  ),
  text(
    'EXCEPT_ROLES',
    'Not these roles',
    'Names, separated by commas: users with one of them are asked only when the application asks.',
    'Kiosk',
  ),
  flag(
    ENROLL_AT_LOGIN.name,
    'Enroll users at login',
    'No: users who never had a face check pass without one, until an application asks for it for the first time.',
    true,
    ENROLL_AT_LOGIN.formerName,
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
  flag(
    'SKIP_TENANT_MFA',
    'No other second factor after a face check',
    "A login with a face check does not ask for the tenant's own multi-factor authentication as well.",
  ),
  flag(
    'ALLOW_BYPASS',
    'Allow an emergency bypass',
    'An admin can let one user in without a face, by verified_bypass_until in the user’s app_metadata: epoch seconds, at most 7 days ahead.',
  ),
  flag('DEBUG', 'Log every run', 'One line per run in the Action log: support id, protocol, mode and decision.'),
];

/** Values of settings by name. */
export type SettingValues = Readonly<Record<string, string>>;

/** The setting with that current or former name, or undefined. */
export const findSetting = (name: string): ActionSetting | undefined =>
  ACTION_SETTINGS.find((setting) => setting.name === name || setting.formerName === name);

/**
 * The values under their current names.
 * @throws InstallerError `usage` if one setting has two values, by both of its names
 */
export const withCurrentNames = (values: SettingValues): SettingValues => {
  const renamed: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    const current = findSetting(name)?.name ?? name;
    const other = values[current];
    // Removing the former name while the current one is set is no contradiction.
    if (name !== current && value === '' && other !== undefined) continue;
    if (other !== undefined && other !== value) {
      throw new InstallerError('usage', `${name} is the former name of ${current}, and the two have different values.`);
    }
    renamed[current] = value;
  }
  return renamed;
};
