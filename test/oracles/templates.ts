import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnResource, type Stack } from 'aws-cdk-lib';
import { makeStages, of, removeStages } from '../lib/stacks/made-stages.ts';
import { STAGES, type Stage } from '../lib/stages.ts';

/** A template as it would be deployed. */
export interface JudgedTemplate {
  /** As `prod web`. */
  readonly where: string;
  readonly region: string;
  /** Where it was written. */
  readonly file: string;
  readonly template: CloudFormationTemplate;
  /** Path of the construct of a resource, below its stack; for anything else, the id itself. */
  placeOf(logicalId: string): string;
}

export interface CloudFormationTemplate {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>
  >;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** Holds nothing but templates, so that oracles can take it whole; of this process, and gone with it. */
export const TEMPLATES_FOLDER = mkdtempSync(join(tmpdir(), 'verified-templates-'));
process.once('exit', () => rmSync(TEMPLATES_FOLDER, { recursive: true, force: true }));
/** Of a stage that pins none. */
const REGION = 'eu-west-1';

const placesOf = (stack: Stack): ReadonlyMap<string, string> =>
  new Map(
    stack.node
      .findAll()
      .filter((node) => CfnResource.isCfnResource(node))
      .map((resource) => [
        String(stack.resolve(resource.logicalId)),
        resource.node.path.slice(stack.node.path.length + 1),
      ]),
  );

const writeStage = async (stage: Stage): Promise<readonly JudgedTemplate[]> => {
  const { stacks, templates } = of(stage);
  const written: JudgedTemplate[] = [];
  for (const [name, template] of Object.entries(templates)) {
    const stack: Stack | null = stacks[name as keyof typeof stacks];
    if (template === null || stack === null) continue;
    const json = template.toJSON() as CloudFormationTemplate;
    const file = join(TEMPLATES_FOLDER, `${stage}-${name}.template.json`);
    await writeFile(file, JSON.stringify(json, null, 1));
    const places = placesOf(stack);
    written.push({
      where: `${stage} ${name}`,
      region: /^[a-z]{2}-/.test(stack.region) ? stack.region : REGION,
      file,
      template: json,
      placeOf: (id) => places.get(id) ?? id,
    });
  }
  return written;
};

let all: Promise<readonly JudgedTemplate[]> | null = null;

const writeTemplates = async (): Promise<readonly JudgedTemplate[]> => {
  await makeStages();
  try {
    return (await Promise.all((Object.keys(STAGES) as Stage[]).map(writeStage))).flat();
  } finally {
    await removeStages();
  }
};

/** The templates of all stages that the tests know, synthesized and written once per run. */
export const templates = (): Promise<readonly JudgedTemplate[]> => {
  all ??= writeTemplates();
  return all;
};

/** The template that was written to a file, by the file's name. */
export const templateIn = async (path: string): Promise<JudgedTemplate> => {
  const found = (await templates()).find(({ file }) => path.endsWith(file.slice(TEMPLATES_FOLDER.length)));
  if (found === undefined) throw new Error(`no template was written to ${path}`);
  return found;
};
