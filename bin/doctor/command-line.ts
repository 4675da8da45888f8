import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Region, StageName } from '../../lib/settings.ts';

/** The text of `verified doctor --help`. */
export const HELP = `Looks whether a deployed stage is as it should be. Changes nothing.

  node bin/verified.mjs doctor [--stage STAGE] [--region REGION] [--json]

Options
  --stage <name>     the stage (default dev)
  --region <region>  its region (default eu-west-1)
  --json             for programs
  --policy           print the IAM policy that a principal needs for this, and look at nothing

Credentials come from where the AWS SDK finds them, such as AWS_PROFILE.

Exit code  0 all is well · 1 something is wrong · 2 nothing wrong was seen, but not everything was read, or wrong usage
`;

const Options = z.object({
  stage: StageName,
  region: Region,
  json: z.boolean().default(false),
  policy: z.boolean().default(false),
  help: z.boolean().default(false),
});

export type CommandLine = z.output<typeof Options>;

/** Why the command line cannot be read, one line for each reason. */
export class UsageError extends Error {}

const parse = (args: readonly string[]) => {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { stage: text, region: text, json: flag, policy: flag, help: { ...flag, short: 'h' } } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

/**
 * Parses the arguments after `verified doctor`.
 * @throws UsageError
 */
export const readCommandLine = (args: readonly string[]): CommandLine => {
  const options = Options.safeParse(parse(args));
  if (options.success) return options.data;
  throw new UsageError(options.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('\n'));
};
