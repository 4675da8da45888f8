import { Auth0TenantActions } from './auth0-tenant-actions.ts';
import { carryOut, type Run } from './carry-out.ts';
import { type Command, type CommandLine, HELP, readCommandLine } from './command-line.ts';
import type { SecretSource } from './desired-action.ts';
import { readInstalledCode } from './install-record.ts';
import { EXIT_CODES, InstallerError } from './installer-error.ts';
import type { InstallerPorts } from './installer-ports.ts';
import { type Login, logIn, type Scope } from './log-in.ts';
import { parseSecretLines, secretSource } from './secret-input.ts';
import type { TenantAction } from './tenant-actions.ts';
import { readDomain, tenantFetch } from './tenant-domain.ts';

const SCOPES: Readonly<Record<Command, readonly Scope[]>> = {
  install: ['read:actions', 'create:actions', 'update:actions'],
  status: ['read:actions'],
  upgrade: ['read:actions', 'create:actions', 'update:actions'],
  rotate: ['read:actions', 'create:actions', 'update:actions'],
  uninstall: ['read:actions', 'delete:actions'],
};

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

/** @throws InstallerError `conflict` if the Action of that name is not Verified's */
const checkOurs = (found: TenantAction | null, name: string): void => {
  if (found === null || readInstalledCode(found.code).version !== null) return;
  throw new InstallerError(
    'conflict',
    `The tenant has another Action named "${name}" that is not Verified's. Nothing was changed. Choose another --name.`,
  );
};

const begin = async (line: CommandLine, ports: InstallerPorts, secrets: SecretSource): Promise<Run> => {
  const domain = readDomain(line.domain ?? ports.environment['AUTH0_DOMAIN']);
  const reach = tenantFetch(ports.fetch);
  const login = await chooseLogin(line, ports, secrets);
  // Hints go to standard error: a program may read standard output.
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
  return carryOut(await begin(line, ports, secretSource(input, onSecret)));
};

/** Output that never shows a secret, even if a message contains one by mistake. */
const hideSecrets = (secrets: ReadonlySet<string>, print: (line: string) => void) => (line: string) =>
  print([...secrets].reduce((text, secret) => text.replaceAll(secret, '(secret)'), line));

/**
 * Runs one command of the installer.
 * @param args arguments after `verified` on the command line
 * @returns the process's exit code, see EXIT_CODES; never throws an expected error
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
    // Shorter ones would hide ordinary words; Auth0 and Verified create none that short.
    const onSecret = (value: string) => void (value.length >= 8 && secrets.add(value));
    return EXIT_CODES[await perform(line, ports, onSecret)];
  } catch (error) {
    if (error instanceof InstallerError) {
      ports.complain(error.message);
      return EXIT_CODES[error.reason];
    }
    // Unexpected: only the type, since a message may contain anything.
    ports.complain(
      `Unexpected ${error instanceof Error ? error.name : 'failure'}. Nothing more is known. Run the command again.`,
    );
    return EXIT_CODES.failed;
  }
};
