import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CredentialStore, type RoleSession } from '../../local/aws-wire/credentials.ts';
import { allowing } from '../../local/aws-wire/iam/policy.ts';

/** Root credentials of a test's local AWS. */
export const ROOT = { accessKeyId: 'AKIALOCALTEST', secretAccessKey: 'local-test-secret' } as const;

/** A data folder that is removed at the end, with separate credentials. */
export const temporaryFolder = async (): Promise<{ readonly folder: string; remove(): Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'verified-test-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
};

export const newCredentials = (): CredentialStore => new CredentialStore(ROOT);

/** Credentials of a new role that may do these things to everything, and that nobody may assume. */
export const issueFor = (
  credentials: CredentialStore,
  actions: readonly string[],
  session: Partial<RoleSession> = {},
) => {
  const { roleArn = `arn:aws:iam::000000000000:role/${randomUUID()}` } = session;
  credentials.access.putRole({ arn: roleArn, policies: [allowing(...actions)], trust: [] });
  return credentials.issue({ name: 'session', expiresAtMs: null, ...session, roleArn });
};

/** Options of an SDK client that talks to a local part. */
export const clientOf = (
  endpoint: string,
  credentials: { accessKeyId: string; secretAccessKey: string } = ROOT,
  region = 'us-east-1',
) => ({
  endpoint,
  region,
  credentials,
  maxAttempts: 1,
});
