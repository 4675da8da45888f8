import { parseArgs } from 'node:util';
import { findSetting } from './action-settings.ts';
import { InstallerError } from './installer-error.ts';

const COMMANDS = ['install', 'status', 'upgrade', 'rotate', 'uninstall'] as const;
export type Command = (typeof COMMANDS)[number];

/** Default name of the Action in a tenant, see `--name`. */
export const DEFAULT_ACTION_NAME = 'Verified face factor';

/** The validated command line. It never contains a secret. */
export interface CommandLine {
  readonly command: Command;
  readonly domain: string | undefined;
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly clientId: string | undefined;
  readonly isDevice: boolean;
  readonly readsSecretsFromStdin: boolean;
  readonly isDryRun: boolean;
  readonly isForced: boolean;
  /** False: the Action is deployed but not put into the flow, which is left to the admin. */
  readonly isPlaced: boolean;
  readonly isRotationEnd: boolean;
  readonly asJson: boolean;
  readonly isConfirmed: boolean;
}

/** The text of `verified auth0 --help`. */
export const HELP = `Installs Verified's Action in an Auth0 tenant, upgrades it, and uninstalls it.

  node bin/verified.mjs auth0 <command> --domain your-tenant.eu.auth0.com [options]

Commands
  install     create or update the Action, deploy it, put it last in the post-login flow
  status      what is installed, and whether it is as it should be; changes nothing
  upgrade     install the code of this checkout; settings and place are kept
  rotate      set a new Session Secret; answers under the old one are accepted until "rotate --finish"
  uninstall   remove the Action from the flow and delete it; other Actions are not changed
Running a command again is safe: it does what is still missing, or nothing.
"node bin/verified.mjs doctor --help" is about the service in AWS.

Options
  --domain <host>           the tenant's own domain, not a custom domain (or AUTH0_DOMAIN)
  --integration <id>        Integration Id from the Identity Portal
  --capture-url <origin>    where your Verified service runs, such as https://verify.example.com
  --setting <NAME=value>    another setting of the Action, may be repeated; NAME= removes it
  --name <text>             name of the Action (default "${DEFAULT_ACTION_NAME}")
  --dry-run                 show what would change, change nothing
  --no-flow                 install: deploy, but leave the post-login flow alone
  --force                   install: write code and settings even if nothing seems to have changed
  --finish                  rotate: drop the old Session Secret
  --json                    status: for programs
  --yes                     do not ask before changing something

Logging in to Auth0, one of
  client credentials        --client-id <id> (or AUTH0_CLIENT_ID) and AUTH0_CLIENT_SECRET
  an access token           AUTH0_ACCESS_TOKEN, for the Management API
  a browser                 --device --client-id <id of a native application with the device code grant>
Permissions: read:actions for status; also create:actions and update:actions to install, upgrade and
rotate; read:actions and delete:actions to uninstall.

Secrets never go on the command line, where other users of the machine can read them. They come from
  the environment           AUTH0_CLIENT_SECRET, AUTH0_ACCESS_TOKEN, VERIFIED_SESSION_SECRET,
                            VERIFIED_SESSION_SECRET_PREVIOUS (rotate: the one in use until now)
  standard input            --secrets-stdin, the same names as NAME=value lines
  a question                at a terminal, for what is still missing

Exit code  0 done · 1 Auth0 or the network failed, run it again · 2 wrong usage · 3 login or permission
           4 a human has to decide · 5 status: not installed or not as it should be
`;

const OPTIONS = {
  domain: { type: 'string' },
  integration: { type: 'string' },
  'capture-url': { type: 'string' },
  setting: { type: 'string', multiple: true },
  name: { type: 'string' },
  'client-id': { type: 'string' },
  device: { type: 'boolean' },
  'secrets-stdin': { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  'no-flow': { type: 'boolean' },
  force: { type: 'boolean' },
  finish: { type: 'boolean' },
  json: { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Options that belong to certain commands. */
const ONLY_FOR: Readonly<Partial<Record<keyof typeof OPTIONS, readonly Command[]>>> = {
  integration: ['install'],
  'capture-url': ['install'],
  setting: ['install'],
  'no-flow': ['install'],
  force: ['install'],
  finish: ['rotate'],
  json: ['status'],
};

const usage = (message: string): InstallerError => new InstallerError('usage', `${message} See --help.`);

const SECRET_OPTION = /secret|token|password/i;

/** Node's own messages repeat the argument, which may be a secret given there by mistake. */
const parse = (args: readonly string[]) => {
  const unknown = args
    .filter((argument) => argument.startsWith('--'))
    .map((argument) => argument.slice(2).split('=')[0] ?? '')
    .find((option) => !(option in OPTIONS));
  if (unknown !== undefined && SECRET_OPTION.test(unknown)) {
    throw usage('Secrets never belong on the command line: treat that one as compromised, and use a new one.');
  }
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch {
    throw usage('An option is unknown or lacks its value.');
  }
};

const readSetting = (text: string): readonly [string, string] => {
  const [, name, value] = /^([A-Z_]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw usage('--setting wants NAME=value.');
  if (findSetting(name)?.isSecret) {
    throw usage(`${name} never belongs on the command line: treat it as compromised, and rotate it.`);
  }
  return [name, value.trim()];
};

const readSettings = (values: ReturnType<typeof parse>['values']): Readonly<Record<string, string>> => ({
  ...Object.fromEntries((values.setting ?? []).map(readSetting)),
  ...(values.integration === undefined ? {} : { INTEGRATION_ID: values.integration.trim() }),
  ...(values['capture-url'] === undefined ? {} : { CAPTURE_URL: values['capture-url'].trim() }),
});

/**
 * Parses the arguments after `verified`.
 * @returns null if help is requested
 * @throws InstallerError `usage`; the message repeats no value of the command line
 */
export const readCommandLine = (args: readonly string[]): CommandLine | null => {
  const { values, positionals } = parse(args);
  if (values.help || args.length === 0) return null;
  const [area, word, ...more] = positionals;
  const command = COMMANDS.find((known) => known === word);
  if (area !== 'auth0' || command === undefined || more.length > 0) {
    throw usage(`Say "verified auth0" and one of ${COMMANDS.join(', ')}.`);
  }
  for (const [option, commands] of Object.entries(ONLY_FOR)) {
    const isGiven = Object.entries(values).some(([name, value]) => name === option && value !== undefined);
    if (isGiven && !commands.includes(command)) throw usage(`--${option} belongs to ${commands.join(', ')}.`);
  }
  return {
    command,
    domain: values.domain,
    name: values.name?.trim() || DEFAULT_ACTION_NAME,
    settings: readSettings(values),
    clientId: values['client-id'],
    isDevice: values.device ?? false,
    readsSecretsFromStdin: values['secrets-stdin'] ?? false,
    isDryRun: values['dry-run'] ?? false,
    isForced: values.force ?? false,
    isPlaced: !(values['no-flow'] ?? false),
    isRotationEnd: values.finish ?? false,
    asJson: values.json ?? false,
    isConfirmed: values.yes ?? false,
  };
};
