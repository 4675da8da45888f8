import { createContext, useContext } from 'react';
import type { PortalApi } from '../api/client.ts';
import type { Ending } from './use-ending.ts';

/** The session, as a signed-in page sees it. */
export interface SignedIn {
  readonly api: PortalApi;
  readonly signOut: () => void;
  /** Why and when the session ends soon; null: it does not. */
  readonly ending: Ending | null;
  /**
   * Goes to the issuer, which asks for the password again; the operator comes back to the same page.
   * @param why `action`: an action requires a recent sign-in and is repeated on the page afterwards
   */
  readonly signInAgain: (why: 'expired' | 'action') => void;
  /** True: the operator has signed in again for an action, which is now possible. */
  readonly isBackForAction: boolean;
  /** True while the page goes to the issuer: typed values come back. */
  readonly isLeaving: () => boolean;
}

export const SessionContext = createContext<SignedIn | null>(null);

export const useSignedIn = (): SignedIn => {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('only while signed in');
  return session;
};
