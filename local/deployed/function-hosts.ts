import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { LambdaName } from '../../contract/api/routes.ts';
import type { HttpHandler } from '../../lambdas/http/endpoint.ts';
import type { CredentialStore } from '../aws-wire/credentials.ts';
import type { ServedRoute } from '../edge/gateway-event.ts';
import type { Functions } from '../platform/load-lambdas.ts';
import { quietLogs } from '../platform/start-aws.ts';
import { FunctionHost } from './function-host.ts';
import type { DeployedFunction } from './read-functions.ts';

/** Entry files of functions that send webhooks, or check where they may go: here also to this machine. */
const WITH_LOCAL_DESTINATIONS = {
  automation: new URL('./functions/automation.ts', import.meta.url),
  housekeeping: new URL('./functions/housekeeping.ts', import.meta.url),
} as const;
const SCHEDULED = 'housekeeping';

/** Bundles those entry files as the others are bundled. @returns file by function */
const bundleLocal = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  await build({
    entryPoints: Object.values(WITH_LOCAL_DESTINATIONS).map((entry) => fileURLToPath(entry)),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  return new Map(Object.keys(WITH_LOCAL_DESTINATIONS).map((name) => [name, join(folder, `${name}.mjs`)]));
};

/** Where the SDK finds the local services. */
const endpoints = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      name.startsWith('AWS_ENDPOINT_URL_') && value !== undefined ? [[name, value]] : [],
    ),
  );

export interface HostsOptions {
  readonly functions: readonly DeployedFunction[];
  readonly routes: readonly ServedRoute[];
  readonly region: string;
  readonly credentials: CredentialStore;
  /** Folder for bundles that exist here only. */
  readonly folder: string;
  /** Replaces names of production in values of the environment. */
  readonly localize: (value: string) => string;
}

/** What a function starts with: the template's environment, and what Lambda and the SDK add, with the role's own credentials. */
const environmentOf = (
  { name, roleArn, environment }: DeployedFunction,
  { region, credentials, localize }: HostsOptions,
): Readonly<Record<string, string>> => {
  const session = credentials.issue({ roleArn, name, expiresAtMs: null });
  return {
    ...Object.fromEntries(Object.entries(environment).map(([variable, value]) => [variable, localize(value)])),
    ...endpoints(),
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...quietLogs(),
  };
};

/** All functions of a deployment, each with its own environment and role; none is running before its first call. */
export class FunctionHosts {
  readonly #hosts: ReadonlyMap<string, FunctionHost>;
  readonly functions: Functions;

  private constructor(hosts: ReadonlyMap<string, FunctionHost>, routes: readonly ServedRoute[]) {
    this.#hosts = hosts;
    const handlers = Object.fromEntries([...hosts].map(([name, host]) => [name, asHandler(host)]));
    this.functions = {
      routes,
      handlers: handlers as Record<LambdaName, HttpHandler>,
      housekeeping: () => this.host(SCHEDULED).invoke({}, { awsRequestId: randomUUID() }),
    };
  }

  static async create(options: HostsOptions): Promise<FunctionHosts> {
    const local = await bundleLocal(options.folder);
    const hosts = options.functions.map((one) => {
      const { name, file } = one;
      const environment = environmentOf(one, options);
      return [name, new FunctionHost({ name, file: local.get(name) ?? file, environment })] as const;
    });
    return new FunctionHosts(new Map(hosts), options.routes);
  }

  host(name: string): FunctionHost {
    const host = this.#hosts.get(name);
    if (host === undefined) throw new Error(`there is no function ${name}`);
    return host;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#hosts.values()].map((host) => host.end()));
  }
}

const asHandler =
  (host: FunctionHost): HttpHandler =>
  async (event) =>
    (await host.invoke(event, { awsRequestId: randomUUID() })) as Awaited<ReturnType<HttpHandler>>;
