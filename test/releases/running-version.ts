import { fileURLToPath } from 'node:url';
import { FRONT_DOOR_SECRET_HEADER } from '../../contract/api/front-door.ts';
import {
  BACKEND_ROUTES,
  type BackendRouteName,
  PORTAL_ROUTES,
  type PortalRouteName,
  type Route,
} from '../../contract/api/routes.ts';
import type { HttpAnswer, HttpHandler } from '../../lambdas/http/endpoint.ts';
import { clockEnvironment } from '../clock/clock-environment.ts';
import { movedMs, VARIABLE } from '../clock/moved-clock.cjs';
import { FRONT_DOOR_SECRET } from '../support/function-environment.ts';
import type { Handlers } from '../support/login.ts';
import { type WireRequest, wireEvent } from '../support/wire-event.ts';
import { type RunningFunction, startFunction } from './running-function.ts';

const CLOCK = fileURLToPath(new URL('../clock/moved-clock.cjs', import.meta.url));

/** How the functions of one version are started. */
export interface VersionOptions {
  /** The bundle of each function. */
  readonly files: ReadonlyMap<string, string>;
  readonly environmentOf: (name: string) => Readonly<Record<string, string>>;
  /** An empty folder. */
  readonly cwd: string;
}

export interface PortalCall {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** Who owns the account. */
const OWNER = {
  iss: 'https://login.example.com/',
  sub: 'operator',
  aud: 'verified-portal',
  email: 'owner@example.com',
  email_verified: 'true',
} as const;

const throughFrontDoor = (event: Parameters<HttpHandler>[0]) => ({
  ...event,
  headers: { ...event.headers, [FRONT_DOOR_SECRET_HEADER]: FRONT_DOOR_SECRET },
});

/** The functions of one version as they are deployed, each started when it is first called. */
export class RunningVersion {
  readonly handlers: Handlers;
  readonly #options: VersionOptions;
  readonly #functions = new Map<string, Promise<RunningFunction>>();
  readonly #ended: RunningFunction[] = [];

  constructor(options: VersionOptions) {
    this.#options = options;
    const handler =
      (name: string): HttpHandler =>
      (event) =>
        this.#call(name, event);
    this.handlers = { session: handler('session'), enroll: handler('enroll'), verify: handler('verify') };
  }

  /** A call of the operator who owns the account, just signed in. @throws Error unless it is answered with success */
  async portal(name: PortalRouteName, call: PortalCall = {}): Promise<unknown> {
    const claims = { ...OWNER, auth_time: String(Math.floor(Date.now() / 1000)) };
    return this.#send(PORTAL_ROUTES, name, call, { authorizer: { jwt: { claims, scopes: [] } } });
  }

  /** A call of a backend. @throws Error unless it is answered with success */
  async backend(apiKey: string, name: BackendRouteName, call: PortalCall): Promise<unknown> {
    return this.#send(BACKEND_ROUTES, name, call, { headers: { authorization: `Bearer ${apiKey}` } });
  }

  /** Runs housekeeping by a clock that is ahead, until nothing is due. */
  async housekeep(aheadSeconds: number): Promise<void> {
    const housekeeping = await this.#start('housekeeping', {
      NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --require "${CLOCK}"`.trim(),
      [VARIABLE]: String(movedMs + aheadSeconds * 1000),
    });
    const run = async (): Promise<number> => ((await housekeeping.call({})) as { lookedAt: number }).lookedAt;
    while ((await run()) > 0);
    await housekeeping.close();
    this.#ended.push(housekeeping);
  }

  /** The codes of all log lines since the last call, and what was written in no such line. */
  async takeCodes(): Promise<readonly string[]> {
    const functions = [...this.#ended, ...(await Promise.all(this.#functions.values()))];
    const lines = functions.flatMap((each) => each.takeLines());
    return lines
      .filter((line) => line !== '' && !line.includes('"CloudWatchMetrics"'))
      .map((line) => (line.startsWith('{') ? String(JSON.parse(line).message) : line));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#functions.values()].map(async (each) => (await each).close()));
  }

  #start(name: string, more: Readonly<Record<string, string>> = {}): Promise<RunningFunction> {
    const { files, environmentOf, cwd } = this.#options;
    const file = files.get(name);
    if (file === undefined) throw new Error(`this version has no function ${name}`);
    return startFunction(file, { ...clockEnvironment(), ...environmentOf(name), ...more }, cwd);
  }

  async #call(name: string, event: Parameters<HttpHandler>[0]): Promise<HttpAnswer> {
    const running = this.#functions.get(name) ?? this.#start(name);
    this.#functions.set(name, running);
    return (await (await running).call(throughFrontDoor(event))) as HttpAnswer;
  }

  async #send(routes: readonly Route[], name: string, { path, query, body }: PortalCall, caller: WireRequest) {
    const route = routes.find((each) => each.name === name);
    if (route === undefined) throw new Error(`no route ${name}`);
    const event = wireEvent(route, {
      ...caller,
      ...(path === undefined ? {} : { path }),
      query: Buffer.from(new URLSearchParams(query).toString()),
      headers: { 'content-type': 'application/json', ...caller.headers },
      ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
    });
    const answer = await this.#call(route.lambda, event);
    if ((answer.statusCode ?? 0) >= 300) throw new Error(`${name} answered ${answer.statusCode}: ${answer.body}`);
    return answer.body === undefined || answer.body === '' ? null : JSON.parse(answer.body);
  }
}
