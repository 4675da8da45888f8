import type { AccessControl } from '../aws-wire/iam/access-control.ts';
import { allowing } from '../aws-wire/iam/policy.ts';
import { definedTables, type NewTable, type TableNames } from '../dynamodb/create-tables.ts';
import type { BucketKeys } from '../s3/authorize-call.ts';

/** Region of everything on this machine but Rekognition. */
export const REGION = 'us-east-1';
/** Another one, as a deployment may have it: whatever is signed for `REGION` is refused by Rekognition here. */
export const LIVENESS_REGION = 'us-west-2';
/** Sender of e-mail. */
export const NOTICE_SENDER = 'verified@harbour-bank.example';

/** Names that functions, seed and demo data use for what is in AWS. */
export interface ResourceNames {
  readonly tables: TableNames;
  /** KMS keys, each as an alias or ARN. */
  readonly keys: { readonly integrations: string; readonly faces: string };
  /** Of faces. */
  readonly bucket: string;
  /** ARN of the role behind the browser's credentials. */
  readonly streamRole: string;
}

/** What the servers that replace AWS hold. */
export interface AwsResources {
  readonly names: ResourceNames;
  readonly tables: readonly NewTable[];
  readonly buckets: readonly string[];
  readonly bucketKeys: BucketKeys;
  /** Table name to the ARN of its KMS key; null: the database is not guarded, since no one but root calls it. */
  readonly tableKeys: Readonly<Record<string, string>> | null;
  /** Puts the roles, and the policies of keys and buckets. */
  readonly putAccess: (access: AccessControl) => void;
}

const NAMES: ResourceNames = {
  tables: {
    ACCOUNT_TABLE: 'verified-accounts',
    ACCOUNT_ITEM_TABLE: 'verified-account-items',
    AUDIT_TABLE: 'verified-audit',
    INTEGRATION_TABLE: 'verified-integrations',
    USER_TABLE: 'verified-users',
    SESSION_TABLE: 'verified-sessions',
    TRANSACTION_TABLE: 'verified-transactions',
    STATISTICS_TABLE: 'verified-statistics',
    DUE_WORK_TABLE: 'verified-due-work',
  },
  keys: { integrations: 'alias/verified-integrations', faces: 'alias/verified-faces' },
  bucket: 'verified-faces',
  streamRole: 'arn:aws:iam::000000000000:role/verified-liveness-stream',
};

/** All functions in one process, with root credentials: only the browser has a role. */
export const LOCAL_RESOURCES: AwsResources = {
  names: NAMES,
  tables: definedTables(NAMES.tables),
  buckets: [NAMES.bucket],
  bucketKeys: {},
  tableKeys: null,
  putAccess: (access) => {
    const policies = [allowing('rekognition:StartFaceLivenessSession')];
    access.putRole({ arn: NAMES.streamRole, policies, trust: [] });
  },
};
