import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildAction } from '../build.ts';
import { actionsTemplatePackage, TEMPLATE_CODE } from './actions-template-package.ts';
import { DEPLOY_CLI_CODE, deployCliPackage } from './deploy-cli-package.ts';
import { MARKETPLACE_CODE, marketplacePackage, marketplaceSpec } from './marketplace-package.ts';
import { TERRAFORM_CODE, terraformPackage } from './terraform-package.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** The packages' generated files, kept in the repository so that a change of a setting shows in review. */
export const PACKAGES_FOLDER = join(ROOT, 'action/packages');
/** The whole packages, with the Action's code. */
const PACKAGES_BUILT = join(ROOT, 'dist/packages');

const CODE_PATHS = [MARKETPLACE_CODE, DEPLOY_CLI_CODE, TERRAFORM_CODE, TEMPLATE_CODE] as const;

/** Every generated file by its path below PACKAGES_FOLDER. */
export const packageTexts = (): Readonly<Record<string, string>> => ({
  ...marketplacePackage(),
  ...deployCliPackage(),
  ...terraformPackage(),
  ...actionsTemplatePackage(),
});

const write = async (folder: string, texts: Readonly<Record<string, string>>): Promise<void> => {
  for (const [path, content] of Object.entries(texts)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
};

/**
 * Writes the packages, complete with the Action's code, into an emptied folder.
 * @throws Error naming what Auth0 would refuse in the Action
 */
export const buildPackages = async (folder: string = PACKAGES_BUILT): Promise<void> => {
  const code = await readFile((await buildAction()).file, 'utf8');
  await rm(folder, { recursive: true, force: true });
  await write(folder, { ...packageTexts(), ...marketplaceSpec() });
  await write(folder, Object.fromEntries(CODE_PATHS.map((path) => [path, code])));
  await cp(join(PACKAGES_FOLDER, 'README.md'), join(folder, 'README.md'));
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await write(PACKAGES_FOLDER, packageTexts());
  await buildPackages();
  console.log('action/packages and dist/packages are written');
}
