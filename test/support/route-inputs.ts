import fc from 'fast-check';
import * as z from 'zod';

/** A JSON schema as zod writes it, as far as inputs need it. */
export interface InputSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, InputSchema>>;
  readonly required?: readonly string[];
  readonly items?: InputSchema;
  readonly anyOf?: readonly InputSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly minimum?: number;
  /** The type of a query parameter in the API's document, as opposed to text on the wire. */
  readonly override?: { readonly minimum?: number; readonly type?: string };
}

/** One member of an input: its path, and what belongs there. */
export interface Place {
  readonly path: readonly (string | number)[];
  readonly schema: InputSchema;
  readonly isRequired: boolean;
}

export const inputSchemaOf = (schema: z.ZodType): InputSchema => z.toJSONSchema(schema, { io: 'input' }) as InputSchema;

/** Texts of which the first that fits is used; if none does, one is generated from the pattern. */
const CANDIDATES = ['x', 'en', '012345', '#1f5fbf', 'https://hooks.example.com/verified', 'a@harbour-bank.example'];

const textFor = (schema: InputSchema): string => {
  if (schema.override?.type === 'integer') return String(schema.override.minimum ?? 1);
  const { pattern = '', minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema;
  const fits = (text: string) =>
    new RegExp(pattern, 'u').test(text) && text.length >= minLength && text.length <= maxLength;
  const padded = 'x'.repeat(Math.max(1, minLength));
  const matching = () => fc.sample(fc.stringMatching(new RegExp(pattern)), { seed: 1, numRuns: 20 });
  const found = [padded, ...CANDIDATES].find(fits) ?? matching().find(fits);
  if (found === undefined) throw new Error(`no text is known for ${JSON.stringify(schema)}`);
  return found;
};

/**
 * An input that the schema accepts, with its required members.
 * @param known values by the names of members, for what a schema cannot express: ids of existing rows
 */
export const validInput = (schema: InputSchema, known: Readonly<Record<string, unknown>>): unknown => {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf !== undefined) return validInput(schema.anyOf[0] ?? {}, known);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [
          name,
          Object.hasOwn(known, name) ? known[name] : validInput(schema.properties?.[name] ?? {}, known),
        ]),
      );
    case 'array':
      return schema.items === undefined ? [] : [validInput(schema.items, known)];
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    case 'string':
      return textFor(schema);
    default:
      return 'x';
  }
};

/** Every member of an input, including those inside others and the first element of every list. */
export const placesOf = (schema: InputSchema, path: readonly (string | number)[] = []): readonly Place[] => {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((each) => placesOf(each, path));
  const members: [string | number, InputSchema, boolean][] = Object.entries(schema.properties ?? {}).map(
    ([name, member]) => [name, member, schema.required?.includes(name) === true],
  );
  if (schema.items !== undefined) members.push([0, schema.items, true]);
  return members.flatMap(([name, member, isRequired]) => [
    { path: [...path, name], schema: member, isRequired },
    ...placesOf(member, [...path, name]),
  ]);
};

/** `input` with `value` at a place; missing parents are created. */
export const withAt = (
  input: unknown,
  [name, ...rest]: readonly (string | number)[],
  value: unknown,
  schema: InputSchema,
  known: Readonly<Record<string, unknown>>,
): unknown => {
  if (name === undefined) return value;
  const inside = schema.anyOf?.find((each) => each.properties !== undefined || each.items !== undefined) ?? schema;
  const below = (typeof name === 'number' ? inside.items : inside.properties?.[name]) ?? {};
  if (typeof name === 'number') return [withAt(undefined, rest, value, below, known)];
  const object = (input ?? validInput(inside, known)) as Record<string, unknown>;
  const before = object[name] ?? (Object.hasOwn(known, name) ? known[name] : undefined);
  return { ...object, [name]: withAt(before, rest, value, below, known) };
};
