import { findSetting, type SettingValues, withCurrentNames } from './action-settings.ts';
import { checkSettings } from './check-settings.ts';
import { type InstallRecord, readInstalledCode, recordOf, secretFingerprint, withRecord } from './install-record.ts';
import { InstallerError } from './installer-error.ts';
import type { ActionDraft, TenantAction } from './tenant-actions.ts';

/** The runtime that the Action is built for. */
export const ACTION_RUNTIME = 'node22';

/** True if a tenant's runtime is that one; for `node18` Auth0 has returned names such as `node18-actions`. */
export const isActionRuntime = (runtime: string): boolean =>
  runtime === ACTION_RUNTIME || runtime.startsWith(`${ACTION_RUNTIME}-`);

const CURRENT = 'SESSION_SECRET';
const PREVIOUS = 'SESSION_SECRET_PREVIOUS';

/** Where secrets come from: environment, standard input or a question at the terminal. Never the command line. */
export interface SecretSource {
  /** The value if it was given already. */
  given(name: string): string | undefined;
  /** @throws InstallerError `usage` saying where the value can be given */
  require(name: string): Promise<string>;
}

/** The desired state of the tenant's Action. */
export interface DesiredAction {
  readonly draft: ActionDraft;
  /** Non-secret settings after the change, for the report; null if unknown. */
  readonly record: InstallRecord | null;
}

/** What the admin requests on the command line. */
export interface InstallRequest {
  /** The built Action. */
  readonly code: string;
  /** Settings to change, without secrets; an empty string removes a setting. */
  readonly settings: SettingValues;
  /** Write code and all settings even if nothing seems to have changed. */
  readonly isForced: boolean;
}

const refuseSecrets = (settings: SettingValues): void => {
  const secret = Object.keys(settings).find((name) => findSetting(name)?.isSecret === true);
  if (secret !== undefined) {
    throw new InstallerError('usage', `${secret} is a secret and never belongs on the command line; see --help.`);
  }
};

const mergeSettings = (installed: SettingValues, given: SettingValues): SettingValues =>
  Object.fromEntries(
    Object.entries({ ...withCurrentNames(installed), ...withCurrentNames(given) }).filter(([, value]) => value !== ''),
  );

const sameTexts = (a: SettingValues, b: SettingValues): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([name, value]) => b[name] === value);

/** True if the tenant already has these settings, as far as that is visible from outside. */
const isUnchanged = (found: TenantAction, installed: InstallRecord, settings: SettingValues, secrets: SettingValues) =>
  // Under a former name it is the same setting: no secret is requested only to rename it.
  sameTexts(withCurrentNames(installed.settings), settings) &&
  Object.entries(secrets).every(
    ([name, value]) => installed.secrets[name] === secretFingerprint(settings['INTEGRATION_ID'] ?? '', value),
  ) &&
  [...Object.keys(installed.settings), ...Object.keys(installed.secrets)].every((name) =>
    found.secretNames.includes(name),
  );

const givenSecrets = (source: SecretSource): SettingValues =>
  Object.fromEntries(
    [CURRENT, PREVIOUS].flatMap((name) => {
      const value = source.given(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );

const desire = (code: string, wanted: SettingValues): DesiredAction => {
  const values = withCurrentNames(wanted);
  checkSettings(values);
  const record = recordOf(values);
  return { draft: { code: withRecord(code, record), runtime: ACTION_RUNTIME, secrets: values }, record };
};

/**
 * The desired Action of `install`: the last installation with the settings given now. Asks for secrets only if
 * Auth0 needs them again, since it replaces the list of secrets as a whole.
 * @param found the Action in the tenant, null if there is none
 * @throws InstallerError `usage` if a value is missing or would make the Action refuse every login
 */
export const desireInstalled = async (
  found: TenantAction | null,
  request: InstallRequest,
  source: SecretSource,
): Promise<DesiredAction> => {
  refuseSecrets(request.settings);
  const installed = found === null ? null : readInstalledCode(found.code).record;
  const settings = mergeSettings(installed?.settings ?? {}, request.settings);
  const given = givenSecrets(source);
  if (found !== null && installed !== null && !request.isForced && isUnchanged(found, installed, settings, given)) {
    const draft = { code: withRecord(request.code, installed), runtime: ACTION_RUNTIME, secrets: null };
    return { draft, record: installed };
  }
  for (const name of ['INTEGRATION_ID', 'CAPTURE_URL']) {
    if (settings[name] === undefined) {
      const option = name === 'INTEGRATION_ID' ? '--integration' : '--capture-url';
      throw new InstallerError('usage', `${option} is needed for the first installation.`);
    }
  }
  // Checked before asking for a secret, so that a typing error elsewhere shows before the admin pastes one.
  checkSettings({ ...settings, [CURRENT]: findSetting(CURRENT)?.example ?? '' });
  const secrets: Record<string, string> = { [CURRENT]: await source.require(CURRENT) };
  if (given[PREVIOUS] !== undefined || installed?.secrets[PREVIOUS] !== undefined) {
    secrets[PREVIOUS] = await source.require(PREVIOUS);
  }
  return desire(request.code, { ...settings, ...secrets });
};

/** The desired Action of `upgrade`: new code, everything else unchanged. Needs no secret. */
export const desireUpgraded = (found: TenantAction, code: string): DesiredAction => {
  const { record } = readInstalledCode(found.code);
  const newCode = record === null ? code : withRecord(code, record);
  return { draft: { code: newCode, runtime: ACTION_RUNTIME, secrets: null }, record };
};

const recordNeeded = (found: TenantAction): InstallRecord => {
  const { record } = readInstalledCode(found.code);
  if (record !== null) return record;
  throw new InstallerError(
    'conflict',
    'This Action was not installed by this program, so its settings are not known. Run "install" once, then rotate.',
  );
};

const NOT_INSTALLED = 'is not the Session Secret that is installed. Nothing was changed.';

/**
 * The Action in the middle of a rotation: the new Session Secret signs, and answers under the old one are still accepted.
 * @throws InstallerError `usage` if the secret given as the old one is not the installed one
 */
export const desireRotated = async (
  found: TenantAction,
  code: string,
  source: SecretSource,
): Promise<DesiredAction> => {
  const record = recordNeeded(found);
  const id = record.settings['INTEGRATION_ID'] ?? '';
  const current = await source.require(CURRENT);
  const previous = await source.require(PREVIOUS);
  const [currentPrint, previousPrint] = [secretFingerprint(id, current), secretFingerprint(id, previous)];
  if (currentPrint === previousPrint) {
    throw new InstallerError('usage', 'The new and the old Session Secret are the same. Nothing was changed.');
  }
  const isDone = record.secrets[CURRENT] === currentPrint && record.secrets[PREVIOUS] === previousPrint;
  if (!isDone && record.secrets[CURRENT] !== previousPrint) {
    throw new InstallerError('usage', `What was given as the old secret ${NOT_INSTALLED}`);
  }
  if (isDone) return desireUpgraded(found, code);
  return desire(code, { ...record.settings, [CURRENT]: current, [PREVIOUS]: previous });
};

/**
 * The Action after a rotation: the old Session Secret is removed.
 * @throws InstallerError `usage` if the secret given is not the installed one
 */
export const desireRotationEnded = async (
  found: TenantAction,
  code: string,
  source: SecretSource,
): Promise<DesiredAction> => {
  const record = recordNeeded(found);
  if (record.secrets[PREVIOUS] === undefined) return desireUpgraded(found, code);
  const current = await source.require(CURRENT);
  if (secretFingerprint(record.settings['INTEGRATION_ID'] ?? '', current) !== record.secrets[CURRENT]) {
    throw new InstallerError('usage', `What was given ${NOT_INSTALLED}`);
  }
  return desire(code, { ...record.settings, [CURRENT]: current });
};
