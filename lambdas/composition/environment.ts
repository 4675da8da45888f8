import * as z from 'zod';
import { TABLES } from '../tables.ts';

const Name = z.string().min(1);

/**
 * Every environment variable of every Lambda and its form. CDK sets them from these names; this is the only file that reads
 * `process.env`. The SDK itself decides where the AWS clients point (`AWS_ENDPOINT_URL_*`).
 */
const FORMS = {
  ...(Object.fromEntries(Object.keys(TABLES).map((table) => [table, Name])) as Record<
    keyof typeof TABLES,
    typeof Name
  >),
  /** Origin of page and API, e.g. `https://verify.example.com`. */
  PUBLIC_ORIGIN: z.url({ protocol: /^https?$/ }),
  /** Shared with the distribution alone: 32 characters or more each; several, joined by commas, while one replaces the other. */
  FRONT_DOOR_SECRET: z.string().regex(/^[^,]{32,}(,[^,]{32,})*$/),
  /** Encrypts the derived keys of integrations, and the secrets of webhooks. */
  INTEGRATION_KEY_ID: Name,
  /** Encrypts the data keys of reference faces. */
  FACE_KEY_ID: Name,
  FACE_BUCKET: Name,
  /** Region in which Rekognition processes faces. Face Liveness exists in eight regions only, so it may differ from the stack's. */
  LIVENESS_REGION: Name,
  /** Role that issues the browser's short-lived stream credentials. */
  STREAM_ROLE_ARN: z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/),
  /** Sender of e-mail; empty: no notices and no invitations are sent, and no login can continue by e-mail. */
  NOTICE_SENDER: z.string().default(''),
  /** The Cognito user pool of operators; empty: they sign in at an external issuer. */
  OPERATOR_POOL_ID: z.string().default(''),
  /** `open`: whoever signs in may create an account. `closed`: only the first operator of the deployment. `never`: nobody. */
  PORTAL_SIGN_UP: z.enum(['open', 'closed', 'never']),
};

export type Variable = keyof typeof FORMS;
export type Environment<Names extends readonly Variable[]> = {
  readonly [N in Names[number]]: z.output<(typeof FORMS)[N]>;
};

/** What every function that takes part in a login needs. */
export const LOGIN_VARIABLES = [
  'PUBLIC_ORIGIN',
  'FRONT_DOOR_SECRET',
  'INTEGRATION_TABLE',
  'USER_TABLE',
  'SESSION_TABLE',
  'TRANSACTION_TABLE',
  'STATISTICS_TABLE',
  'DUE_WORK_TABLE',
] as const;
const PORTAL = ['FRONT_DOOR_SECRET', 'ACCOUNT_ITEM_TABLE', 'AUDIT_TABLE'] as const;

/** What each Lambda needs. */
export const SESSION_VARIABLES = [...LOGIN_VARIABLES, 'INTEGRATION_KEY_ID', 'NOTICE_SENDER'] as const;
export const FACE_CHECK_VARIABLES = [
  ...LOGIN_VARIABLES,
  'FACE_KEY_ID',
  'FACE_BUCKET',
  'LIVENESS_REGION',
  'STREAM_ROLE_ARN',
] as const;
export const ACCOUNTS_VARIABLES = [
  ...PORTAL,
  'ACCOUNT_TABLE',
  'PORTAL_SIGN_UP',
  'PUBLIC_ORIGIN',
  'NOTICE_SENDER',
  'OPERATOR_POOL_ID',
] as const;
/** The tenant contacts of each integration are in the table of sessions. */
export const INTEGRATIONS_VARIABLES = [
  ...PORTAL,
  'INTEGRATION_TABLE',
  'SESSION_TABLE',
  'DUE_WORK_TABLE',
  'INTEGRATION_KEY_ID',
] as const;
export const USERS_VARIABLES = [
  ...PORTAL,
  'INTEGRATION_TABLE',
  'USER_TABLE',
  'DUE_WORK_TABLE',
  'FACE_KEY_ID',
  'FACE_BUCKET',
] as const;
export const TRANSACTIONS_VARIABLES = [
  ...PORTAL,
  'INTEGRATION_TABLE',
  'TRANSACTION_TABLE',
  'STATISTICS_TABLE',
] as const;
export const AUTOMATION_VARIABLES = [...PORTAL, 'INTEGRATION_TABLE', 'DUE_WORK_TABLE', 'INTEGRATION_KEY_ID'] as const;
export const BACKEND_VARIABLES = [
  'FRONT_DOOR_SECRET',
  'ACCOUNT_ITEM_TABLE',
  'AUDIT_TABLE',
  'INTEGRATION_TABLE',
  'USER_TABLE',
  'DUE_WORK_TABLE',
  'FACE_KEY_ID',
  'FACE_BUCKET',
] as const;
export const HOUSEKEEPING_VARIABLES = [
  'ACCOUNT_ITEM_TABLE',
  'INTEGRATION_TABLE',
  'USER_TABLE',
  'SESSION_TABLE',
  'DUE_WORK_TABLE',
  'INTEGRATION_KEY_ID',
  'FACE_KEY_ID',
  'FACE_BUCKET',
  'LIVENESS_REGION',
  'NOTICE_SENDER',
] as const;

/**
 * Reads and checks the environment once, when a Lambda starts.
 * @throws Error that names each missing or malformed variable and no value
 */
export const readEnvironment = <const Names extends readonly Variable[]>(names: Names): Environment<Names> => {
  // Compiling a schema costs a cold start more than it saves in a Lambda's few parses per request.
  z.config({ jitless: true });
  const result = z.object(Object.fromEntries(names.map((name) => [name, FORMS[name]]))).safeParse(process.env);
  if (result.success) return result.data as Environment<Names>;
  const missing = result.error.issues.map((issue) => issue.path.join('.'));
  throw new Error(`environment variables missing or malformed: ${[...new Set(missing)].join(', ')}`);
};
