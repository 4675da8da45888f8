import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { z } from 'zod';
import { isKept, type ResourceFacts, resourceFacts } from './resource-facts.ts';

/** What a later deployment has to reckon with, of one stack as CloudFormation would have it. */
export interface DeployedStack {
  readonly name: string;
  /** Value by name, with what would have CloudFormation replace its resource: another stack that imports it pins all of that. */
  readonly exports: ReadonlyMap<string, string>;
  readonly imports: ReadonlySet<string>;
  /** Resources that hold something, with what would have CloudFormation replace them. */
  readonly kept: ReadonlyMap<string, ResourceFacts>;
}

/** The stacks of a stage, in the order in which `cdk deploy --all` deploys them. */
export type Deployment = readonly DeployedStack[];

const Template = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
  Outputs: z
    .record(z.string(), z.looseObject({ Value: z.unknown(), Export: z.object({ Name: z.string() }).optional() }))
    .default({}),
});

const importsIn = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === 'Fn::ImportValue' ? [z.string().parse(member)] : importsIn(member),
  );
};

const Reference = z.union([
  z.object({ Ref: z.string() }).transform(({ Ref }) => Ref),
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }).transform((value) => value['Fn::GetAtt'][0]),
]);

/** A value as text. A resource that is replaced gets another id, so that the value changes although its text does not. */
const exportedText = (value: unknown, resources: z.infer<typeof Template>['Resources']): string => {
  const resource = resources[Reference.parse(value)];
  if (resource === undefined) throw new Error(`an export of no resource: ${JSON.stringify(value)}`);
  return JSON.stringify([value, resourceFacts(resource.Type, resource.Properties).properties]);
};

const deployedStack = (name: string, json: unknown): DeployedStack => {
  const { Resources, Outputs } = Template.parse(json);
  return {
    name,
    exports: new Map(
      Object.values(Outputs).flatMap(({ Value, Export }) =>
        Export === undefined ? [] : [[Export.Name, exportedText(Value, Resources)] as const],
      ),
    ),
    imports: new Set(importsIn(json)),
    kept: new Map(
      Object.entries(Resources).flatMap(([id, { Type, Properties }]) =>
        isKept(Type) ? [[id, resourceFacts(Type, Properties)] as const] : [],
      ),
    ),
  };
};

/** Reads the templates of an app's stacks. */
export const deploymentOf = (app: App): Deployment =>
  // Artifacts are in topological order, as the command line deploys them.
  app
    .synth()
    .stacks.map(({ stackName, templateFullPath }) =>
      deployedStack(stackName, JSON.parse(readFileSync(templateFullPath, 'utf8'))),
    );

/** The deployment as lines, by which a release is recorded. */
const deploymentLines = (deployment: Deployment): readonly string[] =>
  deployment.flatMap(({ name, exports, imports, kept }) => [
    `stack ${name}`,
    ...[...exports].map(([exported, value]) => `export ${name} ${exported} ${value}`).sort(),
    ...[...imports].map((imported) => `import ${name} ${imported}`).sort(),
    ...[...kept].map(([id, facts]) => `keep ${name} ${id} ${JSON.stringify(facts)}`).sort(),
  ]);

const Facts = z.object({
  type: z.string(),
  properties: z.record(z.string(), z.unknown()),
  indexes: z.array(z.string()),
});

/** @param lines as written by `deploymentLines` */
const parseDeployment = (lines: readonly string[]): Deployment => {
  const rows = lines.map((line) => {
    const [kind = '', name = '', id = '', ...rest] = line.split(' ');
    return { kind, name, id, rest: rest.join(' ') };
  });
  const of = (kind: string, stack: string) => rows.filter((row) => row.kind === kind && row.name === stack);
  return rows
    .filter(({ kind }) => kind === 'stack')
    .map(({ name }) => ({
      name,
      exports: new Map(of('export', name).map(({ id, rest }) => [id, rest])),
      imports: new Set(of('import', name).map(({ id }) => id)),
      kept: new Map(of('keep', name).map(({ id, rest }) => [id, Facts.parse(JSON.parse(rest))])),
    }));
};

export const recordPath = (version: string): string =>
  join(import.meta.dirname, '../releases', version, 'deployments.txt');

/** Deployments by the name of their settings, as one text. */
export const recordText = (deployments: ReadonlyMap<string, Deployment>): string =>
  [...deployments].flatMap(([name, deployment]) => [`settings ${name}`, ...deploymentLines(deployment), '']).join('\n');

/** @param text as written by `recordText` */
export const parseRecord = (text: string): ReadonlyMap<string, Deployment> =>
  new Map(
    text.split(/^settings /m).flatMap((part) => {
      const [name = '', ...lines] = part.split('\n');
      return name === '' ? [] : [[name, parseDeployment(lines)] as const];
    }),
  );
