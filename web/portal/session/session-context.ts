import { createContext, useContext } from 'react';
import type { PortalApi } from '../api/client.ts';
import type { Ending } from './use-ending.ts';

/** What a signed-in page knows of its session. */
export interface SignedIn {
  readonly api: PortalApi;
  readonly signOut: () => void;
  /** Why and when the session ends soon; null: it does not. */
  readonly ending: Ending | null;
  /**
   * Leaves for the issuer, which asks for the password again; the person comes back to the same page.
   * @param why `act`: an act asks for a recent sign-in and waits on the page
   */
  readonly signInAgain: (why: 'anew' | 'act') => void;
  /** True: the person has signed in again for an act, which they can do now. */
  readonly isBackForAct: boolean;
  /** True while the page leaves for the issuer: what is typed comes back. */
  readonly isLeaving: () => boolean;
}

export const SessionContext = createContext<SignedIn | null>(null);

export const useSignedIn = (): SignedIn => {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('only while signed in');
  return session;
};
