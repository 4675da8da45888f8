import { DEFAULT_CLAIM_NAMESPACE } from '../../contract/protocol/claims.ts';
import type { SettingValues } from './action-settings.ts';
import { readInstalledCode } from './install-record.ts';
import { type FlowBinding, type TenantAction, type TenantActions, TenantFault } from './tenant-actions.ts';

const listOf = (settings: SettingValues, name: string): readonly string[] | null => {
  const entries = (settings[name] ?? '').split(',').map((entry) => entry.trim());
  return entries.every((entry) => entry === '') ? null : entries;
};

const selects = (settings: SettingValues, clientId: string): boolean =>
  (listOf(settings, 'ONLY_CLIENTS')?.includes(clientId) ?? true) &&
  listOf(settings, 'EXCEPT_CLIENTS')?.includes(clientId) !== true;

/** True unless the lists of applications show that no application is selected by both. */
const mayMeet = (a: SettingValues, b: SettingValues): boolean => {
  const named = listOf(a, 'ONLY_CLIENTS') ?? listOf(b, 'ONLY_CLIENTS');
  return named === null || named.some((clientId) => selects(a, clientId) && selects(b, clientId));
};

const namespaceOf = (settings: SettingValues): string => settings['CLAIM_NAMESPACE'] ?? DEFAULT_CLAIM_NAMESPACE;

/** The settings of an Action of Verified; null for any other Action, empty if unknown. */
const settingsOf = ({ code }: TenantAction): SettingValues | null => {
  const { version, record } = readInstalledCode(code);
  return version === null ? null : (record?.settings ?? {});
};

const actionOf = async (tenant: TenantActions, { actionId }: FlowBinding): Promise<TenantAction | null> => {
  try {
    return await tenant.get(actionId);
  } catch (error) {
    if (error instanceof TenantFault) return null;
    throw error;
  }
};

/**
 * A sentence for each other Action of Verified in the flow that may write claims of the same names for the same applications. The
 * metadata of applications is not known here.
 * @param actionId of the Action to compare, null if there is none yet
 * @param settings of that Action, without secrets
 */
export const sharedClaims = async (
  tenant: TenantActions,
  flow: readonly FlowBinding[],
  actionId: string | null,
  settings: SettingValues,
): Promise<readonly string[]> => {
  const sentences: string[] = [];
  for (const binding of flow.filter((entry) => entry.actionId !== actionId)) {
    const action = await actionOf(tenant, binding);
    const others = action === null ? null : settingsOf(action);
    if (others === null || namespaceOf(others) !== namespaceOf(settings) || !mayMeet(settings, others)) continue;
    sentences.push(
      `"${binding.displayName}" is also an Action of Verified and may write claims with the same names. Divide the applications between ` +
        'the two (ONLY_CLIENTS, EXCEPT_CLIENTS), or give one its own CLAIM_NAMESPACE; otherwise the later one has the last word.',
    );
  }
  return sentences;
};
