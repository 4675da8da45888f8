import { randomBytes } from 'node:crypto';

/** Credentials that a local service accepts. Root credentials may do everything, issued ones only what their policies allow. */
export interface LocalCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
  /** Their principal, as access-denied messages name it. */
  readonly arn: string;
  /** Milliseconds since 1970; null for root credentials. */
  readonly expiresAtMs: number | null;
  /** Actions of the role, e.g. `rekognition:StartFaceLivenessSession`; null for root credentials. */
  readonly roleActions: readonly string[] | null;
  /** Inline session policy of AssumeRole, parsed; null for none. */
  readonly sessionPolicy: SessionPolicy | null;
}

/** The part of an IAM policy that the local services evaluate. Anything else in it denies. */
export interface SessionPolicy {
  readonly Statement: readonly {
    readonly Effect: string;
    readonly Action: string | readonly string[];
    readonly Resource: string | readonly string[];
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  }[];
}

type Statement = SessionPolicy['Statement'][number];

/** Action names are case-insensitive and may contain `*` and `?` (IAM user guide, policy element Action). */
const names = (statement: Statement, action: string): boolean =>
  [statement.Action].flat().some((name) => {
    const pattern = name
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return new RegExp(`^${pattern}$`, 'i').test(action);
  });

const conditionHolds = ({ Condition }: Statement, nowMs: number): boolean =>
  Object.entries(Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(
      ([key, value]) => operator === 'DateLessThan' && key === 'aws:CurrentTime' && nowMs < Date.parse(value),
    ),
  );

/** A Deny overrides every Allow (IAM user guide, policy evaluation), here whatever its resource or condition says. */
const policyAllows = ({ Statement }: SessionPolicy, action: string, nowMs: number): boolean =>
  !Statement.some((statement) => statement.Effect !== 'Allow' && names(statement, action)) &&
  Statement.some(
    (statement) =>
      names(statement, action) && [statement.Resource].flat().includes('*') && conditionHolds(statement, nowMs),
  );

/** True if `credentials` may call `action` at `nowMs`: not expired, and allowed by the role and by the session policy. */
export const isAllowed = (credentials: LocalCredentials, action: string, nowMs: number): boolean => {
  if (credentials.expiresAtMs !== null && nowMs >= credentials.expiresAtMs) return false;
  if (credentials.roleActions === null) return true;
  if (!credentials.roleActions.includes(action)) return false;
  return credentials.sessionPolicy === null || policyAllows(credentials.sessionPolicy, action, nowMs);
};

/** The credentials that exist on this machine, shared by all local services of one platform. */
export class CredentialStore {
  readonly root: LocalCredentials;
  readonly #issued = new Map<string, LocalCredentials>();

  constructor(root: { readonly accessKeyId: string; readonly secretAccessKey: string }) {
    this.root = {
      ...root,
      arn: 'arn:aws:iam::000000000000:root',
      sessionToken: null,
      expiresAtMs: null,
      roleActions: null,
      sessionPolicy: null,
    };
  }

  /** Temporary credentials, as STS issues them. */
  issue(
    grant: Required<Pick<LocalCredentials, 'roleActions' | 'sessionPolicy'>> & {
      readonly expiresAtMs: number;
      readonly arn?: string;
    },
  ) {
    const issued = {
      arn: 'arn:aws:sts::000000000000:assumed-role/local/session',
      ...grant,
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
