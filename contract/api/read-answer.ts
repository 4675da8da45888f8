import type * as z from 'zod';

/**
 * What a page takes an unknown value of an enumeration for; null: it leaves it out of a list. A page stays open for hours while the
 * service is renewed under it, so it meets values that came later; here stands which known one is safe to act on. Enumerations that
 * are not listed have no safe value: such an answer is one that the page cannot read.
 */
const UNKNOWN_AS = new WeakMap<z.core.$ZodType, string | null>();

/** Lists an enumeration in `UNKNOWN_AS`. */
export const unknownReadsAs = <Value extends string>(
  schema: z.core.$ZodType<Value>,
  value: NoInfer<Value> | null,
): void => {
  UNKNOWN_AS.set(schema, value);
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isUnknownTo = (schema: z.core.$ZodType, value: unknown): boolean =>
  typeof value === 'string' && schema._zod.values?.has(value) === false;

/** The members that `known` says something of. */
const membersOf = (value: unknown, known: (name: string) => z.core.$ZodType | undefined): unknown => {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const schema = known(name);
      return schema === undefined ? [] : [[name, knownPart(schema, member)]];
    }),
  );
};

const elementsOf = (element: z.core.$ZodType, value: unknown): unknown =>
  Array.isArray(value)
    ? value
        .filter((each) => UNKNOWN_AS.get(element) !== null || !isUnknownTo(element, each))
        .map((each) => knownPart(element, each))
    : value;

/** By the branch of the union that the value names; as it is where none does. */
const branchOf = ({ def }: z.core.$ZodUnion['_zod'], value: unknown): unknown => {
  const { discriminator } = def as Partial<z.core.$ZodDiscriminatedUnionDef>;
  if (discriminator === undefined || !isObject(value)) return value;
  const names = value[discriminator] as string;
  const branch = def.options.find((option) => option._zod.propValues?.[discriminator]?.has(names));
  return branch === undefined ? value : knownPart(branch, value);
};

/** What `schema` knows of `value`, at every depth. */
const knownPart = (schema: z.core.$ZodType, value: unknown): unknown => {
  const { _zod: of } = schema as z.core.$ZodTypes;
  switch (of.def.type) {
    case 'object': {
      const { shape } = of.def;
      return membersOf(value, (name) => (Object.hasOwn(shape, name) ? shape[name] : undefined));
    }
    case 'array':
      return elementsOf(of.def.element, value);
    case 'record': {
      const { keyType, valueType } = of.def;
      return membersOf(value, (name) => (isUnknownTo(keyType, name) ? undefined : valueType));
    }
    case 'union':
      return branchOf(of as z.core.$ZodUnion['_zod'], value);
    case 'nullable':
    case 'optional':
    case 'default':
    case 'prefault':
      return knownPart(of.def.innerType, value);
    default:
      return isUnknownTo(schema, value) ? (UNKNOWN_AS.get(schema) ?? value) : value;
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
