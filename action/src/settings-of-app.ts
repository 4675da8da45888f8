import type { PostLoginEvent } from './auth0-types.ts';
import { type Settings, SettingsError } from './settings.ts';

/** Entry of an application's metadata that says when this application asks for a face: `off`, `always` or `on-demand`. */
export const MODE_METADATA = 'verified_mode';

const readMode = (value: unknown): Settings['mode'] | null => {
  if (value === undefined || value === null) return null;
  if (value === 'off' || value === 'always' || value === 'on-demand') return value;
  // Refused rather than guessed: "no" or "false" could be meant either way.
  throw new SettingsError(`${MODE_METADATA} of the application`);
};

const isListed = ({ client_id }: PostLoginEvent['client'], settings: Settings): boolean =>
  (settings.onlyClients === null || settings.onlyClients.includes(client_id)) &&
  !settings.exceptClients.includes(client_id);

/**
 * The settings as they hold for the application of this login: its own metadata first, then the lists of applications, then
 * what holds for all.
 * @throws SettingsError if the metadata is malformed
 */
export const settingsOfApp = (settings: Settings, { client }: PostLoginEvent): Settings => {
  const own = readMode(client.metadata?.[MODE_METADATA]);
  return { ...settings, mode: own ?? (isListed(client, settings) ? settings.mode : 'off') };
};
