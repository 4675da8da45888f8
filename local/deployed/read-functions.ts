import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { bundleLambdas } from '../../lib/bundle-lambdas.ts';
import type { Resolver } from './resolver.ts';
import { type Resource, resourcesOf, type Stack } from './template.ts';

/** A function of the service, as it is deployed. */
export interface DeployedFunction {
  /** Folder in `lambdas/functions/`. */
  readonly name: string;
  readonly stack: Stack;
  readonly arn: string;
  readonly roleArn: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The uploaded file. */
  readonly file: string;
}

const Properties = z.looseObject({
  Handler: z.literal('index.handler'),
  Role: z.string(),
  Code: z.looseObject({ S3Key: z.string().regex(/^[0-9a-f]{64}\.zip$/) }),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.string()) }),
});

const uploadedFile = (assets: string, key: string): string =>
  join(assets, `asset.${key.replace('.zip', '')}`, 'index.mjs');

/** Which of the bundles a function runs: by its bytes, since names in templates are CDK's own. Null: a helper of CDK. */
const bundleOf = (assets: string, { properties }: Resource): string | null => {
  const key = z.looseObject({ S3Key: z.string() }).safeParse(properties['Code']).data?.S3Key;
  if (key === undefined) return null;
  const uploaded = readIfThere(uploadedFile(assets, key));
  if (uploaded === null) return null;
  return [...bundleLambdas().values()].find(({ file }) => readFileSync(file).equals(uploaded))?.name ?? null;
};

const readIfThere = (file: string): Buffer | null => {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
};

/**
 * The service's functions.
 * @param assets folder of what is uploaded
 * @throws Error if one of the bundles is not deployed exactly once
 */
export const readFunctions = (stacks: readonly Stack[], resolver: Resolver, assets: string): DeployedFunction[] => {
  const functions = resourcesOf(stacks, 'AWS::Lambda::Function').flatMap((resource): DeployedFunction[] => {
    const name = bundleOf(assets, resource);
    if (name === null) return [];
    const { Role, Code, Environment } = Properties.parse(resolver.properties(resource));
    const file = uploadedFile(assets, Code.S3Key);
    const arn = resolver.arnOf(resource);
    return [{ name, stack: resource.stack, arn, roleArn: Role, environment: Environment.Variables, file }];
  });
  const names = functions.map(({ name }) => name).sort();
  const wanted = [...bundleLambdas().keys()].sort();
  if (names.join() !== wanted.join()) throw new Error(`deployed are ${names.join()}, not ${wanted.join()}`);
  return functions;
};

/**
 * The value of a variable, which all functions that have it share.
 * @throws Error if they differ, or none has it
 */
export const sharedVariable = (functions: readonly DeployedFunction[], name: string): string => {
  const [value, ...others] = new Set(functions.flatMap(({ environment }) => environment[name] ?? []));
  if (value === undefined || others.length > 0) throw new Error(`${name} has ${others.length + 1} or no values`);
  return value;
};
