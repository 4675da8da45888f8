import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { TABLES } from '../../lambdas/tables.ts';
import { bundleLambdas } from '../../lib/bundle-lambdas.ts';
import { quantile } from './statistics.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Starts of each process. */
export const INIT_RUNS = 15;

export interface LambdaInit {
  readonly name: string;
  readonly bytes: number;
  /** Processor time from the start of the process to the loaded handler, median, next to the two baselines below. */
  readonly initMs: number;
  /** The same for a bundle of only the AWS clients that this function imports. */
  readonly clientsInitMs: number;
  readonly nodeInitMs: number;
}

/** Everything that any function reads from its environment; the values open nothing. */
const ENVIRONMENT = {
  // The SDK's warning about an old Node when a client is created costs time, and Lambda's Node is not old.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'AKIABENCH',
  AWS_SECRET_ACCESS_KEY: 'bench',
  PUBLIC_ORIGIN: 'https://verify.example.com',
  FRONT_DOOR_SECRET: 's'.repeat(48),
  LIVENESS_REGION: 'eu-west-1',
  STREAM_ROLE_ARN: 'arn:aws:iam::000000000000:role/stream',
  ...Object.fromEntries(Object.keys(TABLES).map((name) => [name, name])),
  INTEGRATION_KEY_ID: 'alias/integrations',
  FACE_KEY_ID: 'alias/faces',
  FACE_BUCKET: 'faces',
  PORTAL_SIGN_UP: 'closed',
};

const bundleClients = async (contents: string, outfile: string) =>
  build({
    stdin: { contents, resolveDir: ROOT, loader: 'ts' },
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'error',
  });

/** Processor time of one process from its start to the loaded module: unlike wall-clock time, it does not include waiting for other processes. */
const startMs = (file: string | null): number => {
  const load = file === null ? '' : `await import(${JSON.stringify(`file://${file}`)});`;
  // Clients may keep sockets open: the measurement ends with the import.
  const script = `${load}const { user, system } = process.cpuUsage();
    process.stdout.write('\\nCPU ' + (user + system), () => process.exit(0));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...ENVIRONMENT, PATH: process.env['PATH'] ?? '' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`a bundle does not load: ${stderr.slice(0, 500)}`);
  return Number(stdout.split('\nCPU ')[1]) / 1000;
};

/** Medians of starts taken in turns, so that other load on the machine affects all of them alike. */
const initMs = (files: readonly (string | null)[]): readonly number[] => {
  const rounds = Array.from({ length: INIT_RUNS }, () => files.map(startMs));
  return files.map((_, index) =>
    quantile(
      rounds.map((round) => round[index] ?? 0),
      0.5,
    ),
  );
};

/** Bundles each Lambda as deployed, and times what a cold start has to load. */
export const measureLambdaBundles = async (): Promise<readonly LambdaInit[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'verified-bundles-'));
  try {
    const rows: LambdaInit[] = [];
    for (const { name, file, bytes, modules } of bundleLambdas().values()) {
      const inputs = modules.join('\n');
      const clients = [...new Set(inputs.match(/@aws-sdk\/(client-(?!sso)[a-z0-9]+|lib-dynamodb)(?=\/)/g) ?? [])];
      const clientsFile = join(folder, `${name}-clients.mjs`);
      const uses = clients.map(
        (client, index) => `import * as c${index} from '${client}'; globalThis.c${index} = c${index};`,
      );
      await writeFile(join(folder, 'package.json'), '{"type":"module"}');
      await bundleClients(uses.join('\n'), clientsFile);
      const [total = 0, floor = 0, node = 0] = initMs([file, clientsFile, null]);
      rows.push({ name, bytes, initMs: total, clientsInitMs: floor, nodeInitMs: node });
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
