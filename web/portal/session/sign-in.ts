import { InMemoryWebStorage, type User, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import { PORTAL_PAGE_PATH, type PortalConfig } from '../../../contract/api/portal/sign-in.ts';
import { currentDraft, freezeDraft, keepRestored } from './draft.ts';
import { forgetActivity, isIdle } from './idle.ts';

/** A whole day's work; then the person proves again who they are, whatever happened meanwhile. */
export const ABSOLUTE_SECONDS = 12 * 3600;

/** Why nobody is signed in; each has its text. */
export type SignedOutReason = 'signed-out' | 'idle' | 'ended' | 'failed';

/** What travels through a sign-in, so that the person comes back to where they were. */
interface Journey {
  readonly path: string;
  readonly draft: unknown;
}

/**
 * Tokens live in memory alone. A browser store would hand them to whoever gets hold of the profile, and to a later person at
 * the same machine (T67, T71); the price is a short way round by the issuer when the page is reloaded. What is stored, in
 * this tab alone and until the issuer has answered, is what the answer is checked against: state, code verifier, and where
 * the person was. No request carries a cookie of ours, so that no other site can send one in the person's name (T66).
 */
const managerOf = ({ issuer, clientId, scope }: PortalConfig): UserManager => {
  const page = new URL(PORTAL_PAGE_PATH, location.origin).href;
  return new UserManager({
    authority: issuer,
    client_id: clientId,
    scope,
    redirect_uri: page,
    post_logout_redirect_uri: page,
    // The issuer then says when the person proved who they are; secrets and deletions ask for that.
    max_age: ABSOLUTE_SECONDS,
    filterProtocolClaims: false,
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
    automaticSilentRenew: false,
    monitorSession: false,
  });
};

const RENEW_BEFORE_SECONDS = 60;

const isAnswer = (query: URLSearchParams): boolean => query.has('state') && (query.has('code') || query.has('error'));

/** The person's session with the portal. */
export class Session {
  readonly #manager: UserManager;
  #user: User | null = null;
  #renewing: Promise<User | null> | null = null;

  constructor(config: PortalConfig) {
    this.#manager = managerOf(config);
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
    this.#user = await this.#manager.signinRedirectCallback(answer);
    const { path, draft } = this.#user.state as Journey;
    keepRestored(path, draft);
    return path;
  }

  /** Leaves for the issuer; the person comes back to the same page. `anew`: the issuer asks for the password again. */
  async signIn(anew: boolean): Promise<void> {
    const { pathname, search, hash } = location;
    const path = `/${pathname.slice(PORTAL_PAGE_PATH.length)}${search}${hash}`;
    const state: Journey = { path, draft: currentDraft() };
    await this.#manager.signinRedirect({ state, ...(anew || isIdle() ? { prompt: 'login' } : {}) });
  }

  /** The ID token for the API, renewed where the issuer allows it; null: the session has ended. */
  async token(): Promise<string | null> {
    const now = Date.now() / 1000;
    const startedAt = Number(this.#user?.profile.auth_time ?? this.#user?.profile.iat ?? 0);
    if (this.#user === null || now - startedAt > ABSOLUTE_SECONDS) return null;
    if (this.#user.profile.exp - now > RENEW_BEFORE_SECONDS) return this.#user.id_token ?? null;
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null;
    });
    this.#user = await this.#renewing;
    return this.#user?.id_token ?? null;
  }

  /** Forgets the tokens; the page shows why. */
  forget(): void {
    freezeDraft();
    this.#user = null;
    void this.#manager.removeUser();
  }

  /** Ends the session here and at the issuer. */
  async signOut(): Promise<void> {
    const { client_id, post_logout_redirect_uri = '' } = this.#manager.settings;
    forgetActivity();
    // The second pair of names is Cognito's own (LOGOUT endpoint, Cognito developer guide).
    await this.#manager.signoutRedirect({ extraQueryParams: { client_id, logout_uri: post_logout_redirect_uri } });
  }

  async #renew(): Promise<User | null> {
    // Without a refresh token the library would try a hidden frame, which the page's policy forbids.
    if (this.#user?.refresh_token === undefined) return null;
    return this.#manager.signinSilent().catch(() => null);
  }
}
