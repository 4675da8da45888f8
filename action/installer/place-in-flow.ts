import { InstallerError } from './installer-error.ts';
import { type FlowBinding, type TenantActions, TenantFault } from './tenant-actions.ts';

/** Auth0's limit on Actions in one trigger (Auth0 docs, "Actions limitations"). */
const MAX_FLOW_LENGTH = 20;
const MAX_TRIES = 5;

/**
 * Refuses before anything is changed if there is no room for one more Action.
 * @throws InstallerError `conflict`
 */
export const checkRoom = (flow: readonly FlowBinding[], actionId: string | null): void => {
  if (flow.length < MAX_FLOW_LENGTH || flow.some((binding) => binding.actionId === actionId)) return;
  throw new InstallerError(
    'conflict',
    `The post-login flow holds ${MAX_FLOW_LENGTH} Actions already, the most that Auth0 allows. Nothing was changed.`,
  );
};

/** Writes the flow and returns the tenant's refusal, or null. */
const append = async (
  tenant: TenantActions,
  before: readonly FlowBinding[],
  actionId: string,
  displayName: string,
): Promise<TenantFault | null> => {
  const others = before.map((binding) => ({ bindingId: binding.id, displayName: binding.displayName }));
  try {
    await tenant.replaceFlow([...others, { actionId, displayName }]);
    return null;
  } catch (error) {
    if (error instanceof TenantFault) return error;
    throw error;
  }
};

const idsOf = (flow: readonly FlowBinding[]): string => JSON.stringify(flow.map((binding) => binding.id));

/**
 * Puts the Action last in the post-login flow, unless it is already in the flow, wherever the admin put it. Auth0 can only
 * replace the whole list, without a condition: so the list is read right before it is written, each other entry is
 * sent back by its own id in the same order, and the flow is read again afterwards. Other Actions are never restored or
 * removed here.
 * @returns the flow afterwards
 * @throws InstallerError `conflict` if someone keeps changing the flow, or there is no room; `failed` if Auth0 refuses
 */
export const placeInFlow = async (
  tenant: TenantActions,
  actionId: string,
  displayName: string,
): Promise<readonly FlowBinding[]> => {
  let refusal: { readonly fault: TenantFault; readonly flow: string } | null = null;
  for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
    const before = await tenant.flow();
    if (before.some((binding) => binding.actionId === actionId)) return before;
    checkRoom(before, actionId);
    // Auth0 refuses if another Action was deleted in between, since its reference is then void: worth a retry. Any other refusal is final.
    if (refusal?.flow === idsOf(before)) {
      throw new InstallerError('failed', `Auth0 refused to change the post-login flow: ${refusal.fault.message}`);
    }
    const fault = await append(tenant, before, actionId, displayName);
    refusal = fault === null ? null : { fault, flow: idsOf(before) };
    const after = await tenant.flow();
    if (after.some((binding) => binding.actionId === actionId)) return after;
  }
  throw new InstallerError(
    'conflict',
    'The post-login flow changed each time while the Action was being added. It is deployed, but is not in the flow. Run the command again.',
  );
};
