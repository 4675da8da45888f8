import { z } from 'zod';
import { type Condition, readConditions, UnknownPolicyPart } from './conditions.ts';
import { isArnPattern } from './wildcard.ts';

/** Whom a statement of a resource's policy is about. */
export interface Principals {
  /** ARNs, or `*` for everybody. */
  readonly aws: readonly string[];
  /** Services of AWS, which never call here in their own name. */
  readonly services: readonly string[];
}

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** e.g. `kms:Decrypt`; may contain wildcards. */
  readonly actions: readonly string[];
  /** ARNs, or `*`; may contain wildcards. */
  readonly resources: readonly string[];
  /** Null in policies of a role, which are about the role. */
  readonly principals: Principals | null;
  readonly conditions: readonly Condition[];
}

export type Policy = readonly Statement[];

/**
 * `identity`: of a role, or for one session of it. `resource`: of a key or bucket. `trust`: of a role, about who may assume it; its
 * statements name no resource.
 */
export type PolicyKind = 'identity' | 'resource' | 'trust';

const Texts = z.union([z.string(), z.array(z.string()).min(1)]).transform((one) => [one].flat());
const Action = Texts.refine((all) => all.every((one) => /^(\*|[a-z0-9-]+:[\w*?]+)$/.test(one)));
const Resource = Texts.refine((all) => all.every((one) => one === '*' || isArnPattern(one)));
/** Everybody, an account, a role or a session; IAM takes no wildcard in a part of a name. */
const AwsPrincipals = Texts.refine((all) =>
  all.every((one) => /^(\*|\d{12}|arn:aws:(iam|sts)::\d{12}:[^*?]+)$/.test(one)),
);
const Principal = z.union([
  z.literal('*').transform(() => ({ aws: ['*'], services: [] })),
  z
    .strictObject({ AWS: AwsPrincipals.optional(), Service: Texts.optional() })
    .transform(({ AWS = [], Service = [] }) => ({ aws: AWS, services: Service })),
]);
const Common = {
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action,
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
};
const STATEMENTS = {
  identity: z.strictObject({ ...Common, Resource }),
  resource: z.strictObject({ ...Common, Resource, Principal }),
  trust: z.strictObject({ ...Common, Principal }),
} as const;

const documentOf = (kind: PolicyKind) => {
  const statement = STATEMENTS[kind];
  return z.strictObject({
    Version: z.literal('2012-10-17').optional(),
    Id: z.string().optional(),
    Statement: z.union([statement.transform((one) => [one]), z.array(statement)]),
  });
};

/**
 * Reads a policy document. What is not understood is refused, since a part that is passed over could be the one that denies:
 * `NotAction`, `NotResource`, `NotPrincipal`, policy variables, unknown operators and keys.
 * @param document parsed JSON, every reference in it resolved
 * @throws UnknownPolicyPart
 */
export const readPolicy = (document: unknown, kind: PolicyKind): Policy => {
  const parsed = documentOf(kind).safeParse(document);
  if (!parsed.success) {
    const { path = [], message = '' } = parsed.error.issues[0] ?? {};
    throw new UnknownPolicyPart(`something else at ${path.join('.') || 'its top'} (${message})`);
  }
  return parsed.data.Statement.map((statement) => ({
    effect: statement.Effect,
    actions: statement.Action,
    resources: 'Resource' in statement ? statement.Resource : ['*'],
    principals: 'Principal' in statement ? statement.Principal : null,
    conditions: readConditions(statement.Condition),
  }));
};

/** A policy of a role that may do these things to everything. */
export const allowing = (...actions: readonly string[]): Policy =>
  actions.length === 0 ? [] : [{ effect: 'Allow', actions, resources: ['*'], principals: null, conditions: [] }];
