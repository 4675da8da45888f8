import type * as z from 'zod';

/**
 * What a page takes an unknown value of an enumeration for; undefined: it leaves it out of a list. A page stays open for hours while the
 * service is renewed under it, so it meets values that came later; here stands which known one is safe to act on. Enumerations that
 * are not listed have no safe value: such an answer is one that the page cannot read.
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

/** The members that `known` says something of. */
const membersOf = (value: unknown, known: (name: string) => z.core.$ZodType | undefined): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const members: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const schema = known(name);
    if (schema !== undefined) members[name] = knownPart(schema, member);
  }
  return members;
};

/** What `schema` knows of `value`, at every depth. */
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
      // The branch that takes it; as it is where none does.
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
 * Reads what the service wrote by `schema`, as a page has to: members that it does not know are left out, at every depth, and
 * unknown values of enumerations become what `UNKNOWN_AS` says. The service itself writes by `schema` alone, so that nothing leaves
 * it by accident; bodies of requests are read strictly too.
 */
export const readAnswer = <Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.ZodSafeParseResult<z.infer<Schema>> => schema.safeParse(knownPart(schema, value));
