import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePortsFrom } from '../../support/free-ports.ts';
import { NPM_TOOLS, npmTool } from '../tools/npm-tool.ts';
import { pythonTool } from '../tools/python-tool.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';
/** Of web ACLs and certificates of CloudFront. */
export const FIREWALL_REGION = 'us-east-1';
/** The SDK's client that CDK's functions for exports to other regions import, of the release of the project's other clients. */
const CLIENT_SSM = {
  name: '@aws-sdk/client-ssm',
  version: '3.1164.0',
  integrity: 'sha512-dLt23uDdnM/CvfBJ9KLv96RMs3RadUSSFzU801WDozt9eIp0XVKvoeIFT1BG5dmBLJvje87tDq6UZyt/D2FbwQ==',
};
/** In the cloud's folder: JSON lines with the temporary credentials that it issued. */
export const SESSIONS_FILE = 'sessions.jsonl';
const ENGINE = fileURLToPath(new URL('../python/cloud/', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'AKIAORACLE',
  AWS_SECRET_ACCESS_KEY: 'oracle-only',
  AWS_SESSION_TOKEN: 'oracle-only',
} as const;

/** A call that no policy allowed. */
export interface Denial {
  readonly action: string;
  readonly principal: string;
}

/** A foreign cloud on loopback. */
export interface Cloud {
  readonly url: string;
  /** What a user of this account has in the shell; no file of the home folder is read. */
  readonly environment: Readonly<Record<string, string>>;
  /** In the order of the calls. */
  denials(): Promise<readonly Denial[]>;
  close(): Promise<void>;
}

const untilItAnswers = async (child: ChildProcess, url: string, logFile: string): Promise<void> => {
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`MiniStack ended: ${(await readFile(logFile, 'utf8')).slice(-2000)}`);
    const answer = await fetch(`${url}/_ministack/health`).catch(() => null);
    if (answer?.ok === true) return;
    await pause(200);
  }
};

export interface CloudOptions {
  /** For everything that it writes. */
  readonly folder: string;
  readonly enforcesIam: boolean;
  /** Where its functions find Rekognition, which MiniStack does not have. */
  readonly rekognitionUrl?: string;
}

export const startCloud = async ({ folder, enforcesIam, rekognitionUrl }: CloudOptions): Promise<Cloud> => {
  const python = join(await pythonTool('deployment'), 'python');
  await npmTool(CLIENT_SSM);
  const port = await freePortsFrom(1);
  const url = `http://127.0.0.1:${port}`;
  const home = join(folder, 'home');
  const logFile = join(folder, 'cloud.log');
  await mkdir(home, { recursive: true });
  const shell = {
    ...CREDENTIALS,
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    TMPDIR: home,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: url,
  };
  const { AWS_ENDPOINT_URL: _itself, ...inside } = shell;
  const child = spawn(python, [join(ENGINE, 'engine.py')], {
    cwd: folder,
    // A group of its own, with its functions.
    detached: true,
    stdio: 'pipe',
    env: {
      ...inside,
      AUTH: String(enforcesIam),
      PYTHONPATH: ENGINE,
      PYTHONDONTWRITEBYTECODE: '1',
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      MINISTACK_ACCOUNT_ID: ACCOUNT,
      MINISTACK_REGION: REGION,
      LAMBDA_EXECUTOR: 'local',
      // CDK's functions for deployments find the SDK, as in Lambda's runtime.
      NODE_PATH: [join(ROOT, 'node_modules'), NPM_TOOLS].join(delimiter),
      ...(rekognitionUrl === undefined ? {} : { AWS_ENDPOINT_URL_REKOGNITION: rekognitionUrl }),
      ORACLE_SESSIONS: join(folder, SESSIONS_FILE),
      IOT_MTLS_ENABLED: 'false',
      SFTP_ENABLED: 'false',
    },
  });
  const log = createWriteStream(logFile);
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  await untilItAnswers(child, url, logFile);
  return {
    url,
    environment: {
      ...shell,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CI: 'true',
      npm_config_update_notifier: 'false',
    },
    denials: async () =>
      [...(await readFile(logFile, 'utf8')).matchAll(/DENIED (\S+) (\S+)/g)].map(([, action = '', principal = '']) => ({
        action,
        principal,
      })),
    close: async () => {
      const ended = once(child, 'exit');
      // It ends with its standard input, and so does it if this process ends in any other way.
      child.stdin?.end();
      await ended;
    },
  };
};
