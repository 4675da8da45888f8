import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const COOKIE = 'local_tenant_browser';

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();

const tokenIn = (cookieHeader: string | undefined): string =>
  cookieHeader
    ?.split(/;\s*/)
    .find((cookie) => cookie.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1) ?? '';

/**
 * Binds every step of a login to the browser that started it, with several logins in parallel. Like Auth0's session cookie, this one
 * is `SameSite=None; Secure`, since the answer to a redirect is posted from another site. Browsers treat `http://*.localhost` as secure.
 */
export class BrowserBinding {
  /** Hash of the browser's token by interaction. */
  readonly #starters = new Map<string, Buffer>();

  /** Binds an interaction; returns a `Set-Cookie` value for a browser that had none, otherwise null. */
  bind(interactionUid: string, cookieHeader: string | undefined): string | null {
    const known = tokenIn(cookieHeader);
    const token = known === '' ? randomBytes(32).toString('base64url') : known;
    this.#starters.set(interactionUid, hash(token));
    return known === '' ? `${COOKIE}=${token}; Path=/; HttpOnly; Secure; SameSite=None` : null;
  }

  /** True if the interaction was started in the browser that sends these cookies. */
  isStarter(interactionUid: string, cookieHeader: string | undefined): boolean {
    const starter = this.#starters.get(interactionUid);
    return starter !== undefined && timingSafeEqual(starter, hash(tokenIn(cookieHeader)));
  }

  /** Removes an interaction that has ended. */
  release(interactionUid: string): void {
    this.#starters.delete(interactionUid);
  }
}
