import * as z from 'zod';

/**
 * What a page takes an unknown value of an enumeration for. A page stays open for hours while the service is renewed under it,
 * so it meets values that came later; here stands which known one is safe to act on. Enumerations that are not listed have no
 * safe value: such an answer is one that the page cannot read.
 */
export const UNKNOWN_AS = z.registry<{ readonly value: string } | { readonly leftOut: true }>();

const isEnum = (schema: z.core.$ZodType): schema is z.ZodEnum => schema instanceof z.ZodEnum;
const isUnknownTo = (schema: z.ZodEnum, value: unknown): boolean =>
  typeof value === 'string' && !(schema.options as readonly unknown[]).includes(value);

const readEnum = (schema: z.ZodEnum): z.ZodType => {
  const known = UNKNOWN_AS.get(schema);
  if (known === undefined || !('value' in known)) return schema;
  return z.preprocess((value) => (isUnknownTo(schema, value) ? known.value : value), schema);
};

const readArray = (schema: z.ZodArray): z.ZodType => {
  const { element } = schema;
  const read = schema.clone({ ...schema.def, element: reading(element) });
  const known = isEnum(element) ? UNKNOWN_AS.get(element) : undefined;
  if (!isEnum(element) || known === undefined || !('leftOut' in known)) return read;
  return z.preprocess(
    (value) => (Array.isArray(value) ? value.filter((each) => !isUnknownTo(element, each)) : value),
    read,
  );
};

/** A record by the values of an enumeration leaves out what stands under a value that came later. */
const readRecord = (schema: z.ZodRecord): z.ZodType => {
  const { keyType, valueType } = schema.def;
  const read = schema.clone({ ...schema.def, valueType: reading(valueType) });
  const { values } = keyType._zod;
  if (values === undefined) return read;
  return z.preprocess(
    (value) =>
      typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).filter(([name]) => values.has(name)))
        : value,
    read,
  );
};

const readObject = (schema: z.ZodObject): z.ZodType => {
  const shape = Object.fromEntries(Object.entries(schema.shape).map(([name, member]) => [name, reading(member)]));
  const { catchall: _refusesMore, ...def } = schema.def;
  return schema.clone({ ...def, shape } as typeof schema.def);
};

const reading = (schema: z.core.$ZodType): z.ZodType => {
  if (schema instanceof z.ZodObject) return readObject(schema);
  if (schema instanceof z.ZodArray) return readArray(schema);
  if (schema instanceof z.ZodRecord) return readRecord(schema);
  if (schema instanceof z.ZodUnion) {
    const options = schema.def.options.map(reading);
    return z.clone(schema, { ...schema.def, options });
  }
  if (
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return z.clone(
      schema as z.ZodOptional,
      { ...schema.def, innerType: reading(schema.unwrap()) } as z.core.$ZodOptionalDef,
    );
  }
  return isEnum(schema) ? readEnum(schema) : (schema as z.ZodType);
};

const READERS = new WeakMap<z.ZodType, z.ZodType>();

/**
 * The schema by which a page reads what the service wrote by `schema`: members that it does not know are left out, at every
 * depth, and unknown values of enumerations become what `UNKNOWN_AS` says. The service itself writes by `schema` alone, so that
 * nothing leaves it by accident; bodies of requests are read strictly too.
 */
export const answerReader = <Schema extends z.ZodType>(schema: Schema): z.ZodType<z.infer<Schema>> => {
  const known = READERS.get(schema) ?? reading(schema);
  READERS.set(schema, known);
  return known as z.ZodType<z.infer<Schema>>;
};
