import type * as z from 'zod';

/**
 * The known value that a page reads an unknown value of an enumeration as; undefined: it is omitted from a list. A page stays open for
 * hours while the service is updated, so it meets values that were added later; this map says which known one is safe to act on.
 * Enumerations that are not listed have no safe value: the page cannot read such an answer.
 */
const UNKNOWN_AS = new WeakMap<z.core.$ZodType, string | undefined>();

/** Lists an enumeration in `UNKNOWN_AS`. */
export const unknownReadsAs = <Value extends string>(
  schema: z.core.$ZodType<Value>,
  value: NoInfer<Value> | undefined,
): void => {
  UNKNOWN_AS.set(schema, value);
};

const isUnknownTo = (schema: z.core.$ZodType, value: unknown): boolean =>
  typeof value === 'string' && schema._zod.values?.has(value) === false;

/** The members that `known` has a schema for. */
const membersOf = (value: unknown, known: (name: string) => z.core.$ZodType | undefined): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const members: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const schema = known(name);
    if (schema !== undefined) members[name] = knownPart(schema, member);
  }
  return members;
};

/** The part of `value` that `schema` knows, at every depth. */
const knownPart = (schema: z.core.$ZodType, value: unknown): unknown => {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return membersOf(value, (name) => (Object.hasOwn(def.shape, name) ? def.shape[name] : undefined));
    case 'array':
      return Array.isArray(value)
        ? value.map((each) => knownPart(def.element, each)).filter((each) => each !== undefined)
        : value;
    case 'record':
      return membersOf(value, (name) => (isUnknownTo(def.keyType, name) ? undefined : def.valueType));
    case 'union':
      // The first branch that accepts it; unchanged if none does.
      for (const option of def.options) {
        const part = knownPart(option, value);
        if ((option as z.ZodType).safeParse(part).success) return part;
      }
      return value;
    default:
      if ('innerType' in def) return knownPart(def.innerType, value);
      return UNKNOWN_AS.has(schema) && isUnknownTo(schema, value) ? UNKNOWN_AS.get(schema) : value;
  }
};

/**
 * Reads an answer of the service by `schema`, tolerantly, as a page has to: unknown members are omitted at every depth, and unknown
 * values of enumerations become what `UNKNOWN_AS` says. The service itself writes strictly by `schema`, so that it discloses nothing
 * by accident; request bodies are read strictly too.
 */
export const readAnswer = <Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.ZodSafeParseResult<z.infer<Schema>> => schema.safeParse(knownPart(schema, value));
