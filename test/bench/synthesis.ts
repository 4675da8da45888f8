import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildUploads } from '../../bin/build-uploads.ts';
import { createApp } from '../../lib/create-app.ts';
import { readStage } from '../../lib/stage-file.ts';
import { Verified } from '../../lib/verified.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Synthesis {
  /** The command as a platform team runs it: Node, CDK, bundles, stacks. */
  readonly coldSeconds: number;
  /** Only the stacks, in a process that has loaded CDK and bundled the functions. */
  readonly warmSeconds: number;
}

/** Seconds from the settings to the templates of one stage. */
export const measureSynthesis = async (): Promise<Synthesis> => {
  await buildUploads();
  const folder = await mkdtemp(join(tmpdir(), 'verified-synth-'));
  try {
    await writeFile(join(folder, 'bench.json'), '{}');
    const selection = ['-c', 'stage=bench', '-c', `stages=${folder}`];
    const startedAt = performance.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      ['node_modules/aws-cdk/bin/cdk', 'synth', '--quiet', '--output', join(folder, 'cold'), ...selection],
      { cwd: ROOT, encoding: 'utf8', env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true' } },
    );
    if (status !== 0) throw new Error(`cdk synth failed: ${stderr.slice(-500)}`);
    const coldSeconds = (performance.now() - startedAt) / 1000;
    const warmAt = performance.now();
    const app = createApp(join(folder, 'warm'));
    new Verified(app, 'Verified', readStage({ stage: 'bench', stages: folder }));
    app.synth();
    return { coldSeconds, warmSeconds: (performance.now() - warmAt) / 1000 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
