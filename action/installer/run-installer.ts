import { Auth0TenantActions } from './auth0-tenant-actions.ts';
import { bringAction, needsWriting, type Pause } from './bring-action.ts';
import { type Command, type CommandLine, HELP, readCommandLine } from './command-line.ts';
import {
  type DesiredAction,
  desireInstalled,
  desireRotated,
  desireRotationEnded,
  desireUpgraded,
  type SecretSource,
} from './desired-action.ts';
import { readInstalledCode } from './install-record.ts';
import { EXIT_CODES, type ExitReason, InstallerError } from './installer-error.ts';
import { type Login, logIn, type Scope } from './log-in.ts';
import { checkRoom, placeInFlow } from './place-in-flow.ts';
import { describeChanges, describePlace, type InstallStatus, statusOf } from './report.ts';
import { parseSecretLines, secretSource } from './secret-input.ts';
import { type FlowBinding, type TenantAction, type TenantActions, TenantFault } from './tenant-actions.ts';
import { readDomain, tenantFetch } from './tenant-domain.ts';

/** Everything that the installer reaches outside of itself. */
export interface InstallerPorts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof fetch;
  readonly pause: Pause;
  /** A line for standard output. */
  readonly print: (line: string) => void;
  /** A line for standard error. */
  readonly complain: (line: string) => void;
  readonly readStdin: () => Promise<string>;
  /** Asks without showing what is typed; null where nobody sits at a terminal. */
  readonly askSecret: ((question: string) => Promise<string>) | null;
  /** Asks for yes or no; null as above. */
  readonly askConsent: ((question: string) => Promise<boolean>) | null;
  /** The text of the Action that this checkout builds. */
  readonly buildCode: () => Promise<string>;
}

const SCOPES: Readonly<Record<Command, readonly Scope[]>> = {
  install: ['read:actions', 'create:actions', 'update:actions'],
  status: ['read:actions'],
  upgrade: ['read:actions', 'create:actions', 'update:actions'],
  rotate: ['read:actions', 'create:actions', 'update:actions'],
  uninstall: ['read:actions', 'delete:actions'],
};

/** One run: the command line, and what is known of the tenant. */
interface Run {
  readonly line: CommandLine;
  readonly ports: InstallerPorts;
  readonly secrets: SecretSource;
  readonly tenant: TenantActions;
  readonly domain: string;
  readonly found: TenantAction | null;
  readonly flow: readonly FlowBinding[];
}

const chooseLogin = async (line: CommandLine, ports: InstallerPorts, secrets: SecretSource): Promise<Login> => {
  const clientId = line.clientId ?? ports.environment['AUTH0_CLIENT_ID'];
  if (line.isDevice) {
    if (clientId === undefined) throw new InstallerError('usage', '--device needs --client-id. See --help.');
    return { kind: 'device', clientId };
  }
  const accessToken = secrets.given('AUTH0_ACCESS_TOKEN');
  if (accessToken !== undefined) return { kind: 'token', accessToken };
  if (clientId === undefined) {
    throw new InstallerError('usage', 'How to log in? Give --client-id, or AUTH0_ACCESS_TOKEN. See --help.');
  }
  return { kind: 'client', clientId, clientSecret: await secrets.require('AUTH0_CLIENT_SECRET') };
};

/** @throws InstallerError `conflict` if the Action of that name is somebody else's work */
const checkOurs = (found: TenantAction | null, name: string): void => {
  if (found === null || readInstalledCode(found.code).version !== null) return;
  throw new InstallerError(
    'conflict',
    `The tenant has another Action named "${name}" that is not Verified's. Nothing was changed. Choose another --name.`,
  );
};

const mustExist = (run: Run): TenantAction => {
  if (run.found !== null) return run.found;
  const { name } = run.line;
  throw new InstallerError('conflict', `There is no Action "${name}" in ${run.domain}. Run "install" first.`);
};

/** True if the change may go ahead. */
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
  if (!(await confirm(run, `Change ${domain} like this?`))) return 'done';
  if (found === null || needsWriting(found, desired))
    ports.print('Writing the Action, and waiting until Auth0 has built it …');
  const id = await bringAction(tenant, line.name, found, desired, ports.pause);
  ports.print('Deployed.');
  if (!isPlacing) return 'done';
  ports.print(
    `It stands at ${describePlace(await placeInFlow(tenant, id, line.name), id)}. Log in once with a test user now.`,
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
  if (status.problems.length === 0) print('  All is as it should be.');
};

const tellStatus = async ({ line, found, flow, ports, domain }: Run): Promise<ExitReason> => {
  const status = statusOf(line.name, found, flow, await ports.buildCode());
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
  ports.print(`    stays: ${others.join(', ') || 'no other Action is in the flow'}`);
  if (!(await confirm(run, `Delete it from ${domain}? Logins then ask for no face.`))) return 'done';
  try {
    // One call takes it out of the flow and deletes it: the list of the others is never written.
    await tenant.remove(found.id);
  } catch (error) {
    if (!(error instanceof TenantFault)) throw error;
    if (error.code !== 'not-found') throw new InstallerError('failed', `Auth0 refused: ${error.message}`);
  }
  ports.print('Deleted. Faces and records of the integration stay in Verified until you delete them there.');
  return 'done';
};

const begin = async (line: CommandLine, ports: InstallerPorts, secrets: SecretSource): Promise<Run> => {
  const domain = readDomain(line.domain ?? ports.environment['AUTH0_DOMAIN']);
  const reach = tenantFetch(ports.fetch);
  const login = await chooseLogin(line, ports, secrets);
  // Hints for the person belong on standard error: standard output may be read by a program.
  const loginPorts = { fetch: reach, pause: ports.pause, say: ports.complain };
  const scopes = line.isDryRun ? SCOPES.status : SCOPES[line.command];
  const accessToken = await logIn(loginPorts, domain, login, scopes);
  const tenant = new Auth0TenantActions({ domain, accessToken, fetch: reach });
  const found = await tenant.findByName(line.name);
  checkOurs(found, line.name);
  return { line, ports, secrets, tenant, domain, found, flow: await tenant.flow() };
};

const perform = async (line: CommandLine, ports: InstallerPorts, onSecret: (value: string) => void) => {
  const lines = line.readsSecretsFromStdin ? parseSecretLines(await ports.readStdin()) : null;
  const input = { environment: ports.environment, lines, ask: ports.askSecret };
  const run = await begin(line, ports, secretSource(input, onSecret));
  if (line.command === 'status') return tellStatus(run);
  return line.command === 'uninstall' ? uninstall(run) : bring(run);
};

/** Output that can never show a secret, whatever a message may contain by mistake. */
const hideSecrets = (secrets: ReadonlySet<string>, print: (line: string) => void) => (line: string) =>
  print([...secrets].reduce((text, secret) => text.replaceAll(secret, '(secret)'), line));

/**
 * Runs one command of the installer.
 * @param args what follows `verified` on the command line
 * @returns the process's exit code, see EXIT_CODES; never throws for anything that was foreseen
 */
export const runInstaller = async (args: readonly string[], realPorts: InstallerPorts): Promise<number> => {
  const secrets = new Set<string>();
  const ports: InstallerPorts = {
    ...realPorts,
    print: hideSecrets(secrets, realPorts.print),
    complain: hideSecrets(secrets, realPorts.complain),
  };
  try {
    const line = readCommandLine(args);
    if (line === null) {
      ports.print(HELP);
      return EXIT_CODES.done;
    }
    // Shorter ones would blot out ordinary words; none that Auth0 or Verified makes is that short.
    const onSecret = (value: string) => void (value.length >= 8 && secrets.add(value));
    return EXIT_CODES[await perform(line, ports, onSecret)];
  } catch (error) {
    if (error instanceof InstallerError) {
      ports.complain(error.message);
      return EXIT_CODES[error.reason];
    }
    // Not foreseen: the type alone, since a message may carry anything.
    ports.complain(
      `Unexpected ${error instanceof Error ? error.name : 'failure'}. Nothing more is known; run it again.`,
    );
    return EXIT_CODES.failed;
  }
};
