import * as z from 'zod';

/** Types of a zod schema are mutable; those of the core are not. */
type Frozen<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Element)[]
    ? readonly Frozen<Element>[]
    : { readonly [Member in keyof T]: Frozen<T[Member]> };

/** The schema of one member, if it accepts exactly what the core may write; else a type that nothing matches. */
type MemberOf<Value, Schema> =
  Schema extends z.ZodType<infer Read>
    ? [Read] extends [Value]
      ? [Value] extends [Frozen<Read>]
        ? Schema
        : { readonly 'this schema refuses what the core may write': Value }
      : { readonly 'this schema reads what the core does not know': Value }
    : z.ZodType<Value>;

/** A schema for each member of `T`, and for nothing else. */
type ShapeOf<T, Shape> = {
  readonly [Member in keyof T]-?: MemberOf<Required<T>[Member], Shape[Member & keyof Shape]>;
} & {
  readonly [Member in Exclude<keyof Shape, keyof T>]: never;
};

/** The shape as given: the schemas by member name. */
type Schemas = Readonly<Record<string, z.ZodType>>;

/**
 * The schema of a stored object that is the core's `T`. A member that only one of the two has does not compile, nor does one whose
 * values differ. Members that a later release wrote are left out.
 */
export const objectOf =
  <T extends object>() =>
  <Shape extends Schemas>(shape: Shape & ShapeOf<T, Shape>): z.ZodType<T> =>
    z.object(shape) as unknown as z.ZodType<T>;

type Item = Record<string, unknown>;

/** How a row is written and read. */
export interface ItemDefinition<T extends object> {
  /**
   * Rows are also checked when they are read: a row that was written by another release, or by hand, must not pass as something else.
   * @throws ZodError if the row is not of this kind
   */
  readonly read: (row: unknown) => T;
  /** The members as they are stored: absent instead of null, so that conditions can ask `attribute_not_exists`. */
  readonly write: (value: T) => Item;
  /** Some members as an update sets them: null stays null, since it replaces the stored value. */
  readonly set: (members: Partial<T>) => Item;
}

/** A row's members as they are stored: absent instead of null. */
export const present = (value: object): Item =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null && member !== undefined));

type Nested<T> = { readonly [Member in keyof T]?: (value: T[Member]) => unknown };

const writerOf = <T extends object>(nested: Nested<T>, member: keyof T) =>
  nested[member] as ((value: unknown) => unknown) | undefined;

/**
 * One kind of row.
 * @param schema created when the first row is read: a cold start does not pay for rows that its request never reads
 * @param nested how to write members whose stored form differs
 */
export const defineItem = <T extends object>(schema: () => z.ZodType<T>, nested: Nested<T> = {}): ItemDefinition<T> => {
  let made: z.ZodType<T> | undefined;
  const set = (members: Partial<T>): Item =>
    Object.fromEntries(
      Object.entries(members).map(([member, value]) => [member, writerOf(nested, member as keyof T)?.(value) ?? value]),
    );
  return {
    read: (row) => {
      made ??= schema();
      return made.parse(row);
    },
    write: (value) => present(set(value)),
    set,
  };
};
