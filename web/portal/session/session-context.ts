import { createContext, useContext } from 'react';
import type { PortalApi } from '../api/client.ts';
import type { Ending } from './use-ending.ts';

/** What a signed-in page knows of its session. */
export interface SignedIn {
  readonly api: PortalApi;
  readonly signOut: () => void;
  /** Why and when the session ends soon; null: it does not. */
  readonly ending: Ending | null;
  /** Leaves for the issuer, which asks for the password again; the person comes back to the same page. */
  readonly signInAgain: () => void;
}

export const SessionContext = createContext<SignedIn | null>(null);

export const useSignedIn = (): SignedIn => {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('only while signed in');
  return session;
};
