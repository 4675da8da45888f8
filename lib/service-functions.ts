import type { LambdaFunction } from './constructs/lambda-function.ts';
import type { Settings } from './settings-schema.ts';
import { signUpOf } from './sign-up.ts';
import type { DataStack } from './stacks/data-stack.ts';

/** What functions receive in addition to the data. */
export interface Surroundings {
  readonly settings: Settings;
  readonly data: DataStack;
  readonly publicOrigin: string;
  readonly frontDoorSecret: string;
  readonly region: string;
  readonly account: string;
  /** Lets the function issue credentials for the browser's liveness stream. */
  readonly grantStream: (fn: LambdaFunction) => void;
  /** Lets the function create users in the pool of operators, if there is one. */
  readonly grantInvite: (fn: LambdaFunction) => void;
}

/** One Lambda: its size and its permissions. A test compares the lists with the synthesized roles. */
export interface ServiceFunction {
  /** Folder in `lambdas/functions/`. */
  readonly name: string;
  readonly description: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Maximum concurrency, which also bounds the cost; docs/deploy.md gives the reasons for the figures. */
  readonly maxConcurrency: number;
  readonly grant: (fn: LambdaFunction, surroundings: Surroundings) => void;
}

const INTEGRATION_KEYS = 'verified/integration-keys';
const WEBHOOK_SECRETS = 'verified/webhook-secrets';

const forCapturePage = (fn: LambdaFunction, { publicOrigin, frontDoorSecret }: Surroundings): void => {
  fn.setEnvironment('PUBLIC_ORIGIN', publicOrigin);
  fn.setEnvironment('FRONT_DOOR_SECRET', frontDoorSecret);
};

/** Reads a session and its user, and ends it: with the login record, the counts, and the notice due after an enrollment. */
const endLogins = (fn: LambdaFunction, { data: { tables } }: Surroundings, more: readonly 'PutItem'[] = []): void => {
  tables.grant(fn, 'INTEGRATION_TABLE', ['GetItem']);
  tables.grant(fn, 'USER_TABLE', ['GetItem', 'UpdateItem']);
  tables.grant(fn, 'SESSION_TABLE', ['GetItem', ...more, 'UpdateItem']);
  tables.grant(fn, 'TRANSACTION_TABLE', ['PutItem']);
  tables.grant(fn, 'STATISTICS_TABLE', ['UpdateItem']);
  tables.grant(fn, 'DUE_WORK_TABLE', ['PutItem']);
};

/** What every function of the portal needs: the operator, and the audit log, which is append-only for it. */
const forOperators = (
  fn: LambdaFunction,
  { data, frontDoorSecret }: Surroundings,
  more: readonly ('PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query' | 'ConditionCheckItem')[] = [],
  audit: readonly 'PutItem'[] = ['PutItem'],
) => {
  fn.setEnvironment('FRONT_DOOR_SECRET', frontDoorSecret);
  data.tables.grant(fn, 'ACCOUNT_ITEM_TABLE', ['GetItem', ...more]);
  data.tables.grant(fn, 'AUDIT_TABLE', audit);
};

const openIntegrationKeys = (fn: LambdaFunction, { data }: Surroundings): void => {
  fn.setEnvironment('INTEGRATION_KEY_ID', data.integrationKey.key.keyArn);
  data.integrationKey.grantPurpose(fn, INTEGRATION_KEYS, ['Decrypt']);
};

/** These Rekognition calls have no resources to name (Service Authorization Reference); only the region can be restricted. */
const callRekognition = (fn: LambdaFunction, region: string, actions: readonly string[]): void =>
  fn.permit({
    actions: actions.map((action) => `rekognition:${action}`),
    resources: ['*'],
    conditions: { StringEquals: { 'aws:RequestedRegion': region } },
  });

const checkFaces = (fn: LambdaFunction, around: Surroundings, comparison: 'DetectFaces' | 'CompareFaces'): void => {
  const { livenessRegion } = around.settings;
  forCapturePage(fn, around);
  fn.setEnvironment('LIVENESS_REGION', livenessRegion);
  callRekognition(fn, livenessRegion, ['CreateFaceLivenessSession', 'GetFaceLivenessSessionResults', comparison]);
  around.grantStream(fn);
};

const sendMail = (fn: LambdaFunction, { settings, region, account }: Surroundings): void => {
  fn.setEnvironment('NOTICE_SENDER', settings.noticeSender ?? '');
  if (settings.noticeSender === undefined) return;
  const domain = settings.noticeSender.split('@')[1] ?? '';
  fn.permit({
    actions: ['ses:SendEmail'],
    resources: [settings.noticeSender, domain].map((name) => `arn:aws:ses:${region}:${account}:identity/${name}`),
    conditions: { StringEquals: { 'ses:FromAddress': settings.noticeSender } },
  });
};

/** Every Lambda of the service. */
export const SERVICE_FUNCTIONS: readonly ServiceFunction[] = [
  {
    name: 'session',
    description: 'Verified: opens, describes, ends and returns sessions',
    memoryMb: 512,
    timeoutSeconds: 15,
    maxConcurrency: 50,
    grant: (fn, around) => {
      forCapturePage(fn, around);
      openIntegrationKeys(fn, around);
      endLogins(fn, around, ['PutItem']);
      // Whether the user's row still contains the success that is signed.
      around.data.tables.grant(fn, 'USER_TABLE', ['ConditionCheckItem']);
      sendMail(fn, around);
    },
  },
  {
    name: 'enroll',
    description: 'Verified: enrolls faces',
    memoryMb: 1024,
    timeoutSeconds: 25,
    maxConcurrency: 25,
    grant: (fn, around) => {
      const { faces } = around.data;
      checkFaces(fn, around, 'DetectFaces');
      endLogins(fn, around);
      faces.grantStore(fn);
    },
  },
  {
    name: 'verify',
    description: 'Verified: verifies faces',
    memoryMb: 1024,
    timeoutSeconds: 25,
    maxConcurrency: 50,
    grant: (fn, around) => {
      const { faces } = around.data;
      checkFaces(fn, around, 'CompareFaces');
      endLogins(fn, around);
      faces.grantLoad(fn);
    },
  },
  {
    name: 'accounts',
    description: 'Verified portal: who is signed in, members, audit log',
    memoryMb: 512,
    timeoutSeconds: 15,
    maxConcurrency: 10,
    grant: (fn, around) => {
      const { tables } = around.data;
      forOperators(fn, around, ['PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'ConditionCheckItem']);
      fn.setEnvironment('PORTAL_SIGN_UP', signUpOf(around.settings));
      tables.grant(fn, 'AUDIT_TABLE', ['Query']);
      // Scan: whether any account exists yet.
      tables.grant(fn, 'ACCOUNT_TABLE', ['GetItem', 'Scan', 'PutItem', 'UpdateItem']);
      fn.setEnvironment('PUBLIC_ORIGIN', around.publicOrigin);
      sendMail(fn, around);
      around.grantInvite(fn);
    },
  },
  {
    name: 'integrations',
    description: 'Verified portal: integrations and their secrets',
    memoryMb: 512,
    timeoutSeconds: 15,
    maxConcurrency: 10,
    grant: (fn, around) => {
      const { tables, integrationKey } = around.data;
      forOperators(fn, around, ['PutItem', 'DeleteItem', 'Query']);
      tables.grant(fn, 'DUE_WORK_TABLE', ['PutItem']);
      tables.grant(fn, 'INTEGRATION_TABLE', ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem']);
      tables.grant(fn, 'SESSION_TABLE', ['GetItem']);
      fn.setEnvironment('INTEGRATION_KEY_ID', integrationKey.key.keyArn);
      // Seals new keys; it cannot open any.
      integrationKey.grantPurpose(fn, INTEGRATION_KEYS, ['Encrypt']);
    },
  },
  {
    name: 'users',
    description: 'Verified portal: users',
    memoryMb: 512,
    timeoutSeconds: 15,
    maxConcurrency: 10,
    grant: (fn, around) => {
      const { tables, faces } = around.data;
      forOperators(fn, around);
      tables.grant(fn, 'INTEGRATION_TABLE', ['GetItem']);
      tables.grant(fn, 'USER_TABLE', ['GetItem', 'BatchGetItem', 'Query', 'UpdateItem']);
      tables.grant(fn, 'DUE_WORK_TABLE', ['PutItem']);
      faces.grantLoad(fn);
      faces.grantDelete(fn);
    },
  },
  {
    name: 'transactions',
    description: 'Verified portal: ended logins',
    memoryMb: 512,
    timeoutSeconds: 15,
    maxConcurrency: 10,
    grant: (fn, around) => {
      const { tables } = around.data;
      // Reads only: there is nothing to record.
      forOperators(fn, around, [], []);
      tables.grant(fn, 'INTEGRATION_TABLE', ['GetItem']);
      tables.grant(fn, 'TRANSACTION_TABLE', ['Query', 'BatchGetItem']);
      tables.grant(fn, 'STATISTICS_TABLE', ['Query']);
    },
  },
  {
    name: 'automation',
    description: 'Verified portal: API keys and webhooks',
    memoryMb: 512,
    timeoutSeconds: 15,
    maxConcurrency: 10,
    grant: (fn, around) => {
      const { tables, integrationKey } = around.data;
      forOperators(fn, around, ['PutItem', 'UpdateItem', 'DeleteItem', 'Query']);
      tables.grant(fn, 'INTEGRATION_TABLE', ['GetItem']);
      tables.grant(fn, 'DUE_WORK_TABLE', ['PutItem']);
      fn.setEnvironment('INTEGRATION_KEY_ID', integrationKey.key.keyArn);
      // Seals new secrets; it cannot open any.
      integrationKey.grantPurpose(fn, WEBHOOK_SECRETS, ['Encrypt']);
    },
  },
  {
    name: 'backend',
    description: 'Verified: calls of an organization’s own backend, by API key',
    memoryMb: 512,
    timeoutSeconds: 15,
    // Whatever a key requests, logins keep their own share.
    maxConcurrency: 10,
    grant: (fn, around) => {
      const { tables, faces } = around.data;
      fn.setEnvironment('FRONT_DOOR_SECRET', around.frontDoorSecret);
      // The key's row, and the time of its last use.
      tables.grant(fn, 'ACCOUNT_ITEM_TABLE', ['GetItem', 'UpdateItem']);
      tables.grant(fn, 'INTEGRATION_TABLE', ['GetItem']);
      tables.grant(fn, 'USER_TABLE', ['GetItem', 'UpdateItem']);
      tables.grant(fn, 'DUE_WORK_TABLE', ['PutItem']);
      tables.grant(fn, 'AUDIT_TABLE', ['PutItem']);
      faces.grantDelete(fn);
    },
  },
  {
    name: 'housekeeping',
    description: 'Verified: deletes what is due, sends notices and webhook deliveries',
    memoryMb: 512,
    timeoutSeconds: 55,
    // One at a time: two would do the same jobs twice.
    maxConcurrency: 1,
    grant: (fn, around) => {
      const { tables, faces } = around.data;
      openIntegrationKeys(fn, around);
      around.data.integrationKey.grantPurpose(fn, WEBHOOK_SECRETS, ['Decrypt']);
      // Which webhooks receive an event, and how the last attempts ended.
      tables.grant(fn, 'ACCOUNT_ITEM_TABLE', ['GetItem', 'Query', 'UpdateItem']);
      tables.grant(fn, 'INTEGRATION_TABLE', ['GetItem']);
      tables.grant(fn, 'USER_TABLE', ['GetItem', 'Query', 'UpdateItem', 'DeleteItem']);
      // Removes what an abandoned login stored of a face.
      tables.grant(fn, 'SESSION_TABLE', ['GetItem', 'UpdateItem']);
      tables.grant(fn, 'DUE_WORK_TABLE', ['GetItem', 'Query', 'PutItem', 'DeleteItem']);
      faces.grantRemove(fn);
      // Whether a liveness session that was started was ever used.
      const { livenessRegion } = around.settings;
      fn.setEnvironment('LIVENESS_REGION', livenessRegion);
      callRekognition(fn, livenessRegion, ['GetFaceLivenessSessionResults']);
      sendMail(fn, around);
    },
  },
];
