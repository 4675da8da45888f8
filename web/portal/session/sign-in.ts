import { OidcClient, type RefreshState, type SigninResponse, WebStorageStateStore } from 'oidc-client-ts';
import { PORTAL_PAGE_PATH, type PortalConfig } from '../../../contract/api/portal/sign-in.ts';
import { currentDrafts, type Drafts, freezeDrafts, keepRestored } from './draft.ts';
import { forgetActivity, isIdle } from './idle.ts';

/** A whole day's work; then the person proves again who they are, whatever happened meanwhile. */
const ABSOLUTE_SECONDS = 12 * 3600;

/** Why nobody is signed in; each has its text. */
export type SignedOutReason = 'signed-out' | 'idle' | 'ended' | 'failed';

/** What travels through a sign-in, so that the person comes back to where they were. */
interface Journey {
  readonly path: string;
  readonly drafts: Drafts;
  /** True: an act asked for the sign-in, and waits on that page to be done. */
  readonly isForAct: boolean;
}

/**
 * Tokens live in memory alone. A browser store would hand them to whoever gets hold of the profile, and to a later person at
 * the same machine (T67, T71); the price is a short way round by the issuer when the page is reloaded. What is stored, in
 * this tab alone and until the issuer has answered, is what the answer is checked against: state, code verifier, and where
 * the person was. No request carries a cookie of ours, so that no other site can send one in the person's name (T66).
 */
const clientOf = ({ issuer, clientId, scope }: PortalConfig): OidcClient => {
  const page = new URL(PORTAL_PAGE_PATH, location.origin).href;
  return new OidcClient({
    authority: issuer,
    client_id: clientId,
    scope,
    redirect_uri: page,
    post_logout_redirect_uri: page,
    // The issuer then says when the person proved who they are; secrets and deletions ask for that.
    max_age: ABSOLUTE_SECONDS,
    filterProtocolClaims: false,
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
  });
};

const RENEW_BEFORE_SECONDS = 60;

const isAnswer = (query: URLSearchParams): boolean => query.has('state') && (query.has('code') || query.has('error'));

/** What the issuer said of the person, and its tokens. */
type User = Pick<SigninResponse, 'id_token' | 'refresh_token' | 'session_state' | 'profile'>;

const RENEWAL_SECONDS = 10;

/**
 * The person's session with the portal. The library's own UserManager would do the same and more (pop-ups, frames, stores), for
 * 7 kB of the first load.
 */
export class Session {
  readonly #client: OidcClient;
  #user: User | null = null;
  #renewing: Promise<User | null> | null = null;
  #isForAct = false;
  #isLeaving = false;

  constructor(config: PortalConfig) {
    this.#client = clientOf(config);
  }

  /**
   * Reads the issuer's answer where the address holds one, and takes it out of the address.
   * @returns where to go on; null: nobody is signed in yet
   * @throws Error if the issuer refused, or the answer is none to a question of this tab
   */
  async resume(): Promise<string | null> {
    if (!isAnswer(new URLSearchParams(location.search))) return null;
    const answer = location.href;
    history.replaceState(null, '', PORTAL_PAGE_PATH);
    const response = await this.#client.processSigninResponse(answer);
    this.#user = response;
    const { path, drafts, isForAct } = response.userState as Journey;
    keepRestored(path, drafts);
    this.#isForAct = isForAct;
    return path;
  }

  /** True: the person signed in again for an act, which they can do now. */
  get isForAct(): boolean {
    return this.#isForAct;
  }

  /** True on the way to the issuer: what is typed comes back with the person. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /**
   * Leaves for the issuer; the person comes back to the same page.
   * @param why `act`: an act asks for a recent sign-in, so that the issuer asks for the password again, as after a session `anew`
   */
  async signIn(why: 'start' | 'anew' | 'act'): Promise<void> {
    const { pathname, search, hash } = location;
    const path = `/${pathname.slice(PORTAL_PAGE_PATH.length)}${search}${hash}`;
    const state: Journey = { path, drafts: currentDrafts(), isForAct: why === 'act' };
    const request = { state, request_type: 'si:r', ...(why !== 'start' || isIdle() ? { prompt: 'login' } : {}) };
    const { url } = await this.#client.createSigninRequest(request);
    this.#isLeaving = true;
    location.assign(url);
  }

  /** When the person has to prove again who they are, epoch milliseconds. */
  get endsAt(): number {
    const { auth_time, iat = 0 } = this.#user?.profile ?? {};
    return (Number(auth_time ?? iat) + ABSOLUTE_SECONDS) * 1000;
  }

  /** The ID token for the API, renewed where the issuer allows it; null: the session has ended. */
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

  /** Null: the issuer gave no means to renew, or refused. */
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
    // biome-ignore lint/correctness/useHookAtTopLevel: a method of the library, no hook of React.
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
