import { findSetting } from './action-settings.ts';
import { ACTION_RUNTIME, type DesiredAction, isActionRuntime } from './desired-action.ts';
import { isSameCode, readInstalledCode } from './install-record.ts';
import type { FlowBinding, TenantAction } from './tenant-actions.ts';

const versionText = (code: string): string => {
  const { version, sourceHash, isIntact } = readInstalledCode(code);
  if (version === null) return 'code of unknown origin';
  return `${version} (source ${sourceHash})${isIntact ? '' : ', changed by hand'}`;
};

const settingChanges = (
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] => {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const [old, next] = [before[name], after[name]];
    if (old === next) return [];
    if (old === undefined) return [`+ ${name} = ${next}`];
    return [next === undefined ? `- ${name} (was ${old})` : `~ ${name}: ${old} → ${next}`];
  });
};

/** Fingerprints are compared, never shown. */
const secretChanges = (
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((name) => {
    if (before[name] === after[name]) return [];
    if (before[name] === undefined) return [`+ ${name} = (secret)`];
    return [after[name] === undefined ? `- ${name}` : `~ ${name}: another value`];
  });

const recordChanges = (found: TenantAction, desired: DesiredAction): readonly string[] => {
  if (desired.record === null) return [];
  const installed = readInstalledCode(found.code).record ?? { settings: {}, secrets: {} };
  return [
    ...settingChanges(installed.settings, desired.record.settings),
    ...secretChanges(installed.secrets, desired.record.secrets),
  ];
};

/** Secrets added by hand are lost when the list is written: Auth0 replaces it as a whole and never returns values. */
const strayChanges = (found: TenantAction, { draft }: DesiredAction): readonly string[] => {
  const { secrets } = draft;
  if (secrets === null) return [];
  return found.secretNames
    .filter((name) => secrets[name] === undefined)
    .filter((name) => readInstalledCode(found.code).record?.secrets[name] === undefined)
    .filter((name) => readInstalledCode(found.code).record?.settings[name] === undefined)
    .map((name) => `- ${name} (added by hand, not a setting of this Action)`);
};

/** The changes that a run would make to the Action, one line each; empty if there are none. Names of secrets, never their values. */
export const describeChanges = (
  name: string,
  found: TenantAction | null,
  desired: DesiredAction,
): readonly string[] => {
  const { draft, record } = desired;
  if (found === null) {
    const settings = [...settingChanges({}, record?.settings ?? {}), ...secretChanges({}, record?.secrets ?? {})];
    return [`+ Action "${name}", ${versionText(draft.code)}, ${draft.runtime}`, ...settings];
  }
  const [before, after] = [versionText(found.code), versionText(draft.code)];
  const lines = [
    ...(before === after ? [] : [`~ code: ${before} → ${after}`]),
    ...(isActionRuntime(found.runtime) ? [] : [`~ runtime: ${found.runtime} → ${draft.runtime}`]),
    ...recordChanges(found, desired),
    ...strayChanges(found, desired),
  ];
  const isWritten = draft.secrets !== null || !isSameCode(found.code, draft.code);
  if (lines.length === 0 && isWritten) lines.push('~ code and settings are written again');
  if (lines.length === 0 && !found.isDraftDeployed) lines.push('~ the draft is deployed');
  return lines;
};

/** The current or future place of the Action, as one line. */
export const describePlace = (flow: readonly FlowBinding[], actionId: string | null): string => {
  const at = flow.findIndex((binding) => binding.actionId === actionId);
  if (at >= 0) return `place ${at + 1} of ${flow.length} in the post-login flow`;
  const others = flow.map((binding) => `"${binding.displayName}"`).join(', ');
  return flow.length === 0 ? 'alone in the post-login flow' : `last in the post-login flow, after ${others}`;
};

/** The state of an installation. */
export interface InstallStatus {
  readonly name: string;
  readonly isInstalled: boolean;
  readonly version: string | null;
  readonly sourceHash: string | null;
  /** True if the tenant runs the code of this checkout. */
  readonly isUpToDate: boolean;
  readonly settings: Readonly<Record<string, string>>;
  readonly secretNames: readonly string[];
  readonly isRotating: boolean;
  /** Names in the order of execution. */
  readonly flow: readonly string[];
  /** 1 for the first; null if it is not in the flow. */
  readonly place: number | null;
  /** Whole sentences; empty if all is well. */
  readonly problems: readonly string[];
  readonly hints: readonly string[];
}

const problemsOf = (found: TenantAction, place: number | null): readonly string[] => {
  const installed = readInstalledCode(found.code);
  const missing = Object.keys({ ...installed.record?.settings, ...installed.record?.secrets }).filter(
    (name) => !found.secretNames.includes(name),
  );
  return [
    ...(place === null ? ['The Action is not in the post-login flow: no login asks for a face.'] : []),
    ...(found.isDraftDeployed ? [] : ['The Action has changes that are not deployed.']),
    ...(found.buildStatus === 'failed' ? ['Auth0 could not build the Action.'] : []),
    ...(installed.isIntact ? [] : ['The code of the Action was changed by hand.']),
    ...(isActionRuntime(found.runtime) ? [] : [`The Action runs on ${found.runtime}, not ${ACTION_RUNTIME}.`]),
    ...missing.map((name) => `The setting ${name} was deleted by hand.`),
  ];
};

const hintsOf = (found: TenantAction, place: number | null, length: number, isUpToDate: boolean): readonly string[] => {
  const { record } = readInstalledCode(found.code);
  const former = Object.keys(record?.settings ?? {}).filter((name) => findSetting(name)?.formerName === name);
  return [
    ...former.map(
      (name) => `${name} is called ${findSetting(name)?.name} now; the next change of settings writes it so.`,
    ),
    ...(isUpToDate ? [] : ['This checkout has another version; "upgrade" installs it.']),
    ...(place === null || place === length ? [] : ['It is not last: an Action after it could overwrite its claims.']),
    ...(record === null ? ['It was not installed by this program, so its settings are not known.'] : []),
    ...(record?.secrets['SESSION_SECRET_PREVIOUS'] === undefined
      ? []
      : ['A rotation is in progress; end it with "rotate --finish".']),
  ];
};

/** Compares the tenant's Action with the code of this checkout. */
export const statusOf = (
  name: string,
  found: TenantAction | null,
  flow: readonly FlowBinding[],
  builtCode: string,
): InstallStatus => {
  const installed = found === null ? null : readInstalledCode(found.code);
  const at = found === null ? -1 : flow.findIndex((binding) => binding.actionId === found.id);
  const place = at < 0 ? null : at + 1;
  const isUpToDate = installed?.sourceHash != null && installed.sourceHash === readInstalledCode(builtCode).sourceHash;
  return {
    name,
    isInstalled: found !== null,
    version: installed?.version ?? null,
    sourceHash: installed?.sourceHash ?? null,
    isUpToDate,
    settings: installed?.record?.settings ?? {},
    secretNames: Object.keys(installed?.record?.secrets ?? {}),
    isRotating: installed?.record?.secrets['SESSION_SECRET_PREVIOUS'] !== undefined,
    flow: flow.map((binding) => binding.displayName),
    place,
    problems: found === null ? [`There is no Action "${name}" in this tenant.`] : problemsOf(found, place),
    hints: found === null ? [] : hintsOf(found, place, flow.length, isUpToDate),
  };
};
