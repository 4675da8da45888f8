import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { StartError } from './aws-wire/listen.ts';
import { asStartError } from './platform/as-start-error.ts';
import type { PageHeaders } from './platform/built.ts';
import type { DeploymentSite } from './platform/deployment.ts';
import { type Platform, SEED_USERS, startPlatform } from './platform/start-platform.ts';
import { ModelError } from './rekognition/engine/models.ts';
import { readUncountedParts } from './rekognition/liveness/uncounted-parts.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DEFAULT_PORT = 4000;
const MAX_STOP_MS = 10_000;
/** What `--demo-data` creates. */
const DEMO_DATA = { people: 2000, days: 30 } as const;

const RELOADS = `
  Saved files take effect immediately: web (in the open page), lambdas and contract (next call), action/src (next login).`;

const printTour = (platform: Platform, seconds: string): void => {
  const [alice, bob, operator] = SEED_USERS;
  console.log(`
  Ready in ${seconds} s.

  Demo bank    ${platform.bank}
  Tenant       ${platform.tenant}  (its console: ${platform.tenant}console)
  Portal       ${platform.portal}
  Verified     ${platform.verified}
  Mailbox      ${platform.mailbox}
  Rekognition  ${platform.rekognition}  (emulator: no certified presentation attack detection)

  One-minute tour
  1. Open ${platform.bank} in Chrome, Edge or Firefox and choose "Log in": face at every login.
  2. Log in as ${alice.email} with ${alice.password}.
  3. On the face check, use your webcam, or choose a demo person at the bottom of the page, and enroll.
  4. The bank shows the ID token with the face claim. Log out, log in again: now the face is verified.
  5. Log in once more and choose the other demo person: after three tries the login is denied, with a support id.
  6. Face on demand: log out, choose "Log in with the password alone", see the account immediately,
     and send 1200 euros: only then does the bank ask for your face.
     (A second account: ${bob.email} with ${bob.password}.)
  7. Open ${platform.portal} and sign in as ${operator.email} with ${operator.password}:
     this is where the integration is configured and its users are managed.

  Ctrl-C stops everything. "npm start -- --reset" clears all data.
`);
};

const readPort = (): number => {
  const port = Number(process.env['VERIFIED_PORT'] ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 1024 || port > 65_530) {
    throw new StartError('VERIFIED_PORT must be a port number from 1024 to 65530.');
  }
  return port;
};

const readOptions = () => {
  const off = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({ options: { reset: off, 'demo-data': off, reload: off, 'as-deployed': off } }).values;
  } catch (cause) {
    throw new StartError(
      `${(cause as Error).message.split('. ')[0]}; the options are --reset, --demo-data, --reload and --as-deployed.`,
      {
        cause,
      },
    );
  }
};

const reset = async (folder: string): Promise<void> => {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    throw asStartError(error, folder);
  }
};

const sayError = (sentence: string): void => console.error(`\n  ${sentence}\n`);

/** `--reload`: what is saved takes effect immediately. None of it is loaded otherwise. */
const buildOnSave = async () => {
  const { buildOnSave } = await import('./dev/build-on-save.ts');
  return (headers: PageHeaders) => buildOnSave(headers, (line) => console.log(`  ${line}`));
};

/** `--as-deployed`: everything that CDK decides comes from its templates. It is not loaded otherwise. */
const deployHere = async () => {
  const { RunningDeployment } = await import('./deployed/as-deployed.ts');
  return (site: DeploymentSite) => RunningDeployment.create(site);
};

/** What the options say about where functions, tables and permissions come from. */
const readMode = async (values: ReturnType<typeof readOptions>) => {
  if (values.reload && values['as-deployed'])
    throw new StartError('--reload follows the sources and --as-deployed the templates made from them: choose one.');
  if (values.reload) return { build: await buildOnSave() };
  return values['as-deployed'] ? { deploy: await deployHere() } : {};
};

/** Deployments have tables, keys and buckets of their own, hence a folder of their own. */
const readFolder = (values: ReturnType<typeof readOptions>): string => {
  const folder = resolve(process.env['VERIFIED_DATA'] ?? join(ROOT, 'data'));
  return values['as-deployed'] ? join(folder, 'as-deployed') : folder;
};

/** Ends everything, once; what does not end in time is left to the system. */
const closeOnce = (close: () => Promise<void>) => {
  let isEnding = false;
  return (exitCode: number): void => {
    if (isEnding) return;
    isEnding = true;
    console.log('\n  Stopping …');
    setTimeout(() => process.exit(1), MAX_STOP_MS).unref();
    close().then(
      () => process.exit(exitCode),
      () => process.exit(1),
    );
  };
};

const main = async (): Promise<void> => {
  const startedAt = performance.now();
  const values = readOptions();
  const folder = readFolder(values);
  const mode = await readMode(values);
  if (values.reset) await reset(folder);
  // Until everything is running there is nothing to close: the children end with this process.
  let end = (exitCode: number): void => process.exit(exitCode);
  const platform = await startPlatform({
    firstPort: readPort(),
    folder,
    uncountedParts: readUncountedParts(process.env['VERIFIED_UNCOUNTED'] ?? ''),
    ...mode,
    ...(values['demo-data'] ? { demoData: DEMO_DATA } : {}),
    onProgress: (line) => console.log(`  ✓ ${line}`),
    onWeakStream: (line) => console.log(`  Rekognition: ${line} (docs/local.md, "Refused before your own camera")`),
    onTrouble: (line) => console.error(`  ${line}`),
    onBroken: (sentence) => {
      sayError(`${sentence} Everything was stopped; "npm start" continues where it left off.`);
      end(1);
    },
    tenantLog: (line) => console.log(`  tenant ${line}`),
  });
  end = closeOnce(() => platform.close());
  if (values.reload) console.log(RELOADS);
  printTour(platform, ((performance.now() - startedAt) / 1000).toFixed(1));
  process.on('SIGINT', () => end(0));
  process.on('SIGTERM', () => end(0));
};

main().catch((error: unknown) => {
  const isExpected = error instanceof StartError || error instanceof ModelError;
  if (isExpected) sayError(error.message);
  else console.error(error);
  process.exit(1);
});
