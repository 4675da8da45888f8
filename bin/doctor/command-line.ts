import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Region, StageName } from '../../lib/setting-types.ts';
import { readStage } from '../../lib/stage-file.ts';

/** The text of `verified doctor --help`. */
export const HELP = `Looks whether a deployed stage is as it should be. Changes nothing.

  node bin/verified.mjs doctor [--stage STAGE] [--stages FOLDER | --region REGION] [--json]

Options
  --stage <name>     the stage (default dev)
  --stages <folder>  where the files of stages are (default stages), one of which names the region
  --region <region>  the region, for those who do not have the file
  --json             for programs
  --policy           print the IAM policy that a principal needs for this, and look at nothing

Credentials come from where the AWS SDK finds them, such as AWS_PROFILE.

Exit code  0 all is well · 1 something is wrong · 2 nothing wrong was seen, but not everything was read, or wrong usage
`;

const Options = z.object({
  stage: StageName.default('dev'),
  stages: z.string().optional(),
  region: Region.optional(),
  json: z.boolean().default(false),
  policy: z.boolean().default(false),
  help: z.boolean().default(false),
});

export interface CommandLine {
  readonly stage: string;
  readonly region: string;
  readonly json: boolean;
  readonly policy: boolean;
}

/** Why the command line cannot be read, one line for each reason. */
export class UsageError extends Error {}

/** @throws UsageError in place of another error */
const inWords = <Result>(read: () => Result): Result => {
  try {
    return read();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

const parse = (args: readonly string[]) => {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { stage: text, stages: text, region: text, json: flag, policy: flag } as const;
  return inWords(() => parseArgs({ args: [...args], options: { ...options, help: { ...flag, short: 'h' } } }).values);
};

/**
 * Parses the arguments after `verified doctor`. The region is that of the stage's file, unless it is given.
 * @returns null if help is requested
 * @throws UsageError
 */
export const readCommandLine = (args: readonly string[]): CommandLine | null => {
  const options = Options.safeParse(parse(args));
  if (!options.success) {
    throw new UsageError(options.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('\n'));
  }
  const { help, stages, stage, region, ...rest } = options.data;
  if (help) return null;
  return { ...rest, stage, region: region ?? inWords(() => readStage({ stage, stages })).region };
};
