import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonTool } from '../tools/python-tool.ts';
import { runToSuccess } from '../tools/run-program.ts';
import type { Cloud } from './cloud.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What the file of a stage holds. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

/** Runs what docs/deploy.md has a user run for stage `prod`, against a cloud. */
export class UserShell {
  readonly #cloud: Cloud;
  readonly #stages: string;
  readonly #assembly: string;

  /** @param folder for the file of the stage, and for what CDK synthesizes */
  constructor(cloud: Cloud, folder: string) {
    this.#cloud = cloud;
    this.#stages = join(folder, 'stages');
    this.#assembly = join(folder, 'cdk');
  }

  async writeSettings(settings: Settings): Promise<void> {
    await mkdir(this.#stages, { recursive: true });
    await writeFile(join(this.#stages, 'prod.json'), JSON.stringify(settings));
  }

  /**
   * A line as it is in the document. The CDK CLI is also told where this stage's file is, and not to ask.
   *
   * @returns what it printed
   * @throws Error with that, if it fails
   */
  async run(line: string): Promise<string> {
    const own = [`-c stages=${this.#stages}`, `--output ${this.#assembly}`, '--progress events'];
    const quiet = { destroy: ['--force'], deploy: ['--require-approval never'] };
    const [, command] = /^npx cdk (\w+)/.exec(line) ?? [];
    const more = command === undefined ? [] : [...own, ...(quiet[command as keyof typeof quiet] ?? [])];
    const awscli = await pythonTool('awscli');
    const { environment } = this.#cloud;
    return runToSuccess('sh', ['-c', [line, ...more].join(' ')], {
      cwd: ROOT,
      env: {
        ...environment,
        PATH: [awscli, environment['PATH']].join(delimiter),
        AWS_PAGER: '',
        AWS_DEFAULT_OUTPUT: 'json',
      },
    });
  }

  /** As `run`, for commands that answer in JSON; null for no answer. */
  async read(line: string): Promise<unknown> {
    const text = await this.run(line);
    return text.trim() === '' ? null : JSON.parse(text);
  }
}
