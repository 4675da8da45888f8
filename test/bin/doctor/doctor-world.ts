import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdminCreateUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { Template } from 'aws-cdk-lib/assertions';
import { buildUploads } from '../../../bin/build-uploads.ts';
import type { Finding } from '../../../bin/doctor/checks/check.ts';
import { type ClientsIn, regionalClients } from '../../../bin/doctor/clients.ts';
import { runDoctor } from '../../../bin/doctor/run-doctor.ts';
import { cursorOf, QUEUES } from '../../../lambdas/adapters/dynamodb/jobs/drained-days.ts';
import { createApp } from '../../../lib/create-app.ts';
import { loginPrefix } from '../../../lib/login-prefix.ts';
import { readSettings } from '../../../lib/settings.ts';
import { Verified } from '../../../lib/verified.ts';
import type { VerifiedProps } from '../../../lib/verified-props.ts';
import type { RunningPart } from '../../../local/aws-wire/listen.ts';
import type { CognitoOptions } from '../../../local/cognito/start-cognito.ts';
import { allOf, type Model, type ModelResource } from '../../../local/control-plane/model.ts';
import { type DeployedTemplate, modelOfStacks } from '../../../local/control-plane/model-of-stacks.ts';
import { startControlPlane } from '../../../local/control-plane/start-control-plane.ts';
import { startSts } from '../../../local/sts/start-sts.ts';
import { type Pool, startPool } from '../../local/cognito/pool.ts';
import { signIn } from '../../local/cognito/sign-in.ts';
import { newCredentials, ROOT } from '../../support/local-aws.ts';

export const ACCOUNT = '000000000000';
export const REGION = 'eu-west-1';
/** When the doctor looks. */
const NOW = '2026-11-28T12:00:00Z';
const YESTERDAY = '2026-11-27';
/** An operator, whose address must never be seen. */
export const OPERATOR = 'ann.operator@example.com';

/** Every part that a stage can have: its own host, web ACL and sender, an address for alarms, and a pool of operators. */
export const WHOLE = {
  stage: 'prod',
  region: REGION,
  account: ACCOUNT,
  domainName: 'verify.example.com',
  certificateArn: `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/00000000-0000-0000-0000-000000000000`,
  webAclArn: `arn:aws:wafv2:us-east-1:${ACCOUNT}:global/webacl/verified/00000000-0000-0000-0000-000000000000`,
  alarmEmail: 'oncall@example.com',
  noticeSender: 'verified@example.com',
  accountConcurrency: '1000',
};

/** The stage as `npx cdk deploy` would deploy it, by its settings and what only code can pass. */
export const synthesized = async (
  given: Readonly<Record<string, string>>,
  props: Pick<VerifiedProps, 'alarmTopic'> = {},
): Promise<readonly DeployedTemplate[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'verified-doctor-'));
  try {
    await buildUploads();
    const settings = readSettings((name) => given[name]);
    const { stacks } = new Verified(createApp(folder), 'Verified', { ...settings, ...props });
    return Object.values(stacks).flatMap((stack) =>
      stack === null
        ? []
        : [
            {
              name: stack.stackName,
              region: stack.region,
              isProtected: stack.terminationProtection === true,
              template: Template.fromStack(stack).toJSON(),
            },
          ],
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** The account on a healthy day. */
export const healthy = (templates: readonly DeployedTemplate[]): Model => {
  const model = modelOfStacks(ACCOUNT, templates);
  model.drainedThrough = Object.fromEntries(QUEUES.map((queue) => [cursorOf(queue).dueDay, YESTERDAY]));
  model.certificates = { [WHOLE.certificateArn]: { status: 'ISSUED', endsAtMs: Date.parse('2027-05-01T12:00:00Z') } };
  return model;
};

/** The first resource of a type whose logical id contains this. */
export const resource = (model: Model, type: string, part = ''): ModelResource => {
  const [found] = allOf(model, type).filter(({ logicalId }) => logicalId.includes(part));
  if (found === undefined) throw new Error(`there is no ${type} ${part}`);
  return found;
};

export interface Run {
  readonly exitCode: number;
  readonly out: string;
  readonly problem: string;
  /** Of a run with `--json`. */
  readonly findings: readonly Finding[];
}

/** Runs the doctor in this process; it finds the local servers by its environment, as in a shell. */
export const look = async (args: readonly string[], clientsIn: ClientsIn = regionalClients()): Promise<Run> => {
  const out: string[] = [];
  const problems: string[] = [];
  const exitCode = await runDoctor(args, {
    clientsIn,
    clockMs: () => Date.parse(NOW),
    print: (text) => out.push(text),
    complain: (text) => problems.push(text),
  });
  const text = out.join('\n');
  const { findings = [] } = args.includes('--json') ? (JSON.parse(text) as { findings: readonly Finding[] }) : {};
  return { exitCode, out: text, problem: problems.join('\n'), findings };
};

/** Not well, by name. */
export const bad = ({ findings }: Run): readonly string[] =>
  findings.filter(({ state }) => state === 'fault' || state === 'unknown').map(({ name, state }) => `${state} ${name}`);

/** An empty pool with the ids that the stacks have. */
export const startOperators = (model: Model, options: Partial<CognitoOptions> = {}): Promise<Pool> => {
  const poolId = resource(model, 'AWS::Cognito::UserPool').physicalId;
  const clientId = resource(model, 'AWS::Cognito::UserPoolClient').physicalId;
  const [, stage = ''] =
    /^verified-(.+)-web$/.exec(model.stacks.find(({ name }) => name.endsWith('-web'))?.name ?? '') ?? [];
  return startPool({ poolId, clientId, domain: loginPrefix(stage, ACCOUNT), ...options });
};

/** Adds an operator to a pool, with a verified address, who then signs in for the first time. */
export const addOperator = async (pool: Pool, model: Model, isVerified = true): Promise<void> => {
  const UserPoolId = resource(model, 'AWS::Cognito::UserPool').physicalId;
  const UserAttributes = [
    { Name: 'email', Value: OPERATOR },
    ...(isVerified ? [{ Name: 'email_verified', Value: 'true' }] : []),
  ];
  const user = { UserPoolId, Username: OPERATOR, UserAttributes, DesiredDeliveryMediums: ['EMAIL' as const] };
  await pool.cognito.send(new AdminCreateUserCommand(user));
  await signIn(
    pool,
    OPERATOR,
    pool.passwordOf(OPERATOR),
    Date.now(),
    resource(model, 'AWS::Cognito::UserPoolClient').physicalId,
  );
};

export interface World {
  readonly environment: Readonly<Record<string, string>>;
  readonly credentials: ReturnType<typeof newCredentials>;
  readonly pool: Pool;
  /** IAM actions that were allowed, in order. */
  readonly calls: string[];
  /** What the account looks like from now on. */
  show(model: Model): void;
  close(): Promise<void>;
}

/** An AWS account with one stage, on this machine. */
export const startWorld = async (first: Model): Promise<World> => {
  let model = first;
  const credentials = newCredentials();
  const calls: string[] = [];
  const controlPlane = startControlPlane({
    get model() {
      return model;
    },
    credentials,
    onCall: (action) => calls.push(action),
  });
  const [plane, sts, pool] = await Promise.all([
    controlPlane,
    startSts({ port: 0, credentials }),
    startOperators(first, { credentials }),
  ]);
  await addOperator(pool, first);
  const parts: readonly RunningPart[] = [plane, sts, pool];
  return {
    environment: {
      AWS_ACCESS_KEY_ID: ROOT.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
      AWS_SESSION_TOKEN: '',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_MAX_ATTEMPTS: '1',
      AWS_ENDPOINT_URL: plane.url,
      AWS_ENDPOINT_URL_STS: sts.url,
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: pool.url,
    },
    credentials,
    pool,
    calls,
    show: (other) => {
      model = other;
    },
    close: async () => {
      await Promise.all(parts.map((part) => part.close()));
    },
  };
};
