import { conditionsHold, type RequestContext } from './conditions.ts';
import type { Policy, Principals, Statement } from './policy.ts';
import { fitsArn, fitsWildcard } from './wildcard.ts';

/** One thing that a call does to one resource. */
export interface AccessRequest {
  /** e.g. `dynamodb:PutItem` */
  readonly action: string;
  /** ARN; `*` for actions that have no resources to name (Service Authorization Reference). */
  readonly resource: string;
  /** By condition key in lower case. */
  readonly context: RequestContext;
}

/** A session of a role, as policies see it. */
export interface Principal {
  /** As messages name it. */
  readonly arn: string;
  readonly roleArn: string;
  readonly policies: readonly Policy[];
  /** Inline policy of AssumeRole; null for none. */
  readonly sessionPolicy: Policy | null;
}

/** Why a request is denied, in AWS's words (IAM user guide, troubleshooting access denied messages); null if it is allowed. */
export type Denial = string | null;

/**
 * For keys and roles, their own policy has to allow, too: without one, nobody may use them (IAM user guide, evaluation logic: role trust
 * and key policies). Calls that name none, such as kms:ListKeys, have no such policy.
 */
const needsOwnAllow = ({ action, resource }: AccessRequest): boolean => /^(kms|sts):/.test(action) && resource !== '*';

/** How a statement is about the caller: in person, or through the account, which leaves it to the caller's own policies. */
type Aim = 'caller' | 'account' | 'nobody';

const aimOf = ({ aws }: Principals, { arn, roleArn }: Principal): Aim => {
  if (aws.some((one) => one === '*' || one === arn || one === roleArn)) return 'caller';
  const account = roleArn.split(':')[4] ?? '';
  return aws.some((one) => one === account || one === `arn:aws:iam::${account}:root`) ? 'account' : 'nobody';
};

/** True if the statement is about this action, this resource and this moment, whoever calls. */
export const isAbout = (statement: Statement, { action, resource, context }: AccessRequest): boolean =>
  statement.actions.some((one) => fitsWildcard(one, action, 'i')) &&
  statement.resources.some((one) => fitsArn(one, resource)) &&
  conditionsHold(statement.conditions, context);

const has = (policy: Policy, effect: Statement['effect'], request: AccessRequest): boolean =>
  policy.some((statement) => statement.effect === effect && isAbout(statement, request));

/** The part of a resource's policy that is about the caller, or about the caller's account. */
const aimedAt = (policy: Policy, caller: Principal, ...aims: readonly Aim[]): Policy =>
  policy.filter(({ principals }) => principals !== null && aims.includes(aimOf(principals, caller)));

const explicitDenial = (request: AccessRequest, caller: Principal, own: Policy): Denial => {
  const kinds: readonly (readonly [string, readonly Policy[]])[] = [
    ['an identity-based policy', caller.policies],
    ['a session policy', caller.sessionPolicy === null ? [] : [caller.sessionPolicy]],
    ['a resource-based policy', [aimedAt(own, caller, 'caller', 'account')]],
  ];
  const denying = kinds.find(([, policies]) => policies.some((policy) => has(policy, 'Deny', request)));
  return denying === undefined ? null : ` with an explicit deny in ${denying[0]}`;
};

/** What lacks an Allow; null if nothing does. */
const missingAllow = (request: AccessRequest, caller: Principal, own: Policy): string | null => {
  const inPerson = has(aimedAt(own, caller, 'caller'), 'Allow', request);
  const byAccount = has(aimedAt(own, caller, 'account'), 'Allow', request);
  if (needsOwnAllow(request) && !inPerson && !byAccount) return 'resource-based';
  if (!inPerson && !caller.policies.some((policy) => has(policy, 'Allow', request))) return 'identity-based';
  return caller.sessionPolicy === null || has(caller.sessionPolicy, 'Allow', request) ? null : 'session';
};

/**
 * Decides as within one account: an explicit Deny wins, then the role's policies or the resource's own have to allow, and the session's
 * as well. Keys and roles are reached through their own policy only.
 * Source: IAM user guide, "Policy evaluation logic".
 * @param own policy of the resource; empty for resources without one
 */
export const decide = (request: AccessRequest, caller: Principal, own: Policy): Denial => {
  const { action, resource } = request;
  const what = `User: ${caller.arn} is not authorized to perform: ${action}${resource === '*' ? '' : ` on resource: ${resource}`}`;
  const explicit = explicitDenial(request, caller, own);
  if (explicit !== null) return what + explicit;
  const missing = missingAllow(request, caller, own);
  return missing === null ? null : `${what} because no ${missing} policy allows the ${action} action`;
};
