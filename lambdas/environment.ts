import * as z from 'zod';

/**
 * Every environment variable of every Lambda: its name, its form and who needs it. CDK sets them from these names; this is
 * the only file that reads `process.env`. Where the AWS clients point is the SDK's own business (`AWS_ENDPOINT_URL_*`).
 */
const Name = z.string().min(1);
/** Sender of e-mail; empty: no notices are sent, and no sign-in can go on by e-mail. */
const NoticeSender = z.string().default('');

/** Shared with the distribution alone: 32 characters or more each, several joined by commas while one replaces the other. */
const FrontDoorSecret = z.string().regex(/^[^,]{32,}(,[^,]{32,})*$/);

const LoginEnvironment = z.object({
  /** Origin of page and API, e.g. `https://verify.example.com`. */
  PUBLIC_ORIGIN: z.url({ protocol: /^https?$/ }),
  FRONT_DOOR_SECRET: FrontDoorSecret,
  INTEGRATION_TABLE: Name,
  USER_TABLE: Name,
  SESSION_TABLE: Name,
  TRANSACTION_TABLE: Name,
  STATISTICS_TABLE: Name,
  DUE_WORK_TABLE: Name,
});

export const SessionEnvironment = LoginEnvironment.extend({
  /** Encrypts the derived keys of integrations. */
  INTEGRATION_KEY_ID: Name,
  NOTICE_SENDER: NoticeSender,
});

export const FaceCheckEnvironment = LoginEnvironment.extend({
  /** Encrypts the data keys of reference faces. */
  FACE_KEY_ID: Name,
  FACE_BUCKET: Name,
  /** Region of Face Liveness; it exists in eight regions only, so it may differ from the stack's. */
  LIVENESS_REGION: Name,
  /** Role that the browser's short-lived stream credentials are made from. */
  STREAM_ROLE_ARN: z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/),
});

export const PortalEnvironment = z.object({
  FRONT_DOOR_SECRET: FrontDoorSecret,
  ACCOUNT_TABLE: Name,
  ACCOUNT_ITEM_TABLE: Name,
  AUDIT_TABLE: Name,
  /** `open`: whoever signs in may make an account. `closed`: the first person of the deployment alone. */
  PORTAL_SIGN_UP: z.enum(['open', 'closed']),
});

export const PortalAccountsEnvironment = PortalEnvironment.extend({
  /** Origin of the portal's pages, for the links of invitations. */
  PUBLIC_ORIGIN: z.url({ protocol: /^https?$/ }),
  /** Sender of invitations; empty: none are sent. */
  NOTICE_SENDER: z.string().default(''),
});

export const PortalIntegrationsEnvironment = PortalEnvironment.extend({
  INTEGRATION_TABLE: Name,
  /** The last openings of each integration stand there. */
  SESSION_TABLE: Name,
  DUE_WORK_TABLE: Name,
  INTEGRATION_KEY_ID: Name,
});

export const PortalUsersEnvironment = PortalEnvironment.extend({
  INTEGRATION_TABLE: Name,
  USER_TABLE: Name,
  DUE_WORK_TABLE: Name,
  FACE_KEY_ID: Name,
  FACE_BUCKET: Name,
});

export const PortalTransactionsEnvironment = PortalEnvironment.extend({
  INTEGRATION_TABLE: Name,
  TRANSACTION_TABLE: Name,
  STATISTICS_TABLE: Name,
});

export const AutomationEnvironment = PortalEnvironment.extend({
  INTEGRATION_TABLE: Name,
  DUE_WORK_TABLE: Name,
  /** Encrypts the secrets of webhooks. */
  INTEGRATION_KEY_ID: Name,
});

export const BackendEnvironment = z.object({
  FRONT_DOOR_SECRET: z.string().min(32),
  ACCOUNT_ITEM_TABLE: Name,
  AUDIT_TABLE: Name,
  INTEGRATION_TABLE: Name,
  USER_TABLE: Name,
  DUE_WORK_TABLE: Name,
  FACE_KEY_ID: Name,
  FACE_BUCKET: Name,
});

export const HousekeepingEnvironment = z.object({
  ACCOUNT_ITEM_TABLE: Name,
  INTEGRATION_TABLE: Name,
  USER_TABLE: Name,
  DUE_WORK_TABLE: Name,
  INTEGRATION_KEY_ID: Name,
  FACE_KEY_ID: Name,
  FACE_BUCKET: Name,
  NOTICE_SENDER: NoticeSender,
});

/**
 * Reads and checks the environment once, when a Lambda starts.
 * @throws Error that names each missing or malformed variable and no value
 */
export const readEnvironment = <Schema extends z.ZodType>(schema: Schema): z.infer<Schema> => {
  const result = schema.safeParse(process.env);
  if (result.success) return result.data;
  const names = result.error.issues.map((issue) => issue.path.join('.'));
  throw new Error(`environment variables missing or malformed: ${[...new Set(names)].join(', ')}`);
};
