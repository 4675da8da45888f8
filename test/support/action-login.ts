import { deriveSessionKeys } from '../../contract/protocol/derive-keys.ts';
import {
  type BuiltAction,
  createApi,
  type Effects,
  newEffects,
  type RunnerEvent,
  type ValidatorReading,
} from './action-runner.ts';
import { AUTH0_HEADER, rawToken } from './raw-token.ts';
import { honestResult } from './result-claims.ts';

/** Time of the frozen clock in the Action's tests: 2030-03-17 17:46:40 UTC. */
export const NOW = 1_900_000_000;
export const INTEGRATION = 'int_aaaaaaaaaaaaaaaaaaaa';
export const SECRET = Buffer.alloc(32, 7).toString('base64url');
export const OTHER_SECRET = Buffer.alloc(32, 8).toString('base64url');
export const HOST = 'tenant.eu.auth0.com';
export const NAMESPACE = 'https://authid.ai/claims/';
export const STATE = 'hKFo2SB5-state';
export const SETTINGS = {
  INTEGRATION_ID: INTEGRATION,
  SESSION_SECRET: SECRET,
  CAPTURE_URL: 'https://verify.example.com',
};

/** What differs from a plain password login in a browser; `undefined` removes a member. */
export interface LoginChange {
  readonly secrets?: Readonly<Record<string, unknown>>;
  readonly configuration?: object;
  readonly transaction?: object | undefined;
  readonly request?: object;
  readonly user?: object;
  readonly client?: object;
  readonly authentication?: object | undefined;
  readonly refresh_token?: object;
  readonly organization?: object;
  readonly authorization?: object;
  /** Calls of the api that throw, e.g. `authentication.recordMethod`. */
  readonly faults?: readonly string[];
  /** How much Auth0's closed validator checks; `strict` by default. */
  readonly reading?: ValidatorReading;
}

const merge = (plain: object, change: object | undefined, isGiven: boolean): object | undefined =>
  isGiven && change === undefined ? undefined : { ...plain, ...change };

/** One login of one user at one app, from `/authorize` to `/continue`, at a tenant that runs only the built Action. */
export class ActionLogin {
  readonly effects: Effects = newEffects();
  readonly #action: BuiltAction;
  readonly #change: LoginChange;

  constructor(action: BuiltAction, change: LoginChange = {}) {
    this.#action = action;
    this.#change = change;
  }

  /** The event that the next run will see. */
  event(request: object = {}): RunnerEvent {
    const { transaction, user, client, authentication, refresh_token, secrets, configuration } = this.#change;
    const { organization, authorization } = this.#change;
    const metadata = Object.fromEntries(this.effects.transactionMetadata);
    const plain = { id: 'tx-1', protocol: 'oidc-basic-profile', acr_values: [], ui_locales: ['de-AT'], metadata };
    const login = merge(plain, transaction, 'transaction' in this.#change);
    const methods = merge({ methods: [] }, authentication, 'authentication' in this.#change);
    return {
      request: { hostname: HOST, ip: '203.0.113.7', query: {}, body: {}, ...this.#change.request, ...request },
      ...(login === undefined ? {} : { transaction: login }),
      ...(methods === undefined ? {} : { authentication: methods }),
      ...(refresh_token === undefined ? {} : { refresh_token }),
      user: { user_id: 'auth0|alice', email: 'alice@example.com', email_verified: true, name: 'Alice Ash', ...user },
      client: { client_id: 'bank', name: 'Harbour Bank', ...client },
      secrets: { ...SETTINGS, ...secrets },
      ...(configuration === undefined ? {} : { configuration }),
      ...(organization === undefined ? {} : { organization }),
      ...(authorization === undefined ? {} : { authorization }),
    } as RunnerEvent;
  }

  async execute(): Promise<this> {
    const event = this.event();
    const api = createApi(event, this.effects, false, new Set(this.#change.faults));
    await this.#action.onExecutePostLogin(structuredClone(event), api);
    return this;
  }

  /** Runs `/continue` with this request, e.g. `{ query: { state }, body: { result_token } }`. */
  async resume(request: object): Promise<this> {
    const event = this.event(request);
    const api = createApi(event, this.effects, true, new Set(this.#change.faults), this.#change.reading);
    await this.#action.onContinuePostLogin(structuredClone(event), api);
    return this;
  }

  /** Runs `/continue` with a token in the body and the state in the query, as the service's return page sends it. */
  answer(token: unknown, state: unknown = STATE): Promise<this> {
    return this.resume({ method: 'POST', query: { state }, body: { result_token: token } });
  }

  /** The session token in the redirect. */
  get sessionToken(): string {
    return new URL(this.effects.redirects.at(-1) ?? '').searchParams.get('session_token') ?? '';
  }

  /** Its claims, unverified. */
  get sessionClaims(): Record<string, unknown> {
    return JSON.parse(Buffer.from(this.sessionToken.split('.')[1] ?? '', 'base64url').toString('utf8'));
  }

  /** The claims of an honest success for this login; `undefined` in `change` removes a claim. */
  resultClaims(change: object = {}): Record<string, unknown> {
    const now = Math.floor(Date.now() / 1000);
    return { ...honestResult(this.sessionClaims, STATE, INTEGRATION, now), ...change };
  }

  resultToken(change: object = {}, secret: string = SECRET): string {
    const { result } = deriveSessionKeys(secret, INTEGRATION);
    return rawToken(AUTH0_HEADER, JSON.stringify(this.resultClaims(change)), result);
  }

  /** `passed` only if nothing was denied, a method was recorded and both tokens carry the claim. */
  get verdict(): 'passed' | 'denied' | 'unclear' {
    const { denied, methods, idToken, accessToken } = this.effects;
    const amr = [idToken.get(`${NAMESPACE}amr`), accessToken.get(`${NAMESPACE}amr`)];
    if (denied.length === 0 && methods.length === 1 && amr.every((value) => value === 'MFA')) return 'passed';
    return denied.length > 0 && methods.length === 0 && amr.every((value) => value !== 'MFA') ? 'denied' : 'unclear';
  }

  /** The stable code of the only denial, or null. */
  get denyCode(): string | null {
    if (this.effects.denied.length > 1) throw new Error('denied twice');
    return this.effects.denied[0]?.split(':')[0] ?? null;
  }
}
