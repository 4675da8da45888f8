import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { UserShell } from './user-shell.ts';

const DOCUMENT = new URL('../../../docs/deploy.md', import.meta.url);

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

/** The commands of the document's last block on tearing down, without their comments. */
const documentedCommands = async (): Promise<readonly string[]> => {
  const text = await readFile(DOCUMENT, 'utf8');
  const section = text.slice(text.indexOf('To remove everything permanently'));
  const [, block = ''] = section.split(/```(?:sh)?\n/);
  return block
    .split('\n')
    .map((line) => line.replace(/\s#.*/, '').trim())
    .filter((line) => line.startsWith('aws '))
    .flatMap((line) => line.split(' && '));
};

/** ARNs of the pools of the stage: one for each time that it was deployed. */
const POOLS = 'ResourceTagMappingList[].ResourceARN';

const poolsOf = async (shell: UserShell): Promise<readonly string[]> => {
  const filters = ['--resource-type-filters', 'cognito-idp:userpool', '--tag-filters', 'Key=stage,Values=prod'];
  const arns = await shell.read('resourcegroupstaggingapi', 'get-resources', ...filters, '--query', POOLS);
  return z
    .array(z.string())
    .parse(arns)
    .map((arn) => arn.slice(arn.lastIndexOf('/') + 1));
};

/** Physical names of what outlives `cdk destroy`, by type, found as the document says. */
export const survivorsOf = async (shell: UserShell): Promise<ReadonlyMap<string, readonly string[]>> => {
  const listed = await shell.read('cloudformation', 'list-stack-resources', '--stack-name', 'verified-prod-data');
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
  const commands = await documentedCommands();
  if (commands.length < 8) throw new Error(`docs/deploy.md has ${commands.length} commands to remove everything`);
  for (const command of commands) {
    const kinds = Object.keys(PLACEHOLDERS) as (keyof typeof PLACEHOLDERS)[];
    const placeholder = kinds.find((name) => new RegExp(`\\b${name}\\b`).test(command));
    const names = placeholder === undefined ? [''] : (survivors.get(PLACEHOLDERS[placeholder]) ?? []);
    if (names.length === 0) throw new Error(`nothing to "${command}"`);
    for (const name of names) {
      const filled = placeholder === undefined ? command : command.replace(new RegExp(`\\b${placeholder}\\b`), name);
      await shell.aws(...filled.replaceAll('STAGE', 'prod').split(/\s+/).slice(1));
    }
  }
};
