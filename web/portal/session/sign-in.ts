import { OidcClient, type RefreshState, type SigninResponse, WebStorageStateStore } from 'oidc-client-ts';
import { PORTAL_PAGE_PATH, type PortalConfig } from '../../../contract/api/portal/sign-in.ts';
import { currentDrafts, type Drafts, freezeDrafts, keepRestored } from './draft.ts';
import { forgetActivity, isIdle } from './idle.ts';

/** A working day; then the operator has to sign in again, regardless of activity. */
const ABSOLUTE_SECONDS = 12 * 3600;

/** Why nobody is signed in; each reason has its text. */
export type SignedOutReason = 'signed-out' | 'idle' | 'ended' | 'failed';

/** State that travels through a sign-in, so that the operator comes back to the same place. */
interface Journey {
  readonly path: string;
  readonly drafts: Drafts;
  /** True: an action on that page required the sign-in. */
  readonly isForAction: boolean;
}

/**
 * Tokens are only in memory. A browser store would expose them to whoever gets hold of the profile, and to the next person at
 * the same machine (T67, T71); the price is a short redirect through the issuer when the page is reloaded. Stored, only in
 * this tab and until the issuer has answered, are the values that the answer is checked against (state, code verifier) and where
 * the operator was. No request carries a cookie of the service, so that no other site can send one in the operator's name (T66).
 */
const clientOf = ({ issuer, clientId, scope }: PortalConfig): OidcClient => {
  const page = new URL(PORTAL_PAGE_PATH, location.origin).href;
  return new OidcClient({
    authority: issuer,
    client_id: clientId,
    scope,
    redirect_uri: page,
    post_logout_redirect_uri: page,
    // The issuer then says when the operator authenticated, which secrets and deletions require.
    max_age: ABSOLUTE_SECONDS,
    filterProtocolClaims: false,
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
  });
};

const RENEW_BEFORE_SECONDS = 60;

const isAnswer = (query: URLSearchParams): boolean => query.has('state') && (query.has('code') || query.has('error'));

/** The issuer's claims about the operator, and its tokens. */
type User = Pick<SigninResponse, 'id_token' | 'refresh_token' | 'session_state' | 'profile'>;

const RENEWAL_SECONDS = 10;

/**
 * The operator's session with the portal. The library's own UserManager would do the same and more (pop-ups, frames, stores), for
 * 7 kB of the first load.
 */
export class Session {
  readonly #client: OidcClient;
  #user: User | null = null;
  #renewing: Promise<User | null> | null = null;
  #isForAction = false;
  #isLeaving = false;

  constructor(config: PortalConfig) {
    this.#client = clientOf(config);
  }

  /**
   * Reads the issuer's answer if the address contains one, and removes it from the address.
   * @returns where to continue; null: nobody is signed in yet
   * @throws Error if the issuer refused, or the answer does not belong to a request of this tab
   */
  async resume(): Promise<string | null> {
    if (!isAnswer(new URLSearchParams(location.search))) return null;
    const answer = location.href;
    history.replaceState(null, '', PORTAL_PAGE_PATH);
    const response = await this.#client.processSigninResponse(answer);
    this.#user = response;
    const { path, drafts, isForAction } = response.userState as Journey;
    keepRestored(path, drafts);
    this.#isForAction = isForAction;
    return path;
  }

  /** True: the operator has signed in again for an action, which is now possible. */
  get isForAction(): boolean {
    return this.#isForAction;
  }

  /** True on the way to the issuer: typed values come back after the sign-in. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /**
   * Goes to the issuer; the operator comes back to the same page.
   * @param why `action`: an action requires a recent sign-in; `expired`: the session ended. Both make the issuer ask for the password
   */
  async signIn(why: 'start' | 'expired' | 'action'): Promise<void> {
    const { pathname, search, hash } = location;
    const path = `/${pathname.slice(PORTAL_PAGE_PATH.length)}${search}${hash}`;
    const state: Journey = { path, drafts: currentDrafts(), isForAction: why === 'action' };
    const request = { state, request_type: 'si:r', ...(why !== 'start' || isIdle() ? { prompt: 'login' } : {}) };
    const { url } = await this.#client.createSigninRequest(request);
    this.#isLeaving = true;
    location.assign(url);
  }

  /** When the operator has to sign in again, epoch milliseconds. */
  get endsAt(): number {
    const { auth_time, iat = 0 } = this.#user?.profile ?? {};
    return (Number(auth_time ?? iat) + ABSOLUTE_SECONDS) * 1000;
  }

  /** The ID token for the API, renewed if the issuer allows it; null: the session has ended. */
  async token(): Promise<string | null> {
    const now = Date.now() / 1000;
    if (this.#user === null || now * 1000 > this.endsAt) return null;
    if (this.#user.profile.exp - now > RENEW_BEFORE_SECONDS) return this.#user.id_token ?? null;
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null;
    });
    this.#user = await this.#renewing;
    return this.#user?.id_token ?? null;
  }

  /** Forgets the tokens; the page shows why. */
  forget(): void {
    freezeDrafts();
    this.#user = null;
  }

  /** Ends the session here and at the issuer. */
  async signOut(): Promise<void> {
    const { client_id, post_logout_redirect_uri = '' } = this.#client.settings;
    const hint = this.#user?.id_token;
    forgetActivity();
    // The second pair of names is Cognito's own (LOGOUT endpoint, Cognito developer guide).
    const extraQueryParams = { client_id, logout_uri: post_logout_redirect_uri };
    const request = { request_type: 'so:r', extraQueryParams, ...(hint === undefined ? {} : { id_token_hint: hint }) };
    const { url } = await this.#client.createSignoutRequest(request);
    location.assign(url);
  }

  /** Null: the issuer gave no refresh token, or refused. */
  async #renew(): Promise<User | null> {
    const before = this.#user;
    if (before?.refresh_token === undefined) return null;
    const { refresh_token, id_token, session_state, profile } = before;
    const state: RefreshState = {
      refresh_token,
      session_state,
      profile,
      ...(id_token === undefined ? {} : { id_token }),
    };
    // biome-ignore lint/correctness/useHookAtTopLevel: a method of the library, not a React hook.
    const renewed = await this.#client.useRefreshToken({ state, timeoutInSeconds: RENEWAL_SECONDS }).catch(() => null);
    if (renewed === null) return null;
    return {
      profile: renewed.profile,
      session_state: renewed.session_state,
      refresh_token: renewed.refresh_token ?? refresh_token,
      ...(renewed.id_token === undefined ? {} : { id_token: renewed.id_token }),
    };
  }
}
