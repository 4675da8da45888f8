import { fitsArn, fitsWildcard, isArnPattern } from './wildcard.ts';

/** What is known of a request, by the condition key's name in lower case. */
export type RequestContext = Readonly<Record<string, string>>;

/** One key of a condition; holds if any of its values does. */
export interface Condition {
  readonly operator: Operator;
  /** In lower case: the names of condition keys are case-insensitive. */
  readonly key: string;
  readonly values: readonly string[];
}

/** The operators that policies here may use: value of the request, value of the policy. */
const OPERATORS = {
  StringEquals: (given: string, wanted: string) => given === wanted,
  StringLike: (given: string, wanted: string) => fitsWildcard(wanted, given),
  ArnLike: (given: string, wanted: string) => fitsArn(wanted, given),
  Bool: (given: string, wanted: string) => given.toLowerCase() === wanted.toLowerCase(),
  NumericLessThan: (given: string, wanted: string) => Number(given) < Number(wanted),
  DateLessThan: (given: string, wanted: string) => Date.parse(given) < Date.parse(wanted),
} as const;
type Operator = keyof typeof OPERATORS;

/** What an operator can read; anything else would silently never hold. */
const IS_VALUE: Readonly<Record<Operator, (value: string) => boolean>> = {
  StringEquals: () => true,
  StringLike: () => true,
  ArnLike: isArnPattern,
  Bool: (value) => /^(true|false)$/i.test(value),
  NumericLessThan: (value) => value !== '' && Number.isFinite(Number(value)),
  DateLessThan: (value) => !Number.isNaN(Date.parse(value)),
};

/** The keys that the local services know how to fill; the last one has a part of its own per context. */
const KEYS =
  /^(aws:(currenttime|requestedregion|securetransport|sourceaccount|sourcearn)|kms:viaservice|s3:(prefix|tlsversion)|ses:fromaddress|kms:encryptioncontext:.+)$/;

/** A policy contains something that is not understood here. Nothing is decided by such a policy. */
export class UnknownPolicyPart extends Error {
  constructor(what: string) {
    super(`a policy contains ${what}, which the local services do not evaluate`);
    this.name = 'UnknownPolicyPart';
  }
}

const readValue = (operator: Operator, key: string, value: unknown): string => {
  const text = typeof value === 'boolean' || typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !IS_VALUE[operator](text))
    throw new UnknownPolicyPart(`the value ${JSON.stringify(value)} for ${operator} of ${key}`);
  if (text.includes('${')) throw new UnknownPolicyPart(`a variable in the value for ${key}`);
  return text;
};

const isOperator = (name: string): name is Operator => Object.hasOwn(OPERATORS, name);

/**
 * The conditions of a statement.
 * @throws UnknownPolicyPart for an operator, key or value that is not evaluated here
 */
export const readConditions = (block: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Condition[] =>
  Object.entries(block).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => {
      if (!isOperator(operator)) throw new UnknownPolicyPart(`the operator ${operator}`);
      if (!KEYS.test(key.toLowerCase())) throw new UnknownPolicyPart(`the key ${key}`);
      return { operator, key: key.toLowerCase(), values: [values].flat().map((one) => readValue(operator, key, one)) };
    }),
  );

/** A key that the request lacks makes its condition false (IAM user guide, condition operators, "…IfExists"). */
export const conditionsHold = (conditions: readonly Condition[], context: RequestContext): boolean =>
  conditions.every(({ operator, key, values }) => {
    const given = Object.hasOwn(context, key) ? context[key] : undefined;
    return given !== undefined && values.some((value) => OPERATORS[operator](given, value));
  });
