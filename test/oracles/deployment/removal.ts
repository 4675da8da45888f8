import { z } from 'zod';
import { tearDownCommands } from './tear-down-commands.ts';
import type { UserShell } from './user-shell.ts';

/** What a placeholder of the document's commands stands for, by the kind of resource. */
const PLACEHOLDERS = {
  TABLE: 'AWS::DynamoDB::Table',
  BUCKET: 'AWS::S3::Bucket',
  POOL: 'AWS::Cognito::UserPool',
  KEY: 'AWS::KMS::Key',
} as const;

const Resources = z.object({
  StackResourceSummaries: z.array(z.object({ ResourceType: z.string(), PhysicalResourceId: z.string() })),
});

/** ARNs of the pools of the stage: one for each time that it was deployed. */
const POOLS = 'ResourceTagMappingList[].ResourceARN';

const poolsOf = async (shell: UserShell): Promise<readonly string[]> => {
  const filters = '--resource-type-filters cognito-idp:userpool --tag-filters Key=stage,Values=prod';
  const arns = await shell.read(`aws resourcegroupstaggingapi get-resources ${filters} --query '${POOLS}'`);
  return z
    .array(z.string())
    .parse(arns)
    .map((arn) => arn.slice(arn.lastIndexOf('/') + 1));
};

/** Physical names of what outlives `cdk destroy`, by type, found as the document says. */
export const survivorsOf = async (shell: UserShell): Promise<ReadonlyMap<string, readonly string[]>> => {
  const listed = await shell.read('aws cloudformation list-stack-resources --stack-name verified-prod-data');
  const { StackResourceSummaries: resources } = Resources.parse(listed);
  const ofType = (type: string) =>
    resources.filter(({ ResourceType }) => ResourceType === type).map((one) => one.PhysicalResourceId);
  const survivors = Object.values(PLACEHOLDERS).map((type) => [type, ofType(type)] as const);
  return new Map([...survivors, [PLACEHOLDERS.POOL, await poolsOf(shell)]]);
};

/** Removes everything, with the commands of docs/deploy.md, each for every resource that it is meant for. */
export const removeEverything = async (
  shell: UserShell,
  survivors: ReadonlyMap<string, readonly string[]>,
): Promise<void> => {
  const { removeEverything: commands } = await tearDownCommands();
  for (const command of commands) {
    const kinds = Object.keys(PLACEHOLDERS) as (keyof typeof PLACEHOLDERS)[];
    const placeholder = kinds.find((name) => new RegExp(`\\b${name}\\b`).test(command));
    const names = placeholder === undefined ? [''] : (survivors.get(PLACEHOLDERS[placeholder]) ?? []);
    if (names.length === 0) throw new Error(`nothing to "${command}"`);
    for (const name of names) {
      const filled =
        placeholder === undefined ? command : command.replaceAll(new RegExp(`\\b${placeholder}\\b`, 'g'), name);
      await shell.run(filled.replaceAll('STAGE', 'prod'));
    }
  }
};
