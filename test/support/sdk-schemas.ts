/**
 * The schemas that the AWS SDK exports for every shape (`CompareFacesResponse$`), as nested arrays: a kind, a namespace, a name,
 * traits, and then members (3 structure, 4 union, -3 error) or the only one of a list (1). Simple types are numbers.
 */
export type SdkSchema = number | string | readonly unknown[] | (() => SdkSchema);

const KIND_LIST = 1;
const KINDS_WITH_MEMBERS = [3, 4, -3];
/** `64 | type` is a list of a simple type. */
const LIST_BIT = 64;

/** Without the functions that break cycles, and without the traits of a member. */
const resolve = (schema: SdkSchema): SdkSchema => {
  if (typeof schema === 'function') return resolve(schema());
  const isMemberWithTraits = Array.isArray(schema) && typeof schema[1] !== 'string';
  return isMemberWithTraits ? resolve(schema[0] as SdkSchema) : schema;
};

const membersOf = (schema: SdkSchema): readonly (readonly [name: string, schema: SdkSchema])[] | null => {
  if (!Array.isArray(schema) || !KINDS_WITH_MEMBERS.includes(schema[0] as number)) return null;
  const [names, schemas] = [schema[4] as string[], schema[5] as SdkSchema[]];
  return names.map((name, index) => [name, schemas[index] ?? 0] as const);
};

const itemOf = (schema: SdkSchema): SdkSchema | null => {
  if (Array.isArray(schema) && schema[0] === KIND_LIST) return schema[4] as SdkSchema;
  return typeof schema === 'number' && schema >= LIST_BIT && schema < 2 * LIST_BIT ? schema - LIST_BIT : null;
};

/** Every member that a shape can have, e.g. `FaceMatches[].Face.Pose.Roll`; structures only by their members. */
export const memberPaths = (given: SdkSchema, path = ''): readonly string[] => {
  const schema = resolve(given);
  const item = itemOf(schema);
  if (item !== null) return memberPaths(item, `${path}[]`);
  const members = membersOf(schema);
  if (members === null) return [path];
  return members.flatMap(([name, member]) => memberPaths(member, path === '' ? name : `${path}.${name}`));
};

/** Every value that is in an answer, in the same notation. */
export const valuePaths = (value: unknown, path = ''): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((item) => valuePaths(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, member]) => valuePaths(member, path === '' ? name : `${path}.${name}`));
};

interface Codec {
  createDeserializer(): { read(schema: SdkSchema, text: string): Promise<unknown> };
  createSerializer(): { write(schema: SdkSchema, value: unknown): void; flush(): unknown };
}

/**
 * An answer that the SDK of `client` reads and writes again by a shape's schema. Members that the shape does not have are missing, and
 * members of another type have another value.
 */
export const throughSchema = async (client: object, schema: SdkSchema, answer: unknown): Promise<unknown> => {
  const { protocol } = (client as { config: { protocol: { getPayloadCodec(): Codec } } }).config;
  const codec = protocol.getPayloadCodec();
  const known = await codec.createDeserializer().read(schema, JSON.stringify(answer));
  const serializer = codec.createSerializer();
  serializer.write(schema, known);
  const written = serializer.flush();
  return JSON.parse(typeof written === 'string' ? written : new TextDecoder().decode(written as Uint8Array));
};
