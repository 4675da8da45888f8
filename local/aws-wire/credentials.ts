import { randomBytes } from 'node:crypto';
import { AccessControl, type Caller } from './iam/access-control.ts';
import type { RequestContext } from './iam/conditions.ts';
import type { Policy } from './iam/policy.ts';

/** Account of everything on this machine. */
export const ACCOUNT_ID = '000000000000';

/** Credentials that a local service accepts. Root credentials may do everything, a role's only what its policies allow. */
export interface LocalCredentials extends Caller {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
  /** Milliseconds since 1970; null: they do not end while this platform runs. */
  readonly expiresAtMs: number | null;
}

/** A session of a role, as STS issues it. */
export interface RoleSession {
  readonly roleArn: string;
  /** e.g. the function's name */
  readonly name: string;
  readonly sessionPolicy?: Policy | null;
  readonly expiresAtMs: number | null;
}

/** What is known of every signed request. The loopback stands for TLS 1.3, which every client of AWS speaks there. */
export const requestContext = (scope: string, nowMs: number): RequestContext => ({
  'aws:currenttime': new Date(nowMs).toISOString(),
  'aws:requestedregion': scope.split('/')[1] ?? '',
  'aws:securetransport': 'true',
});

/** The credentials that exist on this machine, shared by all local services of one platform, and what their roles may do. */
export class CredentialStore {
  readonly root: LocalCredentials;
  readonly access = new AccessControl();
  readonly #issued = new Map<string, LocalCredentials>();

  constructor(root: { readonly accessKeyId: string; readonly secretAccessKey: string }) {
    const arn = `arn:aws:iam::${ACCOUNT_ID}:root`;
    this.root = { ...root, arn, roleArn: null, sessionToken: null, expiresAtMs: null, sessionPolicy: null };
  }

  /** Temporary credentials, as STS issues them. */
  issue({ roleArn, name, sessionPolicy = null, expiresAtMs }: RoleSession) {
    const issued = {
      arn: `${roleArn.replace(/:iam:(.*):role\//, ':sts:$1:assumed-role/')}/${name}`,
      roleArn,
      sessionPolicy,
      expiresAtMs,
      accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString('base64url'),
      sessionToken: randomBytes(96).toString('base64'),
    };
    this.#issued.set(issued.accessKeyId, issued);
    return issued;
  }

  find(accessKeyId: string): LocalCredentials | null {
    return accessKeyId === this.root.accessKeyId ? this.root : (this.#issued.get(accessKeyId) ?? null);
  }
}
