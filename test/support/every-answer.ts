import * as z from 'zod';
import { PortalConfig } from '../../contract/api/portal/sign-in.ts';
import { ProblemDetails } from '../../contract/api/problem-details.ts';
import { ROUTES } from '../../contract/api/routes.ts';

/** Every JSON answer that the contract declares, by its route, and the two that belong to no route. */
export const EVERY_ANSWER: readonly (readonly [string, z.ZodType])[] = [
  ...ROUTES.flatMap(({ name, answers }) =>
    Object.values(answers).flatMap((answer) => (typeof answer === 'string' ? [] : [[name, answer] as const])),
  ),
  ['portal’s config.json', PortalConfig],
  ['problem', ProblemDetails],
];

/** Every JSON body that the contract declares, by its route. */
export const EVERY_BODY: readonly (readonly [string, z.ZodType])[] = ROUTES.flatMap((route) =>
  'body' in route ? [[route.name, route.body] as const] : [],
);

/** Texts that match the contract’s string formats; the first that fits is used. */
const TEXTS = [
  'a text',
  'ABCD-EFGH',
  '012345',
  'https://example.com/help',
  '#112233',
  'alice@example.com',
  'YWJj',
  'tenant.eu.auth0.com',
  'a text that is long enough to be the words of a consent',
];

/**
 * Values that `schema` accepts: each branch of every union once, and one element for each list.
 * @param fill true: with every optional member and nothing null that may be present; false: the minimum that it accepts
 */
export const samplesOf = (schema: z.core.$ZodType, fill: boolean): readonly unknown[] => {
  if (schema instanceof z.ZodObject) return objectSamples(schema, fill);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => samplesOf(option, fill));
  if (schema instanceof z.ZodArray)
    return fill
      ? [samplesOf(schema.element, fill)]
      : fitting(schema, [[], ...samplesOf(schema.element, fill).map((one) => [one])]);
  if (schema instanceof z.ZodNullable) return fill ? samplesOf(schema.unwrap(), fill) : [null];
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return samplesOf(schema.def.innerType, fill);
  if (schema instanceof z.ZodEnum) return [schema.options[0]];
  if (schema instanceof z.ZodLiteral) return [schema.value];
  if (schema instanceof z.ZodRecord) return fill ? recordSamples(schema) : [{}];
  if (schema instanceof z.ZodBoolean) return [true];
  if (schema instanceof z.ZodUnknown) return [{ any: 'thing' }];
  return fitting(schema, [1, 24, 99, 400, 1_790_000_000, ...TEXTS]);
};

const fitting = (schema: z.core.$ZodType, candidates: readonly unknown[]): readonly unknown[] => {
  const found = candidates.find((candidate) => z.safeParse(schema, candidate).success);
  if (found === undefined) throw new Error(`no sample fits ${JSON.stringify(z.toJSONSchema(schema))}`);
  return [found];
};

const recordSamples = ({ def }: z.ZodRecord): readonly unknown[] => {
  const [name] = samplesOf(def.keyType, true);
  return samplesOf(def.valueType, true).map((value) => ({ [String(name)]: value }));
};

/** One object for each value of the member that has the most of them. */
const objectSamples = (schema: z.ZodObject, fill: boolean): readonly unknown[] => {
  const members = Object.entries(schema.shape)
    .filter(([, member]) => fill || !(member instanceof z.ZodOptional || member instanceof z.ZodDefault))
    .map(([name, member]) => [name, samplesOf(member, fill)] as const);
  const most = Math.max(1, ...members.map(([, values]) => values.length));
  return Array.from({ length: most }, (_, at) =>
    Object.fromEntries(members.map(([name, values]) => [name, values[Math.min(at, values.length - 1)]])),
  );
};
