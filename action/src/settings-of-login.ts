import type { PostLoginEvent } from './auth0-types.ts';
import { readChoice, readSeconds } from './read-setting.ts';
import type { Selection, Settings } from './settings.ts';

/** Entries of an application's metadata (`client.metadata`), which come before what holds for the tenant. */
export const APP_METADATA = {
  /** `off`, `always` or `on-demand`. */
  mode: 'verified_mode',
  freshness: 'verified_freshness_seconds',
  stepUpFreshness: 'verified_step_up_freshness_seconds',
} as const;

const MODES = ['off', 'always', 'on-demand'] as const;

/** True if none of the names is excepted and, where there is a list, one of them is on it. */
const isSelected = ({ only, except }: Selection, names: readonly unknown[]): boolean => {
  const isOn = (list: readonly string[]): boolean => names.some((name) => list.some((listed) => listed === name));
  return !isOn(except) && (only === null || isOn(only));
};

const modeOfApp = ({ client }: PostLoginEvent, settings: Settings): Settings['mode'] => {
  const own = client.metadata?.[APP_METADATA.mode];
  // Refused unless spelled exactly: "no" or "false" could be meant either way.
  if (own !== undefined && own !== null) return readChoice(`${APP_METADATA.mode} of the application`, own, MODES);
  return isSelected(settings.clients, [client.client_id]) ? settings.mode : 'off';
};

const isPersonSelected = ({ organization, authorization }: PostLoginEvent, settings: Settings): boolean =>
  isSelected(settings.organizations, [organization?.id, organization?.name]) &&
  isSelected(settings.roles, authorization?.roles ?? []);

/**
 * The settings as they hold for this login. The application's own metadata comes first, then the lists of applications. Lists of
 * organisations and roles turn `always` into `on-demand` for everybody whom they leave out: an application that asks for the
 * face is never left without an answer.
 * @throws SettingsError if the metadata is malformed
 */
export const settingsOfLogin = (settings: Settings, event: PostLoginEvent): Settings => {
  const ofApp = modeOfApp(event, settings);
  const mode = ofApp === 'always' && !isPersonSelected(event, settings) ? 'on-demand' : ofApp;
  const seconds = (name: string, otherwise: number): number => {
    const own = event.client.metadata?.[name];
    return own === undefined || own === null ? otherwise : readSeconds(`${name} of the application`, own);
  };
  return {
    ...settings,
    mode,
    freshnessSeconds: seconds(APP_METADATA.freshness, settings.freshnessSeconds),
    stepUpFreshnessSeconds: seconds(APP_METADATA.stepUpFreshness, settings.stepUpFreshnessSeconds),
  };
};
