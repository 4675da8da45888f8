import { PORTAL_PAGE_PATH } from '../../../contract/api/portal/sign-in.ts';
import { readConfig } from '../api/config.ts';
import { Session, type SignedOutReason } from './sign-in.ts';

/** State of the page's sign-in. */
export type SessionState =
  | { readonly name: 'starting' }
  | { readonly name: 'out'; readonly reason: SignedOutReason; readonly session: Session | null }
  | { readonly name: 'in'; readonly session: Session };

/** The portal's path without its last slash, as routers require. */
export const BASE = PORTAL_PAGE_PATH.slice(0, -1);

/**
 * Reads where to sign in, then accepts the issuer's answer or goes to the issuer. Once per page load, since an answer of the issuer
 * can be read only once.
 */
export const startSession = async (): Promise<SessionState> => {
  let session: Session | null = null;
  try {
    session = new Session(await readConfig());
    const path = await session.resume();
    if (path === null) {
      await session.signIn('start');
      return { name: 'starting' };
    }
    history.replaceState(null, '', `${BASE}${path}`);
    return { name: 'in', session };
  } catch {
    return { name: 'out', reason: 'failed', session };
  }
};
