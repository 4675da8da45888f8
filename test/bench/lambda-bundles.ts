import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleLambdas } from '../../lib/bundle-lambdas.ts';
import { quantile } from './statistics.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const RUNS = 9;

export interface LambdaInit {
  readonly name: string;
  readonly bytes: number;
  /** From the start of the process to the handler's module being loaded, median of nine, beside the two floors below. */
  readonly initMs: number;
  /** The same for a bundle of nothing but the AWS clients that this function imports. */
  readonly clientsInitMs: number;
  readonly nodeInitMs: number;
}

/** Everything that any function asks of its environment; the values open nothing. */
const ENVIRONMENT = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'AKIABENCH',
  AWS_SECRET_ACCESS_KEY: 'bench',
  PUBLIC_ORIGIN: 'https://verify.example.com',
  FRONT_DOOR_SECRET: 's'.repeat(48),
  LIVENESS_REGION: 'eu-west-1',
  STREAM_ROLE_ARN: 'arn:aws:iam::000000000000:role/stream',
  ...Object.fromEntries(
    ['ACCOUNT', 'INTEGRATION', 'USER', 'SESSION', 'TRANSACTION', 'DUE_WORK'].map((name) => [`${name}_TABLE`, name]),
  ),
  INTEGRATION_KEY_ID: 'alias/integrations',
  FACE_KEY_ID: 'alias/faces',
  FACE_BUCKET: 'faces',
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

const initMs = (file: string | null): number => {
  const times = Array.from({ length: RUNS }, () => {
    const startedAt = performance.now();
    const script = file === null ? '' : `await import(${JSON.stringify(`file://${file}`)})`;
    // Clients may hold sockets open: what counts ends with the import.
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', `${script};process.exit(0)`], {
      env: { ...ENVIRONMENT, PATH: process.env['PATH'] ?? '' },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`a bundle does not load: ${stderr.slice(0, 500)}`);
    return performance.now() - startedAt;
  });
  return quantile(times, 0.5);
};

/** Bundles each Lambda as it is deployed, and times what a cold start has to load. */
export const measureLambdaBundles = async (): Promise<readonly LambdaInit[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'verified-bundles-'));
  try {
    const nodeInitMs = initMs(null);
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
      rows.push({
        name,
        bytes,
        initMs: initMs(file),
        clientsInitMs: initMs(clientsFile),
        nodeInitMs,
      });
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
