import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import { buildAction } from '../../action/tools/build.ts';

/** The event of one run, as far as the fake api reads it; the Action sees all members. */
export interface RunnerEvent {
  readonly request: {
    readonly hostname: string;
    readonly ip: string;
    readonly query: Readonly<Record<string, unknown>>;
    readonly body: Readonly<Record<string, unknown>>;
  };
  readonly user: { readonly user_id: string };
  readonly refresh_token?: object;
}

/** What the Action requested from Auth0, over all runs of one login. */
export interface Effects {
  readonly denied: string[];
  readonly redirects: string[];
  readonly idToken: Map<string, unknown>;
  readonly accessToken: Map<string, unknown>;
  readonly methods: string[];
  readonly transactionMetadata: Map<string, string>;
  readonly refreshMetadata: Map<string, string>;
  readonly appMetadata: Map<string, unknown>;
  /** Attributes of a SAML assertion that were set or, with null, removed. */
  readonly attributes: Map<string, unknown>;
  /** Arguments of `multifactor.enable`. */
  readonly multifactor: string[];
}

type Handler = (event: object, api: object) => Promise<unknown>;
/** The built Action, loaded once, as one instance of Auth0's runtime keeps it. */
export interface BuiltAction {
  readonly onExecutePostLogin: Handler;
  readonly onContinuePostLogin: Handler;
  /** Every logged line, in full. */
  readonly lines: string[];
}

export const newEffects = (): Effects => ({
  denied: [],
  redirects: [],
  idToken: new Map(),
  accessToken: new Map(),
  methods: [],
  transactionMetadata: new Map(),
  refreshMetadata: new Map(),
  appMetadata: new Map(),
  attributes: new Map(),
  multifactor: [],
});

/** Loads the built file as Auth0's open-source loader does: a function of module, exports, require and console. */
export const loadBuiltAction = async (): Promise<BuiltAction> => {
  const { file } = await buildAction();
  const lines: string[] = [];
  const refuse = (): never => {
    throw new Error('the Action may use console.log only');
  };
  const console = { log: (...parts: unknown[]) => lines.push(parts.join(' ')), error: refuse, warn: refuse };
  const requireBuiltin = (id: string): unknown => {
    if (id !== 'node:crypto') throw new Error(`Cannot find module '${id}'`);
    return createRequire(import.meta.url)(id);
  };
  const module = { exports: {} as Record<string, Handler> };
  compileFunction(readFileSync(file, 'utf8'), ['module', 'exports', 'require', 'console'])(
    module,
    module.exports,
    requireBuiltin,
    console,
  );
  const { onExecutePostLogin, onContinuePostLogin } = module.exports;
  if (onExecutePostLogin === undefined || onContinuePostLogin === undefined) throw new Error('a handler is missing');
  return { onExecutePostLogin, onContinuePostLogin, lines };
};

/** A group of calls that throws for any member Auth0 does not have, and for those that a test makes fail. */
const strict = <T extends object>(path: string, calls: T, faults: ReadonlySet<string>): T =>
  new Proxy(calls, {
    get: (target, name) => {
      if (!(name in target)) throw new Error(`Auth0 has no api${path}.${String(name)}`);
      const member: unknown = Reflect.get(target, name);
      if (!faults.has(`${path}.${String(name)}`.slice(1))) return member;
      return () => {
        throw new Error('secret detail of a failing call');
      };
    },
  });

const fail = (reason: string): never => {
  throw new Error(`The session token is invalid: ${reason}`);
};

/**
 * Auth0's validator is closed. `strict` combines all known interpretations: what one of them refuses is refused here. `lenient` is
 * the minimum that its reference promises, signature and expiry, under which the Action must rely on its own checks.
 */
export type ValidatorReading = 'strict' | 'lenient';

const validate = (
  event: RunnerEvent,
  secret: string,
  token: unknown,
  nowSeconds: number,
  reading: ValidatorReading,
): Record<string, unknown> => {
  if (typeof token !== 'string') return fail('not a string');
  const [head = '', body = '', signature = '', ...more] = token.split('.');
  const decode = (part: string): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  const header = decode(head);
  if (more.length > 0 || header['alg'] !== 'HS256' || header['typ'] !== 'JWT') fail('header');
  const wanted = createHmac('sha256', secret).update(`${head}.${body}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) fail('Failed signature verification');
  const claims = decode(body);
  const { iat, exp, sub, iss, state } = claims;
  if (Number(exp) <= nowSeconds) fail('expired');
  if (reading === 'lenient') return claims;
  if (typeof iat !== 'number' || typeof exp !== 'number' || sub === undefined || iss !== event.request.hostname) {
    fail('Missing or invalid standard claims');
  }
  if (sub !== event.user.user_id) fail('sub');
  // The body takes precedence, as in Auth0's own source; tests verify that the Action does not rely on it.
  if (state !== { ...event.request.query, ...event.request.body }['state']) fail('State does not match');
  return claims;
};

const encode = (event: RunnerEvent, secret: string, payload: object, lifetimeSeconds: number, now: number): string => {
  const { hostname, ip } = event.request;
  // The payload is last: a key named like a standard claim would override it, as in Auth0's own source.
  const claims = { iat: now, iss: hostname, sub: event.user.user_id, exp: now + lifetimeSeconds, ip, ...payload };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
};

const sendUserTo = (effects: Effects, address: string, query: Readonly<Record<string, string>>): void => {
  const url = new URL(address);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  effects.redirects.push(url.href);
};

const checkMetadata = (name: string, value: unknown, keyLength: number, valueLength: number): string => {
  if (!/^[A-Za-z0-9_-]+$/.test(name) || name.length > keyLength) throw new Error('metadata key');
  if (typeof value !== 'string' || value.length > valueLength) throw new Error('metadata value');
  return value;
};

const claimSetter = (claims: Map<string, unknown>) => ({
  setCustomClaim: (name: string, value: unknown) => {
    // Auth0 would drop these silently; the Action must not even try.
    if (!/^https?:\/\//.test(name) || value === undefined) throw new Error(`claim ${name} would be dropped`);
    claims.set(name, value);
  },
});

/**
 * The `api` of one run: with Auth0's limits, without anything that Auth0 does not have, and with errors where a test requests them.
 * @param faults calls that fail, e.g. `authentication.recordMethod`
 */
export const createApi = (
  event: RunnerEvent,
  effects: Effects,
  isContinue: boolean,
  faults: ReadonlySet<string>,
  reading: ValidatorReading = 'strict',
): object => {
  const now = (): number => Math.floor(Date.now() / 1000);
  const recordMethod = (url: string) => {
    if (!isContinue) throw new Error('recordMethod is available in onContinuePostLogin only');
    effects.methods.push(new URL(url).href);
  };
  const groups = {
    access: { deny: (reason: string) => void effects.denied.push(reason) },
    authentication: { recordMethod },
    idToken: claimSetter(effects.idToken),
    accessToken: claimSetter(effects.accessToken),
    refreshToken: {
      setMetadata: (name: string, value: unknown) =>
        void effects.refreshMetadata.set(name, checkMetadata(name, value, 255, 255)),
    },
    transaction: {
      setMetadata: (name: string, value: unknown) =>
        void effects.transactionMetadata.set(name, checkMetadata(name, value, 64, 8192)),
    },
    user: { setAppMetadata: (name: string, value: unknown) => void effects.appMetadata.set(name, value) },
    samlResponse: {
      setAttribute: (name: string, value: string | number | null) => void effects.attributes.set(name, value),
    },
    multifactor: { enable: (provider: string) => void effects.multifactor.push(provider) },
    redirect: {
      encodeToken: (options: { secret: string; payload: object; expiresInSeconds: number }) =>
        encode(event, options.secret, options.payload, options.expiresInSeconds, now()),
      sendUserTo: (url: string, options: { query: Record<string, string> }) => sendUserTo(effects, url, options.query),
      validateToken: ({ secret, tokenParameterName }: { secret: string; tokenParameterName: string }) =>
        validate(event, secret, { ...event.request.query, ...event.request.body }[tokenParameterName], now(), reading),
    },
  };
  const members = Object.entries(groups).map(([name, calls]) => [name, strict(`.${name}`, calls, faults)]);
  return strict('', Object.fromEntries(members), faults);
};
