import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleLambdas } from '../../lib/bundle-lambdas.ts';
import { StartError } from '../aws-wire/listen.ts';
import { readTemplate, type Stack } from './template.ts';

/** What a deployment consists of. */
export interface Assembly {
  readonly stacks: readonly Stack[];
  /** Folder of what CDK uploads: `asset.HASH`, one for each. */
  readonly folder: string;
  remove(): Promise<void>;
}

/** Context values of CDK, as on its command line. */
export type GivenSettings = Readonly<Record<string, string>>;

const importCdk = () =>
  Promise.all([import('../../lib/verified.ts'), import('../../lib/create-app.ts'), import('../../lib/settings.ts')]);

/** CDK is a development package: an installation for production alone lacks it. */
const loadCdk = async (load: typeof importCdk) => {
  try {
    return await load();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !/'(aws-cdk-lib|constructs)'/.test(message)) throw cause;
    throw new StartError(
      '--as-deployed reads the templates that CDK makes, and aws-cdk-lib is not installed: run npm ci with the development packages.',
      { cause },
    );
  }
};

/**
 * Synthesizes the stacks of a stage in this process, exactly as `npx cdk synth` does. The pages have to be built.
 * @param load CDK and the stacks
 * @throws StartError without CDK; Error for settings that are wrong
 */
export const synthesize = async (given: GivenSettings, load = importCdk): Promise<Assembly> => {
  const [{ Verified }, { createApp }, { readSettings }] = await loadCdk(load);
  bundleLambdas();
  // Not in the data folder: a killed platform leaves it, and another one may be using that folder.
  const folder = await mkdtemp(join(tmpdir(), 'verified-deployed-'));
  const app = createApp(folder);
  const { stacks: made } = new Verified(
    app,
    'Verified',
    readSettings((name) => given[name]),
  );
  app.synth();
  const read = async ({ stackName, templateFile }: { stackName: string; templateFile: string }): Promise<Stack> =>
    readTemplate(stackName, JSON.parse(await readFile(join(folder, templateFile), 'utf8')));
  const stacks = await Promise.all(
    [made.data, made.web, made.operations, made.service].filter((stack) => stack !== null).map(read),
  );
  return { stacks, folder, remove: () => rm(folder, { recursive: true, force: true }) };
};
