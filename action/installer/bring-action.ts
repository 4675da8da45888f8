import { type DesiredAction, isActionRuntime } from './desired-action.ts';
import { isSameCode } from './install-record.ts';
import { InstallerError } from './installer-error.ts';
import { type TenantAction, type TenantActions, TenantFault } from './tenant-actions.ts';

/** Waits; a port, so that tests need not wait. */
export type Pause = (durationMs: number) => Promise<void>;

const POLL_EVERY_MS = 1000;
/** A minute. Auth0 builds an Action without npm dependencies in a few seconds. */
const MAX_POLLS = 60;

/** True if the draft differs from the desired Action. */
export const needsWriting = (found: TenantAction, { draft }: DesiredAction): boolean =>
  draft.secrets !== null || !isSameCode(found.code, draft.code) || !isActionRuntime(found.runtime);

const isFault = (error: unknown, ...codes: readonly TenantFault['code'][]): error is TenantFault =>
  error instanceof TenantFault && codes.includes(error.code);

const gone = (): InstallerError =>
  new InstallerError('conflict', 'Someone deleted the Action in the meantime. Run the command again to start over.');

const refused = (what: string, fault: TenantFault): InstallerError =>
  new InstallerError('failed', `Auth0 refused ${what}: ${fault.message}`);

const write = async (
  tenant: TenantActions,
  name: string,
  found: TenantAction | null,
  desired: DesiredAction,
): Promise<string> => {
  try {
    if (found !== null) {
      if (needsWriting(found, desired)) await tenant.update(found.id, desired.draft);
      return found.id;
    }
    return (await tenant.create(name, desired.draft)).id;
  } catch (error) {
    // The request was repeated after its answer was lost, or a second installer runs: the Action exists now.
    if (found === null && isFault(error, 'exists')) {
      const other = await tenant.findByName(name);
      if (other !== null && isSameCode(other.code, desired.draft.code)) return other.id;
      throw new InstallerError(
        'conflict',
        `An Action named "${name}" appeared in the meantime, or belongs to another trigger. Run the command again, or choose another --name.`,
      );
    }
    if (isFault(error, 'not-found')) throw gone();
    if (error instanceof TenantFault) throw refused('the Action', error);
    throw error;
  }
};

const get = async (tenant: TenantActions, id: string): Promise<TenantAction> => {
  try {
    return await tenant.get(id);
  } catch (error) {
    if (isFault(error, 'not-found')) throw gone();
    throw error;
  }
};

/** Deploys if the draft is built; does nothing while Auth0 still builds it. */
const deployIfReady = async (tenant: TenantActions, action: TenantAction): Promise<void> => {
  if (action.buildStatus === 'failed') {
    throw new InstallerError('failed', 'Auth0 could not build the Action; its page in the dashboard says why.');
  }
  if (action.buildStatus !== 'built') return;
  try {
    await tenant.deploy(action.id);
  } catch (error) {
    if (isFault(error, 'not-built')) return;
    if (isFault(error, 'not-found')) throw gone();
    if (error instanceof TenantFault) throw refused('to deploy the Action', error);
    throw error;
  }
};

/**
 * Creates or updates the tenant's Action and deploys it: from then on, logins run the new code if the Action is in the
 * flow. A failure on the way leaves a draft that no login runs, which the next run completes.
 * @returns the Action's id
 * @throws InstallerError `failed` if Auth0 refuses or takes longer than a minute, `conflict` if someone else changed it
 */
export const bringAction = async (
  tenant: TenantActions,
  name: string,
  found: TenantAction | null,
  desired: DesiredAction,
  pause: Pause,
): Promise<string> => {
  if (found?.isDraftDeployed && !needsWriting(found, desired)) return found.id;
  const id = await write(tenant, name, found, desired);
  for (let poll = 0; poll < MAX_POLLS; poll += 1) {
    const action = await get(tenant, id);
    if (!isSameCode(action.code, desired.draft.code)) {
      throw new InstallerError(
        'conflict',
        'Someone else changed the Action in the meantime. Look at it, then run this again.',
      );
    }
    await deployIfReady(tenant, action);
    const now = await get(tenant, id);
    if (now.isDraftDeployed && isSameCode(now.code, desired.draft.code)) return id;
    await pause(POLL_EVERY_MS);
  }
  throw new InstallerError(
    'failed',
    'Auth0 did not finish building the Action within a minute. Run the command again.',
  );
};
