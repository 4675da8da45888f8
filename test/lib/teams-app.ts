import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { z } from 'zod';

const folders: string[] = [];

/** A folder for what an app puts out; `removeApps` removes it. */
export const folderOfApp = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'verified-library-'));
  folders.push(folder);
  return folder;
};

export const removeApps = async (): Promise<void> => {
  await Promise.all(folders.map((each) => rm(each, { recursive: true, force: true })));
};

/** An app as `cdk init` creates it: with every flag that CDK recommends. */
export const teamsApp = (): App => new App({ outdir: folderOfApp(), context: { ...CURRENTLY_RECOMMENDED_FLAGS } });

type Assembly = ReturnType<App['synth']>;

/** Templates by the name of their stack, as the command line would deploy them. */
export const templatesIn = (assembly: Assembly): ReadonlyMap<string, Readonly<Record<string, unknown>>> =>
  new Map(
    assembly.stacksRecursively.map(({ stackName, templateFullPath }) => [
      stackName,
      JSON.parse(readFileSync(templateFullPath, 'utf8')),
    ]),
  );

const Resources = z.record(
  z.string(),
  z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
);

/** Every resource, with the name of its stack and its logical id. */
export const resourcesIn = (assembly: Assembly) =>
  [...templatesIn(assembly)].flatMap(([stackName, template]) =>
    Object.entries(Resources.parse(template['Resources'])).map(([id, resource]) => ({
      place: `${stackName} ${id}`,
      ...resource,
    })),
  );
