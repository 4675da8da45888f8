import { AwsError } from '../aws-error.ts';
import { type AccessRequest, decide } from './decide.ts';
import type { Policy } from './policy.ts';

/** A role of this machine's account. */
export interface Role {
  readonly arn: string;
  readonly policies: readonly Policy[];
  /** Who may assume it. */
  readonly trust: Policy;
}

/** Whoever signed a request. */
export interface Caller {
  /** Their principal, as access-denied messages name it. */
  readonly arn: string;
  /** The role whose session they are; null for root credentials. */
  readonly roleArn: string | null;
  /** Inline session policy of AssumeRole; null for none. */
  readonly sessionPolicy: Policy | null;
}

/** A decision, for tests that list what is used. */
export interface Decided extends AccessRequest {
  readonly roleArn: string;
  readonly isAllowed: boolean;
}

/** Roles, and the policies of keys, buckets and roles: what decides every signed request of one platform. */
export class AccessControl {
  readonly #roles = new Map<string, Role>();
  readonly #resourcePolicies = new Map<string, Policy>();
  /** Receives every decision about a role's request. */
  onDecision: (decided: Decided) => void = () => {};

  /** Adds a role, or replaces it for all its sessions. */
  putRole(role: Role): void {
    this.#roles.set(role.arn, role);
  }

  role(arn: string): Role | null {
    return this.#roles.get(arn) ?? null;
  }

  /** The policy of a key (by its ARN) or bucket (by its ARN without a key). */
  putResourcePolicy(arn: string, policy: Policy): void {
    this.#resourcePolicies.set(arn, policy);
  }

  /**
   * @param caller root credentials may do everything; expiry was checked with the signature
   * @throws AwsError AccessDeniedException (403; the JSON protocols send 400)
   */
  authorize({ arn, roleArn, sessionPolicy }: Caller, request: AccessRequest): void {
    if (roleArn === null) return;
    const policies = this.#roles.get(roleArn)?.policies ?? [];
    const denial = decide(request, { arn, roleArn, policies, sessionPolicy }, this.#policyOf(request));
    this.onDecision({ ...request, roleArn, isAllowed: denial === null });
    if (denial !== null) throw new AwsError('AccessDeniedException', denial, 403);
  }

  #policyOf({ action, resource }: AccessRequest): Policy {
    if (action === 'sts:AssumeRole') return this.#roles.get(resource)?.trust ?? [];
    const bucket = resource.startsWith('arn:aws:s3:::') ? resource.split('/')[0] : undefined;
    return this.#resourcePolicies.get(bucket ?? resource) ?? [];
  }
}
