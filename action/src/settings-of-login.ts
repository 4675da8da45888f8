import type { PostLoginEvent } from './auth0-types.ts';
import { readChoice, readSeconds } from './read-setting.ts';
import type { Selection, Settings } from './settings.ts';

/**
 * Entries of an application's metadata (`client.metadata`), which take precedence over the tenant's settings. Each may end in `_` and an
 * Integration Id: such an entry applies only to that integration and takes precedence over the plain one.
 */
export const APP_METADATA = {
  /** `off`, `always` or `on-demand`. */
  mode: 'verified_mode',
  freshness: 'verified_freshness_seconds',
  stepUpFreshness: 'verified_step_up_freshness_seconds',
} as const;

const MODES = ['off', 'always', 'on-demand'] as const;

/** True if none of the names is excepted and, if there is a list, one of them is on it. */
const isSelected = ({ only, except }: Selection, names: readonly unknown[]): boolean => {
  const isOn = (list: readonly string[]): boolean => names.some((name) => list.some((listed) => listed === name));
  return !isOn(except) && (only === null || isOn(only));
};

/** The settings as they apply to one login. */
export interface LoginSettings extends Settings {
  /** False if the lists of organizations and roles exclude this user. */
  readonly isPersonSelected: boolean;
}

const entryOfApp = ({ client }: PostLoginEvent, { integrationId }: Settings, name: string): unknown =>
  client.metadata?.[`${name}_${integrationId}`] ?? client.metadata?.[name] ?? null;

const modeOfApp = (event: PostLoginEvent, settings: Settings): Settings['mode'] => {
  const { client } = event;
  const own = entryOfApp(event, settings, APP_METADATA.mode);
  // Refused unless spelled exactly: "no" or "false" would be ambiguous.
  if (own !== null) return readChoice(`${APP_METADATA.mode} of the application`, own, MODES);
  return isSelected(settings.clients, [client.client_id]) ? settings.mode : 'off';
};

const isPersonSelected = ({ organization, authorization }: PostLoginEvent, settings: Settings): boolean =>
  isSelected(settings.organizations, [organization?.id, organization?.name]) &&
  isSelected(settings.roles, authorization?.roles ?? []);

/**
 * The settings as they apply to this login. The application's own metadata takes precedence, then the lists of applications. Lists of
 * organizations and roles turn `always` into `on-demand` for everyone they exclude: an application that requests the
 * face check always gets one.
 * @throws SettingsError if the metadata is malformed
 */
export const settingsOfLogin = (settings: Settings, event: PostLoginEvent): LoginSettings => {
  const ofApp = modeOfApp(event, settings);
  const isSelectedHere = isPersonSelected(event, settings);
  const seconds = (name: string, otherwise: number): number => {
    const own = entryOfApp(event, settings, name);
    return own === null ? otherwise : readSeconds(`${name} of the application`, own);
  };
  return {
    ...settings,
    mode: ofApp === 'always' && !isSelectedHere ? 'on-demand' : ofApp,
    isPersonSelected: isSelectedHere,
    freshnessSeconds: seconds(APP_METADATA.freshness, settings.freshnessSeconds),
    stepUpFreshnessSeconds: seconds(APP_METADATA.stepUpFreshness, settings.stepUpFreshnessSeconds),
  };
};
