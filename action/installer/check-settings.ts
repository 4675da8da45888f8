import type { PostLoginEvent } from '../src/auth0-types.ts';
import { SettingsError } from '../src/read-setting.ts';
import { readSettings } from '../src/settings.ts';
import { findSetting, type SettingValues } from './action-settings.ts';
import { InstallerError } from './installer-error.ts';

/**
 * Runs the Action's own code on these values, so that a mistake shows now and not at the next login.
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
