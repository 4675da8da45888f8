import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonTool } from '../tools/python-tool.ts';
import { type ProgramResult, runProgram } from '../tools/run-program.ts';
import type { Cloud } from './cloud.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Settings of a deployment, by name. */
export type Settings = Readonly<Record<string, string>>;

/** The programs that docs/deploy.md has a user run, against a cloud. */
export class UserShell {
  readonly #cloud: Cloud;
  readonly #assembly: string;

  /** @param assembly folder for what CDK synthesizes */
  constructor(cloud: Cloud, assembly: string) {
    this.#cloud = cloud;
    this.#assembly = assembly;
  }

  /** `npx cdk …`, with settings as docs/deploy.md gives them. */
  cdk(args: readonly string[], settings: Settings = {}): Promise<ProgramResult> {
    const context = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const output = ['--output', this.#assembly, '--progress', 'events'];
    return runProgram('npx', ['cdk', ...args, ...(args[0] === 'bootstrap' ? [] : output), ...context], {
      cwd: ROOT,
      env: this.#cloud.environment,
    });
  }

  /**
   * `aws …`
   *
   * @throws Error with what it said
   */
  async aws(...args: readonly string[]): Promise<string> {
    const program = join(await pythonTool('awscli'), 'aws');
    const env = { ...this.#cloud.environment, AWS_PAGER: '', AWS_DEFAULT_OUTPUT: 'json' };
    const { code, stdout, stderr } = await runProgram(program, args, { env });
    if (code !== 0) throw new Error(`aws ${args.join(' ')}: ${stderr.trim()}`);
    return stdout.trim();
  }

  /** As `aws`, for commands that answer in JSON; null for no answer. */
  async read(...args: readonly string[]): Promise<unknown> {
    const text = await this.aws(...args);
    return text === '' ? null : JSON.parse(text);
  }
}
