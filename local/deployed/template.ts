import { z } from 'zod';

const Template = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.looseObject({}).default({}) })),
  Outputs: z
    .record(z.string(), z.looseObject({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }))
    .default({}),
});

/** One resource of a template; references in its properties are unresolved. */
export interface Resource {
  readonly stack: Stack;
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A stack of the deployment. */
export interface Stack {
  readonly name: string;
  /** By logical id, in the order of the template. */
  readonly resources: ReadonlyMap<string, Resource>;
  /** Values for other stacks, by the name of the export; unresolved. */
  readonly exports: ReadonlyMap<string, unknown>;
}

/** @param template CloudFormation's JSON */
export const readTemplate = (name: string, template: unknown): Stack => {
  const { Resources, Outputs } = Template.parse(template);
  const resources = new Map<string, Resource>();
  const exported = Object.values(Outputs).flatMap(({ Value, Export }) =>
    typeof Export?.Name === 'string' ? [[Export.Name, Value] as const] : [],
  );
  const stack: Stack = { name, resources, exports: new Map(exported) };
  for (const [id, { Type, Properties }] of Object.entries(Resources))
    resources.set(id, { stack, id, type: Type, properties: Properties });
  return stack;
};

/** Every resource of a type, in the order of stacks and templates. */
export const resourcesOf = (stacks: readonly Stack[], type: string): readonly Resource[] =>
  stacks.flatMap(({ resources }) => [...resources.values()].filter((one) => one.type === type));
