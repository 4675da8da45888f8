import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Verdict } from '../oracle.ts';
import { ACCOUNT, type Cloud, type Denial, FIREWALL_REGION, REGION } from './cloud.ts';
import { readDeployedService } from './deployed-service.ts';
import { leftovers } from './leftovers.ts';
import { type WholeLogin, wholeLogin, writeIntegration } from './logins.ts';
import { removeEverything, survivorsOf } from './removal.ts';
import { tearDownCommands } from './tear-down-commands.ts';
import { type Settings, UserShell } from './user-shell.ts';

const FIRST: Settings = {
  region: REGION,
  // The origin that the tests' browser sends.
  domainName: 'verify.example.com',
  certificateArn: `arn:aws:acm:${FIREWALL_REGION}:${ACCOUNT}:certificate/00000000-0000-0000-0000-000000000000`,
  alarmEmail: 'oncall@example.com',
};
const CHANGED: Settings = {
  ...FIRST,
  alarmEmail: 'another@example.com',
  monthlyBudgetUsd: 500,
  waf: true,
  frontDoorGeneration: 2,
};
const STACKS = ['data', 'web', 'service', 'operations', `global-${REGION}`];
const CHANGED_STACKS = [...STACKS, `firewall-${REGION}`];
const DEPLOY = 'npx cdk deploy --all -c stage=prod';

const Stacks = z.object({ Stacks: z.array(z.object({ StackName: z.string(), StackStatus: z.string() })) });

const say = (line: string): void => console.log(`  ${line}`);

/** Stacks of the stage that exist, with their states. */
const stacksOf = async (shell: UserShell): Promise<ReadonlyMap<string, string>> => {
  const regions = await Promise.all(
    [REGION, FIREWALL_REGION].map((region) => shell.read(`aws cloudformation describe-stacks --region ${region}`)),
  );
  const stacks = regions.flatMap((answer) => Stacks.parse(answer).Stacks);
  return new Map(
    stacks
      .filter(({ StackName }) => StackName.startsWith('verified-'))
      .map(({ StackName, StackStatus }) => [StackName.replace('verified-prod-', ''), StackStatus]),
  );
};

const expectStacks = async (shell: UserShell, names: readonly string[]): Promise<void> => {
  const stacks = await stacksOf(shell);
  const wrong = [...stacks].filter(
    ([name, status]) => !names.includes(name) || !/^(CREATE|UPDATE)_COMPLETE$/.test(status),
  );
  const missing = names.filter((name) => !stacks.has(name));
  if (wrong.length + missing.length > 0) throw new Error(`stacks: ${JSON.stringify([...stacks])}, wanted ${names}`);
};

const expectOutcome = async (outcome: string, login: WholeLogin): Promise<void> => {
  const claims = await wholeLogin(outcome === 'enrolled' ? 'enroll' : 'verify', login);
  if (claims['res'] !== outcome) throw new Error(`a login ended with ${JSON.stringify(claims)}`);
  say(`a whole login: ${outcome}`);
};

const destroy = async (shell: UserShell): Promise<void> => {
  for (const command of (await tearDownCommands()).destroy) await shell.run(command);
  say('destroyed');
};

export interface Rehearsal {
  readonly cloud: Cloud;
  readonly rekognitionUrl: string;
  readonly folder: string;
}

export interface Rehearsed {
  /** What was left behind. */
  readonly left: readonly Verdict[];
  /** Calls that no policy allowed. */
  readonly denied: readonly Denial[];
}

/**
 * The life of a stage, as docs/deploy.md describes it: bootstrapped, deployed, used, changed, used, destroyed, deployed again,
 * used, removed.
 *
 * @throws Error at the first step that fails
 */
export const rehearse = async ({ cloud, rekognitionUrl, folder }: Rehearsal): Promise<Rehearsed> => {
  const shell = new UserShell(cloud, folder);
  await shell.writeSettings(FIRST);
  await shell.run('npx cdk bootstrap -c stage=prod');
  say('bootstrapped');
  await shell.run(DEPLOY);
  say('deployed');
  await expectStacks(shell, STACKS);
  const service = await readDeployedService(shell);
  const integration = await writeIntegration(cloud, service);
  const login = { cloud, service, rekognitionUrl, integration, sub: `auth0|${randomUUID()}`, seed: 1 };
  await expectOutcome('enrolled', login);
  await expectOutcome('verified', { ...login, seed: 2 });

  await shell.writeSettings(CHANGED);
  await shell.run(DEPLOY);
  say('deployed with other settings');
  await expectStacks(shell, CHANGED_STACKS);
  await expectOutcome('verified', { ...login, service: await readDeployedService(shell), seed: 3 });

  const denied = [...(await cloud.denials())];
  await destroy(shell);
  // While a stack goes, a function may lose its policy before it ends: that is no fault.
  const ignored = (await cloud.denials()).length;
  const left = [...(await leftovers(shell, 'left after cdk destroy', await stacksOf(shell)))];

  await shell.run(DEPLOY);
  say('deployed again');
  await expectStacks(shell, CHANGED_STACKS);
  await expectOutcome('verified', { ...login, service: await readDeployedService(shell), seed: 4 });

  denied.push(...(await cloud.denials()).slice(ignored));

  await destroy(shell);
  await removeEverything(shell, await survivorsOf(shell));
  say('removed everything');
  left.push(...(await leftovers(shell, 'left after removing everything', await stacksOf(shell))));
  return { left, denied };
};
