import { bringAction, needsWriting } from './bring-action.ts';
import type { CommandLine } from './command-line.ts';
import {
  type DesiredAction,
  desireInstalled,
  desireRotated,
  desireRotationEnded,
  desireUpgraded,
  type SecretSource,
} from './desired-action.ts';
import { type ExitReason, InstallerError } from './installer-error.ts';
import type { InstallerPorts } from './installer-ports.ts';
import { checkRoom, placeInFlow } from './place-in-flow.ts';
import { describeChanges, describePlace, type InstallStatus, statusOf } from './report.ts';
import { sharedClaims } from './shared-claims.ts';
import { type FlowBinding, type TenantAction, type TenantActions, TenantFault } from './tenant-actions.ts';

/** One run: the command line, and the state of the tenant. */
export interface Run {
  readonly line: CommandLine;
  readonly ports: InstallerPorts;
  readonly secrets: SecretSource;
  readonly tenant: TenantActions;
  readonly domain: string;
  readonly found: TenantAction | null;
  readonly flow: readonly FlowBinding[];
}

const mustExist = (run: Run): TenantAction => {
  if (run.found !== null) return run.found;
  const { name } = run.line;
  throw new InstallerError('conflict', `There is no Action "${name}" in ${run.domain}. Run "install" first.`);
};

/** True if the change is confirmed. */
const confirm = async ({ line, ports }: Run, question: string): Promise<boolean> => {
  if (line.isDryRun) {
    ports.print('Nothing was changed (dry run).');
    return false;
  }
  if (line.isConfirmed || ports.askConsent === null || (await ports.askConsent(question))) return true;
  ports.print('Nothing was changed.');
  return false;
};

const desireOf = async (run: Run): Promise<DesiredAction> => {
  const { line, found, secrets, ports } = run;
  const code = await ports.buildCode();
  if (line.command === 'install') {
    return desireInstalled(found, { code, settings: line.settings, isForced: line.isForced }, secrets);
  }
  const action = mustExist(run);
  if (line.command === 'upgrade') return desireUpgraded(action, code);
  return line.isRotationEnd ? desireRotationEnded(action, code, secrets) : desireRotated(action, code, secrets);
};

const bring = async (run: Run): Promise<ExitReason> => {
  const { line, found, flow, tenant, ports, domain } = run;
  const isPlacing = line.command === 'install' && line.isPlaced;
  if (isPlacing) checkRoom(flow, found?.id ?? null);
  const desired = await desireOf(run);
  const isBound = found !== null && flow.some((binding) => binding.actionId === found.id);
  const changes = describeChanges(line.name, found, desired);
  const lines = [...changes, ...(isPlacing && !isBound ? [`+ ${describePlace(flow, null)}`] : [])];
  if (lines.length === 0) {
    ports.print(
      `Nothing to do: "${line.name}" is as it should be in ${domain}, ${describePlace(flow, found?.id ?? null)}.`,
    );
    return 'done';
  }
  for (const change of lines) ports.print(`  ${change}`);
  if (isPlacing) {
    const notes = await sharedClaims(tenant, flow, found?.id ?? null, desired.record?.settings ?? {});
    for (const note of notes) ports.print(`  note: ${note}`);
  }
  if (!(await confirm(run, `Change ${domain} like this?`))) return 'done';
  if (found === null || needsWriting(found, desired))
    ports.print('Writing the Action, and waiting until Auth0 has built it …');
  const id = await bringAction(tenant, line.name, found, desired, ports.pause);
  ports.print('Deployed.');
  if (!isPlacing) return 'done';
  ports.print(
    `Its place: ${describePlace(await placeInFlow(tenant, id, line.name), id)}. Log in once with a test user now.`,
  );
  return 'done';
};

const printStatus = (status: InstallStatus, domain: string, print: (line: string) => void): void => {
  print(`"${status.name}" in ${domain}`);
  if (status.isInstalled) {
    print(`  version   ${status.version ?? 'unknown'} (source ${status.sourceHash ?? 'unknown'})`);
    for (const [name, value] of Object.entries(status.settings)) print(`  setting   ${name} = ${value}`);
    for (const name of status.secretNames) print(`  secret    ${name} is set`);
  }
  status.flow.forEach((name, index) => {
    print(`  flow      ${index + 1}. ${name}${index + 1 === status.place ? '  ←' : ''}`);
  });
  for (const problem of status.problems) print(`  problem   ${problem}`);
  for (const hint of status.hints) print(`  note      ${hint}`);
  if (status.problems.length === 0) print('  Everything is as it should be.');
};

const tellStatus = async ({ line, found, flow, tenant, ports, domain }: Run): Promise<ExitReason> => {
  const judged = statusOf(line.name, found, flow, await ports.buildCode());
  const shared = found === null ? [] : await sharedClaims(tenant, flow, found.id, judged.settings);
  const status = { ...judged, hints: [...judged.hints, ...shared] };
  if (line.asJson) ports.print(JSON.stringify({ domain, ...status }, null, 2));
  else printStatus(status, domain, ports.print);
  return status.problems.length === 0 ? 'done' : 'unhealthy';
};

const uninstall = async (run: Run): Promise<ExitReason> => {
  const { line, found, flow, tenant, ports, domain } = run;
  if (found === null) {
    ports.print(`Nothing to do: there is no Action "${line.name}" in ${domain}.`);
    return 'done';
  }
  const others = flow.filter((binding) => binding.actionId !== found.id).map((binding) => `"${binding.displayName}"`);
  ports.print(
    `  - Action "${line.name}"${others.length < flow.length ? ', and its place in the post-login flow' : ''}`,
  );
  ports.print(`    not changed: ${others.join(', ') || 'no other Action is in the flow'}`);
  if (!(await confirm(run, `Delete it from ${domain}? Logins will then not ask for a face.`))) return 'done';
  try {
    // One call removes it from the flow and deletes it, so the list of the other Actions is never written.
    await tenant.remove(found.id);
  } catch (error) {
    if (!(error instanceof TenantFault)) throw error;
    if (error.code !== 'not-found') throw new InstallerError('failed', `Auth0 refused: ${error.message}`);
  }
  ports.print('Deleted. Faces and records of the integration stay in Verified until you delete them there.');
  return 'done';
};

/**
 * Carries out the command of a run, after the state of the tenant has been read.
 * @throws InstallerError with the reason why it ended
 */
export const carryOut = (run: Run): Promise<ExitReason> => {
  if (run.line.command === 'status') return tellStatus(run);
  return run.line.command === 'uninstall' ? uninstall(run) : bring(run);
};
