import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { jwtVerify, SignJWT } from 'jose';
import {
  type CaptureLambdaName,
  type CaptureRouteName,
  ROUTES,
  type Route,
  type RouteName,
} from '../../contract/api/routes.ts';
import { SessionView } from '../../contract/api/session.ts';
import { SESSION_HANDLE_HEADER } from '../../contract/api/session-handle.ts';
import { sealPii } from '../../contract/protocol/seal-pii.ts';
import { sessionAudience } from '../../contract/protocol/session-token.ts';
import type { HttpAnswer, HttpHandler } from '../../lambdas/http/endpoint.ts';
import { apiEvent } from '../../local/edge/gateway-event.ts';
import type { Scene } from './scripted-faces.ts';
import { CALLER_ADDRESS, decodedPath } from './wire-event.ts';
import { DOMAIN, PUBLIC_ORIGIN, type TestIntegration, type World } from './world.ts';

export type Handlers = Readonly<Record<CaptureLambdaName, HttpHandler>>;

/** The part of a world that a tenant knows too: the time, and the keys of its integration. */
type Tenant = Pick<World, 'now' | 'keysOf'>;

/** What a login needs of a world. */
export interface LoginWorld extends Pick<World, 'now' | 'keysOf' | 'handlers'> {
  /** Plays a scene in front of the camera of a liveness session. */
  readonly faces: { play(livenessId: string, scene: Partial<Scene>): void | Promise<void> };
  /** How its page reads a session; strictly by default. */
  readonly readView?: (answer: unknown) => SessionView;
}

/** Claims of a session token as Auth0 and the Action create it. */
export const claimsFor = (world: Tenant, integration: TestIntegration, sub: string) => {
  const jti = randomUUID();
  return {
    iss: DOMAIN,
    sub,
    iat: world.now() as number,
    exp: (world.now() as number) + 300,
    ip: '203.0.113.7',
    v: 1,
    use: 'session',
    aud: sessionAudience(integration.integrationId),
    jti,
    tx: randomUUID(),
    cid: 'client-of-the-app',
    mode: 'always',
    purpose: 'mfa',
    facts: { emailVerified: true, otherFactors: false },
    app: 'Harbour Bank',
    pii: sealPii({ email: 'alice@example.com', name: 'Alice Anderson' }, world.keysOf(integration).pii, jti),
  };
};

/** Signs claims as Auth0's `encodeToken` does. */
export const signToken = (claims: object, keyHex: string, header: object = { alg: 'HS256', typ: 'JWT' }) =>
  new SignJWT({ ...claims }).setProtectedHeader(header as { alg: string }).sign(new TextEncoder().encode(keyHex));

type LambdaOf<Name extends RouteName> = Extract<Route, { readonly name: Name }>['lambda'];

/** A request as API Gateway passes it on. */
export const eventOf = <Name extends RouteName>(
  name: Name,
  request: {
    readonly pathParameters?: Record<string, string>;
    readonly query?: Record<string, string>;
    readonly headers?: Record<string, string>;
    readonly cookies?: readonly string[];
    readonly body?: string;
    readonly method?: string;
    readonly sourceIp?: string;
  } = {},
): { readonly lambda: LambdaOf<Name>; readonly event: APIGatewayProxyEventV2 } => {
  const route = ROUTES.find((candidate) => candidate.name === name);
  if (route === undefined) throw new Error(`no route ${name}`);
  const { method, pathParameters, query, headers, cookies = [], body = '', sourceIp = CALLER_ADDRESS } = request;
  const event = apiEvent(route, {
    ...(method === undefined ? {} : { method }),
    rawPath: decodedPath(route.path, pathParameters),
    pathParameters,
    query: new URLSearchParams(query).toString(),
    headers: { ...headers, cookie: cookies.join('; ') },
    body: Buffer.from(body),
    sourceIp,
  });
  return { lambda: route.lambda as LambdaOf<Name>, event };
};

/** Sends one request to the handlers. */
export const call = (
  handlers: Handlers,
  name: CaptureRouteName,
  request: Parameters<typeof eventOf>[1] = {},
): Promise<HttpAnswer> => {
  const { lambda, event } = eventOf(name, request);
  return handlers[lambda](event, {});
};

/** A browser on the capture page: holds cookies and knows its handle. */
export class Browser {
  readonly cookies: string[] = [];
  handle = '';
  readonly #handlers: Handlers;
  readonly #readView: (answer: unknown) => SessionView;

  constructor(handlers: Handlers, readView = (answer: unknown): SessionView => SessionView.parse(answer)) {
    this.#handlers = handlers;
    this.#readView = readView;
  }

  async open(integrationId: string, token: string, state = 'auth0-state', extra: Parameters<typeof eventOf>[1] = {}) {
    const query = { session_token: token, state };
    const pathParameters = { integrationId };
    const answer = await call(this.#handlers, 'openSession', {
      pathParameters,
      query,
      cookies: this.cookies,
      ...extra,
    });
    for (const cookie of answer.cookies ?? []) this.cookies.push(cookie.split(';')[0] ?? '');
    const location = String(answer.headers?.['location'] ?? '');
    if (location !== '') this.handle = location.split('#')[1] ?? '';
    return answer;
  }

  /** One call of the page's script. */
  send(name: CaptureRouteName, body?: object, headers: Record<string, string> = {}): Promise<HttpAnswer> {
    return call(this.#handlers, name, {
      cookies: this.cookies,
      headers: {
        [SESSION_HANDLE_HEADER]: this.handle,
        origin: PUBLIC_ORIGIN,
        'sec-fetch-site': 'same-origin',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async view(): Promise<SessionView> {
    return this.#readView(JSON.parse((await this.send('readSession')).body ?? ''));
  }

  start(task: 'enroll' | 'verify', version?: string) {
    const body = version === undefined ? {} : { consent: { version, locale: 'en' } };
    return this.send(task === 'enroll' ? 'startEnrollLiveness' : 'startVerifyLiveness', body);
  }

  complete(task: 'enroll' | 'verify', attempt: number) {
    return this.send(task === 'enroll' ? 'completeEnroll' : 'completeVerify', { attempt });
  }

  /** Plays one whole attempt with `scene` in front of the camera; returns the answer of `complete`. */
  async attempt(world: Pick<LoginWorld, 'faces'>, task: 'enroll' | 'verify', scene: Partial<Scene> = {}) {
    const consent = (await this.view()).consent;
    const started = JSON.parse((await this.start(task, consent?.version)).body ?? '');
    if (started.state !== 'started') return started;
    await world.faces.play(started.livenessSessionId, scene);
    return JSON.parse((await this.complete(task, started.attempt)).body ?? '');
  }

  /** Opens, or reports, the link to another device as a user does on its page. */
  async followLink(link: string, answer: 'continue' | 'report' = 'continue', sourceIp?: string): Promise<HttpAnswer> {
    const token = link.slice(link.lastIndexOf('/') + 1);
    const extra = { cookies: this.cookies, ...(sourceIp === undefined ? {} : { sourceIp }) };
    const opened = await call(this.#handlers, 'openHandoff', {
      ...extra,
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ link: token, answer }).toString(),
    });
    for (const cookie of opened.cookies ?? []) this.cookies.push(cookie.split(';')[0] ?? '');
    const location = String(opened.headers?.['location'] ?? '');
    if (location !== '') this.handle = location.split('#')[1] ?? '';
    return opened;
  }

  giveBack(): Promise<HttpAnswer> {
    return call(this.#handlers, 'returnToLogin', { cookies: this.cookies, pathParameters: { handle: this.handle } });
  }
}

/** Opens a login of `sub` in a new browser. */
export const openLogin = async (
  world: LoginWorld,
  integration: TestIntegration,
  sub: string,
  options: { readonly claims?: object; readonly handlers?: Handlers; readonly state?: string } = {},
): Promise<Browser> => {
  const token = await signToken(
    { ...claimsFor(world, integration, sub), ...options.claims },
    world.keysOf(integration).request,
  );
  const browser = new Browser(options.handlers ?? world.handlers, world.readView);
  const answer = await browser.open(integration.integrationId, token, options.state);
  if (answer.statusCode !== 303) throw new Error(`opening answered ${answer.statusCode}`);
  return browser;
};

/** The form of a return page: where it posts, and the token's claims, verified with the integration's result key. */
export const readReturnPage = async (world: Tenant, integration: TestIntegration, answer: HttpAnswer) => {
  const url =
    /action="([^"]+)"/
      .exec(answer.body ?? '')?.[1]
      ?.replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&') ?? '';
  const token = /name="result_token" value="([^"]+)"/.exec(answer.body ?? '')?.[1] ?? '';
  const key = new TextEncoder().encode(world.keysOf(integration).result);
  const currentDate = new Date(world.now() * 1000);
  const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], currentDate });
  return { url, token, payload };
};

/** Enrolls `sub` with `person`'s face and hands over the result. */
export const enroll = async (
  world: LoginWorld,
  integration: TestIntegration,
  sub: string,
  person = 'alice',
  handlers: Handlers = world.handlers,
): Promise<void> => {
  const browser = await openLogin(world, integration, sub, { handlers });
  const answer = await browser.attempt(world, 'enroll', { person });
  if (answer.outcome !== 'enrolled') throw new Error(`enrollment ended with ${answer.outcome ?? answer.code}`);
};
